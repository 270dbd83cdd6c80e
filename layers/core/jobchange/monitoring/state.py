"""How the system is right now: what is open, what waits, and when it last did something."""

from dataclasses import dataclass

from jobchange.aws import queues
from jobchange.aws.queues import Queue
from jobchange.contract import Criticality
from jobchange.store import alerts, check_states, file_listings, runs
from jobchange.store.outbox import AlertState

MOST_ALERTS = 100
"""Open alerts that are counted."""


@dataclass(frozen=True)
class QueueState:
    """About how many messages a queue has: `waiting` or being worked on, and `dead_letters`."""

    queue: Queue
    waiting: int
    dead_letters: int


@dataclass(frozen=True, kw_only=True)
class State:
    """What is open, and the last instants (RFC 3339; None: never) at which the watch looked, a run began and a file was
    dropped. `worst` is the criticality of the worst open alert. Of more than 100 open alerts, 100 are counted."""

    open_alerts: int
    unacknowledged: int
    worst: Criticality | None
    watched_at: str | None
    run_at: str | None
    run_failed: bool
    file_at: str | None


def state() -> State:
    """The state by what is stored; four short queries."""
    found, _ = alerts.list_newest(AlertState.OPEN, limit=MOST_ALERTS)
    last_run = runs.newest()
    newest, _ = file_listings.list_newest(limit=1)
    return State(
        open_alerts=len(found),
        unacknowledged=sum(alert.acknowledged_at is None for alert in found),
        worst=max((Criticality(alert.criticality) for alert in found), key=list(Criticality).index, default=None),
        watched_at=check_states.last_heartbeat(),
        run_at=last_run.started_at if last_run else None,
        run_failed=last_run is not None and last_run.status == runs.FAILED,
        file_at=newest[0].uploaded_at if newest else None,
    )


def queue_states() -> list[QueueState]:
    """Every queue as it is now; two calls of SQS each."""
    return [QueueState(each, queues.waiting_count(each), queues.dead_letter_count(each)) for each in Queue]
