"""Alerts: one document each, on its way from the outbox, where it stands with its cause, to the topic."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from jobchange import messages, times
from jobchange.contract import Criticality
from jobchange.settings import settings
from jobchange.store import alerts as outbox
from jobchange.store.alerts import Stop

_GRACE = timedelta(minutes=1)
"""How long an alert is left to those who put it into the outbox, before the sweep publishes it."""


@dataclass(frozen=True, kw_only=True)
class Alert:
    """What happened, how bad it is, the figures, what to do, and where on the page to look; plain JSON values only.

    A criticality of `ok` tells that something is over. `link` never grants access to anything: the page asks for a
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


def page(view: str) -> str | None:
    """The address of one of the page's views, such as `files`; None where the page's address isn't known."""
    site = settings().site_url
    return f"{site}#{view}" if site else None


def send(alert_id: str) -> None:
    """Publish an alert that waits in the outbox, if it still does. It is ticked off afterwards, so that a failure in
    between says it twice rather than never."""
    alert = outbox.to_publish(alert_id)
    if alert is not None:
        messages.publish_alert(alert)
        outbox.published(alert_id)


def send_waiting() -> int:
    """Publish what those who had to do it left in the outbox; returns how many there were."""
    left: Sequence[str] = list(outbox.waiting(Stop.TOPIC, before=times.text(datetime.now(UTC) - _GRACE)))
    for alert_id in left:
        send(alert_id)
    return len(left)
