"""A prediction's id is its key, packed: by the id, one read finds the prediction, and no index is needed.

The key names the segment, too: a small partition that only holds what one thing wrote. For a file that is a run of its
rows; for requests a minute, spread by the request.
"""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Literal, get_args

from jobchange import times

Source = Literal["webapp", "scheduled", "api"]
"""Where predictions come from: the page, dropped files, other clients."""

PAGE: Source = "webapp"
SCHEDULED: Source = "scheduled"
SOURCES: tuple[Source, ...] = get_args(Source)
SEGMENT_ROWS = 1_000
"""Rows of a file in one segment: what DynamoDB takes for a partition in a second, and what an emulator, whose query
costs what the partition holds, reads in 35 ms."""
SPREAD = 4
"""Segments that the requests of a minute are spread over."""
MINUTE = len("2026-01-31T09:30")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LAST_MILLISECOND = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND
LAST_ROW = 2**32 - 1
_SHORTEST = 11 + 1
"""Bytes of everything but the origin, and at least one of that."""
# Base64 with its digits in the order of their codes, so that ids sort as the bytes they stand for.
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_SORTED = bytes(sorted(_BASE64.replace(b"+/", b"-_")))
_TO_SORTED, _FROM_SORTED = bytes.maketrans(_BASE64, _SORTED), bytes.maketrans(_SORTED, _BASE64)


@dataclass(frozen=True, kw_only=True)
class PredictionKey:
    """Where a prediction is stored. `origin` is hexadecimal: the id of the file, or of the request, that the candidate
    came with; `row` is the row in that file, or the position in that request. `created_at` is RFC 3339 as `times.text`
    writes it.
    """

    source: Source
    created_at: str
    origin: str
    row: int

    @cached_property
    def id(self) -> str:
        """The key as URL-safe text. Ids of one instant, read backwards, are in the order of their rows."""
        packed = _beginning(self.source, self.created_at, self.origin) + (LAST_ROW - self.row).to_bytes(4, "big")
        return base64.b64encode(packed).rstrip(b"=").translate(_TO_SORTED).decode()

    @property
    def day(self) -> str:
        return self.created_at[:10]

    @property
    def minute(self) -> str:
        return self.created_at[:MINUTE]

    @property
    def partition(self) -> str:
        """The segment."""
        if self.source == SCHEDULED:
            return f"{self.source}#{self.origin}#{self.row // SEGMENT_ROWS}"
        return f"{self.source}#{self.minute}#{int(self.origin, 16) % SPREAD}"

    @property
    def sort(self) -> str:
        return f"{self.created_at}#{self.id}"


@lru_cache(maxsize=64)
def _beginning(source: Source, created_at: str, origin: str) -> bytes:
    """What the packed ids of one request or file have in common."""
    milliseconds = (times.parse(created_at) - _EPOCH) // _MILLISECOND
    return (SOURCES.index(source) + 1 << 4).to_bytes(1, "big") + milliseconds.to_bytes(6, "big") + bytes.fromhex(origin)


def parse(id: str) -> PredictionKey:  # noqa: A002
    """The key that an id stands for. Raises ValueError for any text that isn't the id of a key."""
    text = id.encode("ascii").translate(_FROM_SORTED)
    packed = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    if len(packed) < _SHORTEST or not 0 < packed[0] >> 4 <= len(SOURCES):
        raise ValueError("too short, or of no known source")
    milliseconds = int.from_bytes(packed[1:7], "big")
    if milliseconds > _LAST_MILLISECOND:
        raise ValueError("after the end of time")
    key = PredictionKey(
        source=SOURCES[(packed[0] >> 4) - 1],
        created_at=times.text(_EPOCH + milliseconds * _MILLISECOND),
        origin=packed[7:-4].hex(),
        row=LAST_ROW - int.from_bytes(packed[-4:], "big"),
    )
    if key.id != id:
        raise ValueError("not how a key is packed")
    return key
