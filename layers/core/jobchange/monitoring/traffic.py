"""How many predictions were made when, from the counters."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from jobchange.monitoring.window import DAY, Window, bucket_of
from jobchange.store import counters
from jobchange.store.prediction_keys import SOURCES, Source


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


def _days(window: Window) -> Iterator[tuple[str, str, int]]:
    days = list(window.days())
    for metric in (f"{what}#{source}" for what in ("predictions", "will_change") for source in SOURCES):
        for day, amount in counters.by_day(metric, days[0], days[-1]):
            yield f"{day}T00:00:00Z", metric, amount


def _buckets(window: Window) -> Iterator[tuple[str, str, int]]:
    for day in window.days():
        first = window.start[11:16] if day == window.start[:10] else "00:00"
        before = window.end[11:16] if day == window.end[:10] else "24:00"
        for bucket, metric, amount in counters.by_bucket(day, first, before):
            yield f"{day}T{bucket}:00Z", metric, amount
