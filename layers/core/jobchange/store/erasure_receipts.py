"""How far the erasure of each candidate is, and what else still holds the data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from jobchange import times
from jobchange.errors import NotFound
from jobchange.store.suppression_list import CANDIDATE
from jobchange.store.tables import SuppressionRow


@dataclass(frozen=True, kw_only=True)
class ErasureReceipt:
    """How far the erasure of a candidate is. `erased` counts by place; `waiting` are files that are being validated at
    this moment and will be looked at afterwards; `backups` says what else holds the data, and until when."""

    hash: str
    suppressed_at: str
    completed_at: str | None
    waiting: int
    erased: dict[str, int]
    backups: dict[str, Any]


def restart(hash_: str) -> None:
    """An erasure is requested, perhaps again: it is complete when everything has been looked at once more."""
    SuppressionRow(CANDIDATE, hash_).update([SuppressionRow.completed_at.remove()])


def get(hash_: str) -> ErasureReceipt:
    """How far an erasure is. Raises NotFound."""
    try:
        row = SuppressionRow.get(CANDIDATE, hash_, consistent_read=True)
    except SuppressionRow.DoesNotExist:
        raise NotFound("Nobody has asked for this candidate to be erased.") from None
    return ErasureReceipt(
        hash=hash_,
        suppressed_at=row.suppressed_at,
        completed_at=row.completed_at,
        waiting=int(row.waiting or 0),
        erased=row.erased or {},
        backups=row.backups or {},
    )


def add_erased(hash_: str, erased: Mapping[str, int]) -> None:
    """Add to what a receipt says was erased. Only the holder of the lock may."""
    row = SuppressionRow.get(CANDIDATE, hash_, consistent_read=True)
    before: dict[str, int] = row.erased or {}
    sums = {place: before.get(place, 0) + erased.get(place, 0) for place in {**before, **erased}}
    row.update([SuppressionRow.erased.set(sums)])


def set_waiting(hash_: str, *, waiting: int) -> None:
    """Record how many files have to be waited for."""
    SuppressionRow(CANDIDATE, hash_).update([SuppressionRow.waiting.set(waiting)])


def complete(hash_: str, *, backups: Mapping[str, str]) -> None:
    """Complete a receipt."""
    SuppressionRow(CANDIDATE, hash_).update(
        [
            SuppressionRow.waiting.set(0),
            SuppressionRow.completed_at.set(times.now()),
            SuppressionRow.backups.set(dict(backups)),
        ]
    )


def backups(tables: Sequence[str]) -> dict[str, str]:
    """For each table with point-in-time recovery, until when (RFC 3339) it can be set back to what was deleted now."""
    client = SuppressionRow._get_connection().connection.client
    held: dict[str, str] = {}
    for table in tables:
        described = client.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
        point_in_time = described.get("PointInTimeRecoveryDescription", {})
        if point_in_time.get("PointInTimeRecoveryStatus") == "ENABLED":
            days = point_in_time.get("RecoveryPeriodInDays", 35)
            held[table] = times.text(datetime.now(UTC) + timedelta(days=days))
    return held
