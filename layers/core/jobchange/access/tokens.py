"""Who may call, and as what. A token is shown once, when it is issued; only its hash is kept."""

import hashlib
import secrets
import time
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import cast

from jobchange import times
from jobchange.errors import Forbidden, NotFound, Unauthorized, Unprocessable
from jobchange.store import api_clients
from jobchange.store.api_clients import Client
from jobchange.store.prediction_keys import Source

PREFIX = "jc_"
"""Lets people and secret scanners recognise a token."""
SOURCES: tuple[Source, ...] = ("webapp", "api")
"""Where a client's predictions may come from; the third source, the schedule, has no token."""
MAX_DAYS = 3650
_MAX_NAME = 64
_LONGEST = 100
_CACHE_SECONDS = 60
_REFUSED = "The token is missing, unknown or expired. Ask for a new one."


class Role(StrEnum):
    USER = "user"
    OPERATOR = "operator"
    """May do all that a user may, and run the system."""


@dataclass(frozen=True)
class Access:
    """A client that has shown a valid token."""

    name: str
    role: Role
    source: Source

    def require(self, role: Role) -> None:
        """Raises Forbidden unless the client has this role or a higher one."""
        if role is Role.OPERATOR and self.role is not Role.OPERATOR:
            raise Forbidden("This needs an operator's token. Ask an operator for one.")


def issue(name: str, role: str, source: str, days: int) -> str:
    """A new token for a client, good for `days` days. Raises Unprocessable when an argument isn't as it should be."""
    if not (0 < len(name) <= _MAX_NAME and name.isprintable() and name.strip() == name):
        raise Unprocessable(f"A client's name has 1 to {_MAX_NAME} printable characters, as in: make token NAME=client")
    if role not in tuple(Role):
        raise Unprocessable(f"The role must be one of: {', '.join(Role)}.")
    if source not in SOURCES:
        raise Unprocessable(f"The source must be one of: {', '.join(SOURCES)}.")
    if not 0 < days <= MAX_DAYS:
        raise Unprocessable(f"A token is good for 1 to {MAX_DAYS} days.")
    token = PREFIX + secrets.token_urlsafe(32)
    api_clients.put(
        Client(
            token_hash=_hash(token),
            name=name,
            role=role,
            source=source,
            created_at=times.now(),
            expires=int(time.time()) + days * 86_400,
        )
    )
    return token


def verify(token: str) -> Access:
    """The client a token belongs to. Raises Unauthorized for one that is unknown, revoked or expired.

    A client is remembered for a minute at most, so a revoked token works no longer than that. Tokens are compared as
    hashes, by looking one up: the time it takes doesn't show how much of a guess is right.
    """
    if len(token) > _LONGEST:
        raise Unauthorized(_REFUSED)
    client = _known(_hash(token), int(time.monotonic() // _CACHE_SECONDS))
    if client.expires is not None and client.expires <= time.time():
        raise Unauthorized(_REFUSED)
    return Access(client.name, Role(client.role), cast("Source", client.source))


def revoke(name: str) -> int:
    """Revoke every token of a client; returns how many there were. Raises NotFound when there was none."""
    found = [client for client in api_clients.list_clients() if client.name == name]
    if not found:
        raise NotFound(f"No client is called {name!r}. To list the clients: make tokens")
    for client in found:
        api_clients.delete(client.token_hash)
    return len(found)


def listing() -> list[Client]:
    """Every client with a token, by name; expired ones too, until they are swept."""
    return sorted(api_clients.list_clients(), key=lambda client: (client.name, client.created_at))


@lru_cache(maxsize=1024)
def _known(token_hash: str, minute: int) -> Client:  # noqa: ARG001
    client = api_clients.get(token_hash)
    if client is None:
        # Raised rather than returned, so that it isn't remembered: the token may have been issued this second.
        raise Unauthorized(_REFUSED)
    return client


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
