"""What each check of the watch found last, and when the watch last ran.

A state changes together with an alert about it, both or neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jobchange import times
from jobchange.store import outbox
from jobchange.store.tables import AlertRow

_WATCH, _STATE = "watch", "state#"


@dataclass(frozen=True)
class State:
    """What a check of the watch found last, and since when (RFC 3339) it is so."""

    failing: bool
    since: str | None
    sentence: str | None


def state(check: str) -> State:
    """What a check found last; a check that has never failed is reported as passing."""
    try:
        row = AlertRow.get(_STATE + check, consistent_read=True)
    except AlertRow.DoesNotExist:
        return State(failing=False, since=None, sentence=None)
    return State(failing=bool(row.failing), since=row.since, sentence=row.sentence)


def change_state(
    check: str, old: State, alert: Mapping[str, Any], *, failing: bool, since: str, sentence: str, resolves: str | None
) -> bool:
    """Put a check's new state in place of the old one, and an alert about it into the outbox, both or neither, and
    resolve the alert about the old one; False when somebody else has changed it meanwhile."""
    unchanged = AlertRow.since == old.since if old.since else AlertRow.since.does_not_exist()
    actions: list[Any] = [
        AlertRow.failing.set(failing),
        AlertRow.since.set(since),
        AlertRow.sentence.set(sentence),
    ]
    return outbox.update_with_alert(AlertRow(_STATE + check), actions, unchanged, alert, resolves=resolves)


def record_heartbeat() -> None:
    """The watch has just run."""
    AlertRow(_WATCH, recorded_at=times.now()).save()


def last_heartbeat() -> str | None:
    """When the watch last ran (RFC 3339)."""
    try:
        at: str = AlertRow.get(_WATCH).recorded_at
    except AlertRow.DoesNotExist:
        return None
    return at
