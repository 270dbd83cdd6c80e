"""The records of model versions, and the one item that says which of them is champion, challenger and previous."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from jobchange import times
from jobchange.errors import Conflict, NotFound
from jobchange.store.tables import ModelRow

_ALIASES = "ALIASES"


@dataclass(frozen=True, kw_only=True)
class ModelRecord:
    """One registered version: when it was trained, how good it is, the SHA-256 of its files by name, its promotion."""

    version: str
    created_at: str
    metrics: Mapping[str, float]
    checksums: Mapping[str, str]
    promoted_at: str | None = None
    promoted_by: str | None = None


@dataclass(frozen=True)
class Aliases:
    """The versions that have a part to play, each if there is one."""

    champion: str | None = None
    challenger: str | None = None
    previous: str | None = None


def add(record: ModelRecord) -> None:
    """Write the record of a new version. A version that is recorded already stays as it is."""
    row = ModelRow(
        record.version,
        created_at=record.created_at,
        metrics=dict(record.metrics),
        checksums=dict(record.checksums),
    )
    try:
        row.save(ModelRow.version.does_not_exist())
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise


def get(version: str) -> ModelRecord:
    """Raises NotFound."""
    try:
        row = ModelRow.get(version, consistent_read=True)
    except ModelRow.DoesNotExist:
        row = None
    if row is None or version == _ALIASES:
        raise NotFound(f"There is no model {version}.")
    return _record(row)


def newest_first() -> list[ModelRecord]:
    """All versions. The table holds little else, so it is scanned."""
    rows = [row for row in ModelRow.scan(consistent_read=True) if row.version != _ALIASES]
    return sorted(map(_record, rows), key=lambda record: record.version, reverse=True)


def aliases() -> Aliases:
    """A consistent read of one item."""
    try:
        row = ModelRow.get(_ALIASES, consistent_read=True)
    except ModelRow.DoesNotExist:
        return Aliases()
    return Aliases(row.champion, row.challenger, row.previous)


def move_aliases(old: Aliases, new: Aliases, *, by: str) -> None:
    """Put `new` in place of `old` and note in the champion's record who promoted it, both or neither.

    Raises Conflict when the aliases are no longer `old` or the new champion has no record.
    """
    names = ("champion", "challenger", "previous")
    moves: list[Action] = []
    unmoved: Any = None
    for name in names:
        attribute, before, after = getattr(ModelRow, name), getattr(old, name), getattr(new, name)
        moves.append(attribute.set(after) if after else attribute.remove())
        still = attribute == before if before else attribute.does_not_exist()
        unmoved = still if unmoved is None else unmoved & still
    promotion: list[Action] = [ModelRow.promoted_at.set(times.now()), ModelRow.promoted_by.set(by)]
    try:
        with TransactWrite(connection=_connection()) as transaction:
            transaction.update(ModelRow(_ALIASES), moves, condition=unmoved)
            transaction.update(ModelRow(new.champion), promotion, condition=ModelRow.version.exists())
    except TransactWriteError as error:
        if error.cause_response_code != "TransactionCanceledException":
            raise
        raise Conflict("Somebody else promoted a model at the same time. Look at the models and try again.") from None


def _connection() -> Connection:
    connection: Connection = ModelRow._get_connection().connection
    return connection


def _record(row: ModelRow) -> ModelRecord:
    return ModelRecord(
        version=row.version,
        created_at=row.created_at,
        metrics=row.metrics,
        checksums=row.checksums,
        promoted_at=row.promoted_at,
        promoted_by=row.promoted_by,
    )
