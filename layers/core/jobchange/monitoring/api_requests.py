"""How the API's requests ended and how long they took, in buckets of five minutes."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from jobchange import times
from jobchange.aws import telemetry
from jobchange.monitoring.window import Window, bucket_of
from jobchange.statistics.latency import BINS, LONGEST, bin_of, quantile
from jobchange.store import counters, request_counts
from jobchange.store.request_counts import Kind

WRITE_SECONDS = 10.0
"""A process writes what it counted at most once in so many seconds."""


class Recorder:
    """Counts the requests of this process, and writes the counts now and then at the end of one.

    What isn't written when the process ends is lost: at most the last ten seconds in which it had requests.
    """

    def __init__(self) -> None:
        self._counted: defaultdict[str, Counter[Kind]] = defaultdict(Counter)
        self._written = -WRITE_SECONDS

    def record(self, status: int, seconds: float) -> None:
        """Count a request that ended now with a status of HTTP after so many seconds. It never fails: what can't be
        written is tried again with a later request."""
        now = times.now()
        bucket = f"{now[:10]}T{counters.bucket(now)}:00.000Z"
        self._counted[bucket][Kind(2 if status < 400 else status // 100, bin_of(seconds))] += 1
        # Not a monotonic clock: Lambda halts a function between its requests.
        if abs(time.time() - self._written) >= WRITE_SECONDS:
            self._written = time.time()
            try:
                self._write()
            except Exception as error:
                telemetry.report(error)

    def _write(self) -> None:
        for bucket in list(self._counted):
            request_counts.add(bucket, self._counted[bucket])
            del self._counted[bucket]


@dataclass(frozen=True)
class RequestFigures:
    """How many requests were answered (status below 400), refused (4xx) and failed (5xx), and the latency in seconds
    that half, 95% and 99% of those that weren't refused didn't exceed; None without any."""

    answered: int
    refused: int
    failed: int
    p50: float | None
    p95: float | None
    p99: float | None


@dataclass(frozen=True)
class RequestPoint(RequestFigures):
    """The requests of the bucket that begins `at`."""

    at: str


@dataclass(frozen=True)
class Requests:
    """The buckets of a window in which there were requests, oldest first, and all of them together; the window is
    widened to whole buckets. No request takes longer than `limit` seconds."""

    start: str
    end: str
    bucket_seconds: int
    limit: float
    total: RequestFigures
    points: list[RequestPoint]


def api_requests(window: Window) -> Requests:
    """What the API's processes have written of a window."""
    size = window.bucket_seconds
    window = window.widened(size)
    bucket = cache(lambda at: bucket_of(at, size))
    found: defaultdict[str, Counter[Kind]] = defaultdict(Counter)
    for at, kind, amount in request_counts.between(window.start, window.end):
        found[bucket(at)][kind] += amount
    points = [RequestPoint(at=at, **vars(_figures([found[at]]))) for at in sorted(found)]
    return Requests(window.start, window.end, size, LONGEST, _figures(found.values()), points)


def _figures(counted: Iterable[Counter[Kind]]) -> RequestFigures:
    by_status: Counter[int] = Counter()
    histogram = [0] * BINS
    for counts in counted:
        for (status, latency), amount in counts.items():
            by_status[status] += amount
            # Refusals are quick, and a caller can have as many as it likes: the others' latencies would drown in them.
            if status != 4:
                histogram[latency] += amount
    return RequestFigures(
        answered=by_status[2],
        refused=by_status[4],
        failed=by_status[5],
        **{f"p{percent}": quantile(histogram, percent / 100) for percent in (50, 95, 99)},
    )
