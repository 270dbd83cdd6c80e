"""Erased candidates, listed before anything of them is erased, with the receipt of the erasure; the recoveries' lock.

Each listing is a new generation of the list. What depends on the list names the generation it saw, and is refused if
there is a newer one (see `stats.count`).
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from jobchange import times
from jobchange.errors import NotFound
from jobchange.store import conditions, retries
from jobchange.store.tables import SuppressionRow
from jobchange.suppression import Suppressed

CANDIDATE, STATE, LOCK = "candidate", "state", "lock"
_ONLY = "#"


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """How far the erasure of a candidate is. `erased` counts by place; `waiting` are files that are being validated at
    this moment and will be looked at afterwards; `backups` says what else holds the data, and until when."""

    hash: str
    suppressed_at: str
    completed_at: str | None
    waiting: int
    erased: dict[str, int]
    backups: dict[str, Any]


def load() -> Suppressed:
    """The list as it is now."""
    try:
        state = SuppressionRow.get(STATE, _ONLY, consistent_read=True)
    except SuppressionRow.DoesNotExist:
        return Suppressed()
    rows = list(SuppressionRow.query(CANDIDATE, consistent_read=True))
    return Suppressed(
        salt=bytes.fromhex(state.salt),
        # The rows were read after the state: they hold all that its generation counts, and perhaps more.
        generation=int(state.generation),
        since={row.hash: int(row.generation) for row in rows},
        buckets=frozenset(int(row.bucket) for row in rows),
    )


def suppress(identifier: int) -> str:
    """List a candidate, once however often it is said; returns the hash."""
    for _ in retries.attempts():
        now = load()
        new = Suppressed(now.salt or secrets.token_bytes(32), now.generation + 1)
        hash_ = new.hash(identifier)
        if hash_ in now.since:
            return hash_
        row = SuppressionRow(
            CANDIDATE,
            hash_,
            generation=new.generation,
            bucket=new.bucket(identifier),
            suppressed_at=times.now(),
            erased={},
        )
        try:
            with TransactWrite(connection=SuppressionRow._get_connection().connection) as transaction:
                transaction.save(row, condition=SuppressionRow.kind.does_not_exist())
                transaction.save(
                    SuppressionRow(STATE, _ONLY, generation=new.generation, salt=new.salt.hex()),
                    condition=unchanged(now.generation),
                )
        except TransactWriteError as error:
            if not conditions.codes(error) & {*retries.BUSY, "ConditionalCheckFailed"}:
                raise
        else:
            return hash_
    raise TimeoutError("The table of suppressions stayed busy.")


def unchanged(generation: int) -> Condition:
    """That the list's state still is of this generation."""
    if not generation:
        return SuppressionRow.kind.does_not_exist()
    return SuppressionRow.generation == generation


def state() -> tuple[type[SuppressionRow], str, str]:
    """Model and key of the list's state, for a transaction that checks it."""
    return SuppressionRow, STATE, _ONLY


def restart(hash_: str) -> None:
    """An erasure is asked for, perhaps again: it is complete when everything has been looked at once more."""
    SuppressionRow(CANDIDATE, hash_).update([SuppressionRow.completed_at.remove()])


def erasure(hash_: str) -> Erasure:
    """How far an erasure is. Raises NotFound."""
    try:
        row = SuppressionRow.get(CANDIDATE, hash_, consistent_read=True)
    except SuppressionRow.DoesNotExist:
        raise NotFound("Nobody asked for this candidate to be erased.") from None
    return Erasure(
        hash=hash_,
        suppressed_at=row.suppressed_at,
        completed_at=row.completed_at,
        waiting=int(row.waiting or 0),
        erased=row.erased or {},
        backups=row.backups or {},
    )


def add_erased(hash_: str, erased: Mapping[str, int]) -> None:
    """Add to what a receipt says was erased. Only whoever holds the lock may."""
    row = SuppressionRow.get(CANDIDATE, hash_, consistent_read=True)
    before: dict[str, int] = row.erased or {}
    sums = {place: before.get(place, 0) + erased.get(place, 0) for place in {**before, **erased}}
    row.update([SuppressionRow.erased.set(sums)])


def note(hash_: str, *, waiting: int) -> None:
    """Say how many files have to be waited for."""
    SuppressionRow(CANDIDATE, hash_).update([SuppressionRow.waiting.set(waiting)])


def complete(hash_: str, *, backups: Mapping[str, Any]) -> None:
    """Complete a receipt."""
    SuppressionRow(CANDIDATE, hash_).update(
        [
            SuppressionRow.waiting.set(0),
            SuppressionRow.completed_at.set(times.now()),
            SuppressionRow.backups.set(dict(backups)),
        ]
    )


class Taken(Exception):
    """Another recovery is at work."""


@contextmanager
def alone(seconds: int) -> Iterator[None]:
    """Hold the lock of the recoveries. Raises Taken when somebody has it. Who was killed with it has it for `seconds`:
    as long as a message that was not finished stays hidden, so that nobody waits for longer than for that."""
    holder = secrets.token_hex(8)
    until = times.text(datetime.now(UTC) + timedelta(seconds=seconds))
    row = SuppressionRow(LOCK, _ONLY)
    free = SuppressionRow.kind.does_not_exist() | (SuppressionRow.until < times.now())
    if not conditions.update(row, [SuppressionRow.holder.set(holder), SuppressionRow.until.set(until)], free):
        raise Taken
    try:
        yield
    finally:
        conditions.held(lambda: row.delete(condition=SuppressionRow.holder == holder))


def backups(tables: Sequence[str]) -> dict[str, Any]:
    """For each table with point-in-time recovery, until when (RFC 3339) it can be set back to what was deleted now."""
    client = SuppressionRow._get_connection().connection.client
    held: dict[str, Any] = {}
    for table in tables:
        described = client.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
        recovery = described.get("PointInTimeRecoveryDescription", {})
        if recovery.get("PointInTimeRecoveryStatus") == "ENABLED":
            days = recovery.get("RecoveryPeriodInDays", 35)
            held[table] = times.text(datetime.now(UTC) + timedelta(days=days))
    return held
