"""Ranges of time, and the buckets that a chart of one is drawn from."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from jobchange import times

SHORTEST, LONGEST, DEFAULT = timedelta(minutes=30), timedelta(days=90), timedelta(days=7)
DAY = 86_400
_BUCKETS = (300, 3_600, DAY)
"""Seconds; each is a multiple of the one before, and the first is the counters' own."""
_MOST_BUCKETS = 300


@dataclass(frozen=True)
class Window:
    """From `start` to before `end`, both as `times.text` writes them."""

    start: str
    end: str

    @property
    def bucket_seconds(self) -> int:
        """The finest bucket of which at most 300 cover the window: 5 minutes, an hour or a day."""
        span = (times.parse(self.end) - times.parse(self.start)).total_seconds()
        return next(size for size in _BUCKETS if span <= _MOST_BUCKETS * size or size == DAY)

    def widened(self, seconds: int) -> Self:
        """The window with its ends moved outwards to whole buckets."""
        start, end = (times.parse(each).timestamp() / seconds for each in (self.start, self.end))
        return type(self)(_text(math.floor(start) * seconds), _text(math.ceil(end) * seconds))

    def days(self) -> Iterator[str]:
        """The days that it touches, first to last."""
        day, end = times.parse(self.start), times.parse(self.end)
        day = day.replace(hour=0, minute=0, second=0, microsecond=0)
        while day < end:
            yield day.date().isoformat()
            day += timedelta(days=1)


def bucket_of(instant: str, seconds: int) -> str:
    """The first instant of the bucket that an instant falls in."""
    return _text(math.floor(times.parse(instant).timestamp()) // seconds * seconds)


def _text(timestamp: float) -> str:
    return times.text(datetime.fromtimestamp(timestamp, UTC))
