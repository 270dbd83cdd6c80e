"""Alerts: one document each, on its way from a record's outbox to the topic."""

from dataclasses import asdict, dataclass
from typing import Any

from jobchange import messages
from jobchange.contract import Criticality
from jobchange.store import files


@dataclass(frozen=True, kw_only=True)
class Alert:
    """What happened, how bad it is, the figures, and what to do; plain JSON values only."""

    kind: str
    subject_id: str
    title: str
    criticality: Criticality
    what_happened: str
    figures: dict[str, Any]
    what_to_do: str
    at: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def send(file_id: str) -> None:
    """Publish what waits in a file's outbox. It is emptied afterwards, so that a failure in between says it twice
    rather than never."""
    alert = files.alert_to_send(file_id)
    if alert is not None:
        messages.publish_alert(alert)
        files.alert_sent(file_id)
