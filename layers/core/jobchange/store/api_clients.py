"""The clients that hold a token, found by the token's hash."""

from collections.abc import Iterator
from dataclasses import dataclass

from jobchange.store.tables import AccessRow


@dataclass(frozen=True, kw_only=True)
class Client:
    """`expires` is in whole seconds since 1970; None: never."""

    token_hash: str
    name: str
    role: str
    source: str
    created_at: str
    expires: int | None


def put(client: Client) -> None:
    AccessRow(**vars(client)).save()


def get(token_hash: str) -> Client | None:
    try:
        return _client(AccessRow.get(token_hash))
    except AccessRow.DoesNotExist:
        return None


def delete(token_hash: str) -> None:
    AccessRow(token_hash).delete()


def list_clients() -> Iterator[Client]:
    """All clients, in no order. A scan: there are a few dozen, and only operators ask."""
    return (_client(row) for row in AccessRow.scan())


def _client(row: AccessRow) -> Client:
    return Client(
        token_hash=row.token_hash,
        name=row.name,
        role=row.role,
        source=row.source,
        created_at=row.created_at,
        expires=None if row.expires is None else int(row.expires),
    )
