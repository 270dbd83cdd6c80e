"""How the system is right now, and the alerts."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from jobchange.contract import Criticality
from jobchange.monitoring.state import QueueState
from jobchange.store.outbox import AlertState
from schemas.fields import EXAMPLE_FILE_ID, EXAMPLE_INSTANT, Instant, NextCursor


class State(BaseModel):
    """What is open, what waits and when the system last did something."""

    open_alerts: int = Field(description="At most 100 are counted.")
    unacknowledged: int = Field(description="Open alerts that nobody has acknowledged.")
    worst: Criticality | None = Field(description="The criticality of the worst open alert.")
    queues: list[QueueState] | None = Field(description="Null for those who are no operators.")
    watched_at: Instant | None = Field(description="When the watch last looked; it does every five minutes.")
    run_at: Instant | None = Field(description="When the newest run began.")
    run_failed: bool
    file_at: Instant | None = Field(description="When the newest file was dropped.")


class Alert(BaseModel):
    """What happened, how bad it is, what to do, and what was done about it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: str = Field(description="`watch` for what a check found, `file` for a file.")
    title: str
    criticality: Criticality
    what_happened: str
    what_to_do: str
    at: Instant
    link: str | None = Field(description="Where on the page to look.")
    state: AlertState
    acknowledged_at: Instant | None
    acknowledged_by: str | None
    resolved_at: Instant | None
    resolved_by: str | None = Field(description="A client; or `watch`, which saw that it is over.")


class AlertsPage(BaseModel):
    alerts: list[Alert]
    next_cursor: NextCursor


EXAMPLE_ALERT_ID = f"file#{EXAMPLE_FILE_ID}"
EXAMPLE_ALERT: dict[str, Any] = {
    "id": EXAMPLE_ALERT_ID,
    "kind": "file",
    "title": "candidates.csv: major",
    "criticality": Criticality.MAJOR,
    "what_happened": "352 of 400 rows were accepted; 48 need correction.",
    "what_to_do": "Check the number against its source.",
    "at": EXAMPLE_INSTANT,
    "link": f"https://page.example/index.html#files/{EXAMPLE_FILE_ID}",
    "state": AlertState.OPEN,
    "acknowledged_at": "2026-01-31T09:40:00.000Z",
    "acknowledged_by": "operator",
    "resolved_at": None,
    "resolved_by": None,
}
EXAMPLES: dict[type, Any] = {
    State: {
        "open_alerts": 1,
        "unacknowledged": 0,
        "worst": Criticality.MAJOR,
        "queues": [{"queue": "ingest", "waiting": 2, "dead_letters": 0}],
        "watched_at": EXAMPLE_INSTANT,
        "run_at": EXAMPLE_INSTANT,
        "run_failed": False,
        "file_at": EXAMPLE_INSTANT,
    },
    Alert: EXAMPLE_ALERT,
    AlertsPage: {"alerts": [EXAMPLE_ALERT], "next_cursor": None},
}
