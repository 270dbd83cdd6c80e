"""Alerts as people see them: listed, acknowledged and resolved."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from jobchange import times
from jobchange.errors import NotFound
from jobchange.store import conditions, cursors
from jobchange.store.outbox import IS_OPEN, Alert, AlertState, resolution
from jobchange.store.tables import AlertRow


@dataclass(frozen=True, kw_only=True)
class KnownAlert(Alert):
    """An alert, and what was done about it: by whom, and when (RFC 3339). `resolved_by` is `watch` where the watch saw
    that it is over."""

    state: AlertState
    acknowledged_at: str | None
    acknowledged_by: str | None
    resolved_at: str | None
    resolved_by: str | None


def list_newest(state: AlertState, *, limit: int, cursor: str | None = None) -> tuple[list[KnownAlert], str | None]:
    """The alerts in a state, newest first, and the cursor of the next page (None after the last one)."""
    query = ["alerts", state.value]
    before = None
    if cursor:
        at, alert_id = cursors.decode(query, cursor, times.is_text, bool)
        before = at, alert_id
    rows = list(islice(_newest_first(state, before), limit + 1))
    found = [_known(row) for row in rows[:limit]]
    if len(rows) <= limit:
        return found, None
    return found, cursors.encode(query, [rows[limit - 1].recorded_at, rows[limit - 1].alert_id])


def acknowledge(alert_id: str, *, by: str) -> KnownAlert:
    """Somebody looks after an open alert; of several the first. Raises NotFound."""
    actions: list[Any] = [AlertRow.acknowledged_at.set(times.now()), AlertRow.acknowledged_by.set(by)]
    return _changed(alert_id, actions, IS_OPEN & AlertRow.acknowledged_at.does_not_exist())


def resolve(alert_id: str, *, by: str) -> KnownAlert:
    """What an alert is about is over; the first who says so counts. Raises NotFound."""
    return _changed(alert_id, resolution(by), IS_OPEN)


def _changed(alert_id: str, actions: list[Any], condition: Any) -> KnownAlert:
    conditions.update(AlertRow(alert_id), actions, condition)
    try:
        row = AlertRow.get(alert_id, consistent_read=True)
    except AlertRow.DoesNotExist:
        row = None
    if row is None or row.state is None:
        raise NotFound("There is no such alert.")
    return _known(row)


def _newest_first(state: AlertState, before: tuple[str, str] | None) -> Iterator[AlertRow]:
    condition = AlertRow.recorded_at <= before[0] if before else None
    rows = AlertRow.by_state.query(state.value, condition, scan_index_forward=False)
    return cursors.newest_first(rows, lambda row: (row.recorded_at, row.alert_id), before)


def _known(row: AlertRow) -> KnownAlert:
    return KnownAlert(
        **row.alert,
        state=AlertState(row.state),
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        resolved_at=row.resolved_at,
        resolved_by=row.resolved_by,
    )
