"""How many predictions were made when, from the counters."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain

from jobchange import times
from jobchange.monitoring.window import DAY, Window, bucket_of
from jobchange.store import counters
from jobchange.store.prediction_keys import SOURCES, Source

_MIDNIGHT = "T00:00:00.000Z"
_BUCKET_SECONDS = counters.BUCKET // timedelta(seconds=1)


@dataclass(frozen=True)
class TrafficPoint:
    """The predictions of one source in the bucket that begins `at`, and how many of them call a candidate."""

    at: str
    source: Source
    predictions: int
    will_change: int


@dataclass(frozen=True)
class Traffic:
    """The buckets of a window in which there were predictions, oldest first; the window is widened to whole buckets."""

    start: str
    end: str
    bucket_seconds: int
    points: list[TrafficPoint]


def traffic(window: Window) -> Traffic:
    """Exact: the same as counting the stored predictions of the widened window. Reads the window's counters only."""
    size = window.bucket_seconds
    window = window.widened(size)
    sums: Counter[tuple[str, str]] = Counter()
    for at, metric, amount in _days(window) if size == DAY else _buckets(window):
        sums[bucket_of(at, size), metric] += amount
    points = [
        TrafficPoint(at, source, sums[at, f"predictions#{source}"], sums[at, f"will_change#{source}"])
        for at in sorted({at for at, _ in sums})
        for source in SOURCES
        if sums[at, f"predictions#{source}"]
    ]
    return Traffic(window.start, window.end, size, points)


def volume(window: Window, sources: Collection[Source]) -> int:
    """How many predictions of some sources there are in a window, widened to whole five minutes, up to now. Of a whole
    day only the sum is read."""
    window = Window(window.start, min(window.end, times.now())).widened(_BUCKET_SECONDS)
    metrics = {f"predictions#{source}" for source in sources}
    days = list(window.days())
    partial = {instant[:10] for instant in (window.start, window.end) if not instant.endswith(_MIDNIGHT)}
    edges = (found for day in days if day in partial for found in _buckets_of(day, window))
    found = sum(amount for _, metric, amount in edges if metric in metrics)
    if partial.issuperset(days):
        return found
    sums = chain.from_iterable(counters.by_day(metric, days[0], days[-1]) for metric in metrics)
    return found + sum(amount for day, amount in sums if day not in partial)


def _days(window: Window) -> Iterator[tuple[str, str, int]]:
    days = list(window.days())
    for metric in (f"{what}#{source}" for what in ("predictions", "will_change") for source in SOURCES):
        for day, amount in counters.by_day(metric, days[0], days[-1]):
            yield f"{day}T00:00:00Z", metric, amount


def _buckets(window: Window) -> Iterator[tuple[str, str, int]]:
    for day in window.days():
        yield from _buckets_of(day, window)


def _buckets_of(day: str, window: Window) -> Iterator[tuple[str, str, int]]:
    first = window.start[11:16] if day == window.start[:10] else "00:00"
    before = window.end[11:16] if day == window.end[:10] else "24:00"
    for bucket, metric, amount in counters.by_bucket(day, first, before):
        yield f"{day}T{bucket}:00Z", metric, amount
