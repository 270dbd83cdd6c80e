"""How many messages waited, as the watch saw it every five minutes."""

from collections import defaultdict
from dataclasses import dataclass

from jobchange import times
from jobchange.aws.queues import Queue
from jobchange.monitoring.state import queue_states
from jobchange.monitoring.window import Window, bucket_of
from jobchange.store import queue_depths

_WAITING, _DEAD = "waiting", "dead_letters"


@dataclass(frozen=True)
class DepthPoint:
    """The most messages that a queue had in the bucket that begins `at`."""

    at: str
    queue: Queue
    waiting: int
    dead_letters: int


@dataclass(frozen=True)
class QueueDepths:
    """The buckets of a window in which something waited, oldest first; the window is widened to whole buckets."""

    start: str
    end: str
    bucket_seconds: int
    points: list[DepthPoint]


def record() -> None:
    """Record how many messages wait now."""
    states = queue_states()
    waiting = {f"{each.queue}#{_WAITING}": each.waiting for each in states}
    dead = {f"{each.queue}#{_DEAD}": each.dead_letters for each in states}
    queue_depths.record(times.now(), waiting | dead)


def depths(window: Window) -> QueueDepths:
    """What was recorded in a window."""
    size = window.bucket_seconds
    window = window.widened(size)
    most: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: {_WAITING: 0, _DEAD: 0})
    for at, name, amount in queue_depths.between(window.start, window.end, window.days()):
        queue, _, kind = name.partition("#")
        found = most[bucket_of(at, size), queue]
        found[kind] = max(found[kind], amount)
    points = [DepthPoint(at, Queue(queue), **found) for (at, queue), found in most.items()]
    return QueueDepths(window.start, window.end, size, points)
