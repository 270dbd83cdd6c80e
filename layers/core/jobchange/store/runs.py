"""What the system did and why: one row for each scoring, training, watch and operator run."""

import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from jobchange import times
from jobchange.settings import settings
from jobchange.store import cursors
from jobchange.store.tables import RunRow

SUCCEEDED, SKIPPED, FAILED = "SUCCEEDED", "SKIPPED", "FAILED"


def new_id() -> str:
    """The id of a run that begins now."""
    return f"{times.now()}#{secrets.token_hex(4)}"


def record(kind: str, status: str, *, started_at: str, counts: Mapping[str, int], reason: str | None = None) -> None:
    """Write down a run that began at `started_at` (RFC 3339) and ends now."""
    record_as(f"{started_at}#{secrets.token_hex(4)}", kind, status, counts=counts, reason=reason)


def record_as(id: str, kind: str, status: str, *, counts: Mapping[str, int], reason: str | None = None) -> None:  # noqa: A002
    """Write down a run whose id was made when it began."""
    started_at = id.partition("#")[0]
    seconds = (datetime.now(UTC) - times.parse(started_at)).total_seconds()
    RunRow(
        started_at[:10],
        id,
        kind=kind,
        status=status,
        reason=reason,
        counts=dict(counts),
        started_at=started_at,
        seconds=round(seconds, 3),
        expires=times.epoch(started_at) + settings().run_days * 86_400,
    ).save()


def newest() -> RunRow | None:
    """The run that began last. Unlike a page of one run, it needs no look for the run before."""
    return next(_newest_first(None), None)


def list_newest(*, limit: int, cursor: str | None = None) -> tuple[list[dict[str, Any]], str | None]:
    """Runs newest first, and the cursor of the next page (None after the last one)."""
    query = ["runs"]
    before = cursors.decode(query, cursor, _is_sort)[0] if cursor else None
    rows = list(islice(_newest_first(before), limit + 1))
    shown = [
        {
            "id": row.sort,
            "kind": row.kind,
            "status": row.status,
            "reason": row.reason,
            "counts": row.counts,
            "started_at": row.started_at,
            "seconds": float(row.seconds),
        }
        for row in rows[:limit]
    ]
    return shown, cursors.encode(query, [rows[limit - 1].sort]) if len(rows) > limit else None


def _is_sort(text: str) -> bool:
    return times.is_text(text.partition("#")[0])


def _newest_first(before: str | None) -> Iterator[RunRow]:
    today = datetime.now(UTC).date()
    day = date.fromisoformat(before[:10]) if before else today
    while day >= today - timedelta(days=settings().run_days):
        condition = RunRow.sort < before if before else None
        yield from RunRow.query(day.isoformat(), range_key_condition=condition, scan_index_forward=False)
        day -= timedelta(days=1)
