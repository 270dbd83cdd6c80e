"""The outbox: every alert stands here from the moment its cause is recorded until it has been forwarded.

An alert waits first for the topic, then for the receiver. What the checks of the watch found last stands beside them,
because it changes together with an alert.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from jobchange import times
from jobchange.settings import settings
from jobchange.store import conditions, retries
from jobchange.store.tables import AlertRow

_WATCH, _STATE, _SENT = "watch", "state#", "sent#"


class Stop(StrEnum):
    """What an alert waits for."""

    TOPIC = "topic"
    RECEIVER = "receiver"


@dataclass(frozen=True)
class State:
    """What a check of the watch found last, and since when (RFC 3339) it is so."""

    failing: bool
    since: str | None
    sentence: str | None


def update_and_tell(row: Model, actions: list[Any], condition: Condition, alert: Mapping[str, Any]) -> bool:
    """Update a row under a condition and put an alert (a document with an `id`) into the outbox, both or neither; False
    when the condition doesn't hold. Raises TimeoutError when a table stays busy."""
    type(row)._get_connection()  # tells the model its table's name
    for _ in retries.attempts():
        try:
            with TransactWrite(connection=AlertRow._get_connection().connection) as transaction:
                transaction.update(row, actions, condition=condition)
                transaction.save(_waiting(alert))
        except TransactWriteError as error:
            codes = conditions.codes(error)
            if "ConditionalCheckFailed" in codes:
                return False
            if not codes & retries.BUSY:
                raise
        else:
            return True
    raise TimeoutError("The table of alerts stayed busy.")


def to_publish(alert_id: str) -> dict[str, Any] | None:
    """The alert, if it still waits for the topic."""
    try:
        row = AlertRow.get(alert_id, consistent_read=True)
    except AlertRow.DoesNotExist:
        return None
    return row.alert if row.waiting == Stop.TOPIC else None


def published(alert_id: str) -> None:
    """From now on the alert waits for the receiver, unless it got there already."""
    conditions.update(
        AlertRow(alert_id), [AlertRow.waiting.set(Stop.RECEIVER.value)], AlertRow.waiting == Stop.TOPIC.value
    )


def waiting(stop: Stop, *, before: str | None = None) -> Iterator[str]:
    """The alerts that wait at a stop, oldest first; with `before` those recorded before that instant (RFC 3339)."""
    condition = AlertRow.recorded_at < before if before else None
    for row in AlertRow.waiting_index.query(stop.value, condition):
        yield row.alert_id


def take(alert_id: str, *, until: str) -> dict[str, Any] | None:
    """The alert, to be forwarded before an instant by nobody else; None when it has been, or somebody is at it."""
    row = AlertRow(alert_id)
    free = AlertRow.lease.does_not_exist() | (AlertRow.lease < times.now())
    taken = conditions.update(row, [AlertRow.lease.set(until)], AlertRow.waiting.exists() & free)
    return row.alert if taken else None


def forwarded(alert_id: str) -> None:
    """The alert has arrived."""
    actions: list[Any] = [AlertRow.waiting.remove(), AlertRow.lease.remove(), AlertRow.forwarded_at.set(times.now())]
    AlertRow(alert_id).update(actions)


def give_back(alert_id: str) -> None:
    """The alert could not be forwarded; it goes on waiting."""
    AlertRow(alert_id).update([AlertRow.lease.remove()])


def within(limit: int) -> bool:
    """Count one more message to the receiver; False, and not counted, when `limit` were sent in these five minutes."""
    now = times.parse(times.now())
    bucket = now - timedelta(minutes=now.minute % 5)
    row = AlertRow(f"{_SENT}{bucket:%Y-%m-%dT%H:%M}")
    actions = [AlertRow.amount.add(1), AlertRow.expires.set(int((now + timedelta(days=1)).timestamp()))]
    return conditions.update(row, actions, AlertRow.amount.does_not_exist() | (AlertRow.amount < limit))


def state(check: str) -> State:
    """What a check found last; a check that never failed is fine since ever."""
    try:
        row = AlertRow.get(_STATE + check, consistent_read=True)
    except AlertRow.DoesNotExist:
        return State(failing=False, since=None, sentence=None)
    return State(failing=bool(row.failing), since=row.since, sentence=row.sentence)


def change_state(check: str, old: State, alert: Mapping[str, Any], *, failing: bool, since: str, sentence: str) -> bool:
    """Put a check's new state in place of the old one, and an alert about it into the outbox, both or neither; False
    when somebody else has changed it meanwhile."""
    unchanged = AlertRow.since == old.since if old.since else AlertRow.since.does_not_exist()
    actions: list[Any] = [
        AlertRow.failing.set(failing),
        AlertRow.since.set(since),
        AlertRow.sentence.set(sentence),
    ]
    return update_and_tell(AlertRow(_STATE + check), actions, unchanged, alert)


def watched() -> None:
    """The watch has just run."""
    AlertRow(_WATCH, recorded_at=times.now()).save()


def last_watched() -> str | None:
    """When the watch last ran (RFC 3339)."""
    try:
        at: str = AlertRow.get(_WATCH).recorded_at
    except AlertRow.DoesNotExist:
        return None
    return at


def _waiting(alert: Mapping[str, Any]) -> AlertRow:
    now = times.now()
    return AlertRow(
        alert["id"],
        alert=dict(alert),
        waiting=Stop.TOPIC.value,
        recorded_at=now,
        expires=times.epoch(now) + int(settings().run_days) * 86_400,
    )
