"""The outbox: every alert is here from the moment its cause is recorded until it has been forwarded.

An alert waits first for the topic, then for the receiver.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from jobchange import times
from jobchange.aws import telemetry, topic
from jobchange.contract import Criticality
from jobchange.settings import settings
from jobchange.store import conditions
from jobchange.store.tables import AlertRow, Table
from jobchange.store.transactions import Refused, transact

_GRACE = timedelta(minutes=1)
"""How long an alert is left to those who put it into the outbox, before the sweep publishes it."""


class Stop(StrEnum):
    """What an alert waits for."""

    TOPIC = "topic"
    RECEIVER = "receiver"


class AlertState(StrEnum):
    """Whether what an alert is about still needs somebody."""

    OPEN = "open"
    RESOLVED = "resolved"


@dataclass(frozen=True, kw_only=True)
class Alert:
    """What happened, how bad it is, the figures, what to do, and where on the page to look; plain JSON values only.

    A criticality of `ok` says that something is over. `link` never grants access to anything: the page asks for a
    token.
    """

    id: str
    kind: str
    subject_id: str
    title: str
    criticality: Criticality
    what_happened: str
    figures: dict[str, Any]
    what_to_do: str
    at: str
    link: str | None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def update_with_alert(
    row: Table, actions: list[Any], condition: Condition, alert: Mapping[str, Any], *, resolves: str | None = None
) -> bool:
    """Update a row under a condition and put an alert (a document with an `id`) into the outbox, both or neither; with
    them, the alert named by `resolves` is resolved by this one's kind, if it is open. False when the condition doesn't
    hold, or somebody resolves that alert just now. Raises TimeoutError when a table stays busy."""
    open_one = AlertRow(resolves) if resolves and _state(resolves) == AlertState.OPEN else None

    def write(transaction: TransactWrite) -> None:
        transaction.update(row, actions, condition=condition)
        transaction.save(_waiting(alert))
        if open_one:
            transaction.update(open_one, resolution(alert["kind"]), condition=IS_OPEN)

    try:
        transact(write, type(row), AlertRow)
    except Refused:
        return False
    return True


IS_OPEN = AlertRow.state == AlertState.OPEN.value


def resolution(by: str) -> list[Any]:
    """What resolves an alert."""
    return [
        AlertRow.state.set(AlertState.RESOLVED.value),
        AlertRow.resolved_at.set(times.now()),
        AlertRow.resolved_by.set(by),
    ]


def _state(alert_id: str) -> str | None:
    try:
        state: str | None = AlertRow.get(alert_id, consistent_read=True).state
    except AlertRow.DoesNotExist:
        return None
    return state


def to_publish(alert_id: str) -> dict[str, Any] | None:
    """The alert, if it still waits for the topic."""
    try:
        row = AlertRow.get(alert_id, consistent_read=True)
    except AlertRow.DoesNotExist:
        return None
    return row.alert if row.waiting == Stop.TOPIC else None


def mark_published(alert_id: str) -> None:
    """From now on the alert waits for the receiver, unless it got there already."""
    conditions.update(
        AlertRow(alert_id), [AlertRow.waiting.set(Stop.RECEIVER.value)], AlertRow.waiting == Stop.TOPIC.value
    )


def waiting(stop: Stop, *, before: str | None = None) -> Iterator[str]:
    """The alerts that wait at a stop, oldest first; with `before` those recorded before that instant (RFC 3339)."""
    condition = AlertRow.recorded_at < before if before else None
    for row in AlertRow.waiting_index.query(stop.value, condition):
        yield row.alert_id


def lease(alert_id: str, *, until: str) -> dict[str, Any] | None:
    """Lease an alert until an instant, to forward it; None when it was forwarded, or is leased."""
    row = AlertRow(alert_id)
    free = AlertRow.lease.does_not_exist() | (AlertRow.lease < times.now())
    taken = conditions.update(row, [AlertRow.lease.set(until)], AlertRow.waiting.exists() & free)
    return row.alert if taken else None


def mark_forwarded(alert_id: str) -> None:
    """The alert has arrived."""
    actions: list[Any] = [AlertRow.waiting.remove(), AlertRow.lease.remove(), AlertRow.forwarded_at.set(times.now())]
    AlertRow(alert_id).update(actions)


def release(alert_id: str) -> None:
    """The alert could not be forwarded; it goes on waiting."""
    AlertRow(alert_id).update([AlertRow.lease.remove()])


def publish(alert_id: str) -> None:
    """Publish an alert that waits in the outbox, if it still does. A failure is logged and leaves it to the sweep: what
    the alert is about has happened and is recorded, and must not happen again for the alert's sake."""
    try:
        _publish(alert_id)
    except Exception as error:
        telemetry.report(error)


def publish_waiting() -> tuple[int, int]:
    """Publish what was left in the outbox by those who put it there; returns how many alerts were published, and how
    many refused. One that is refused keeps none of the others waiting."""
    published, refused = 0, 0
    for alert_id in list(waiting(Stop.TOPIC, before=times.text(datetime.now(UTC) - _GRACE))):
        try:
            _publish(alert_id)
        except topic.Refused as error:
            telemetry.report(error)
            refused += 1
        else:
            published += 1
    return published, refused


def _publish(alert_id: str) -> None:
    """Publish an alert, if it still waits. It is marked afterwards, so a failure in between publishes it twice rather
    than never."""
    alert = to_publish(alert_id)
    if alert is not None:
        topic.publish(alert)
        mark_published(alert_id)


def _waiting(alert: Mapping[str, Any]) -> AlertRow:
    now = times.now()
    return AlertRow(
        alert["id"],
        alert=dict(alert),
        state=None if alert["criticality"] == Criticality.OK else AlertState.OPEN.value,
        waiting=Stop.TOPIC.value,
        recorded_at=now,
        expires=times.epoch(now) + settings().run_days * 86_400,
    )
