"""A prediction's id is its key, packed: by the id, one read finds the prediction, and no index is needed."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Literal, get_args

from jobchange import times

Source = Literal["webapp", "scheduled", "api"]
"""Where predictions come from: the page, dropped files, other clients."""

SCHEDULED: Source = "scheduled"
SOURCES: tuple[Source, ...] = get_args(Source)
SHARDS: dict[Source, int] = {"webapp": 1, "scheduled": 8, "api": 1}
"""Over how many partitions a day of each source is spread."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LAST_MILLISECOND = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND
_LAST_ROW = 2**32 - 1
_SHORTEST = 12 + 1
"""Bytes of everything but the origin, and at least one of that."""
# Base64 with its digits in the order of their codes, so that ids sort as the bytes they stand for.
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_SORTED = bytes(sorted(_BASE64))
_TO_SORTED, _FROM_SORTED = bytes.maketrans(_BASE64, _SORTED), bytes.maketrans(_SORTED, _BASE64)


@dataclass(frozen=True, kw_only=True)
class PredictionKey:
    """Where a prediction is stored. `origin` is hexadecimal: the id of the file, or of the request, that the candidate
    came with; `row` is the row in that file, or the position in that request. `created_at` is RFC 3339 as `times.text`
    writes it.
    """

    source: Source
    shard: int
    created_at: str
    origin: str
    row: int

    @cached_property
    def id(self) -> str:
        """The key as URL-safe text. Ids of one instant, read backwards, are in the order of their rows."""
        milliseconds = (times.parse(self.created_at) - _EPOCH) // _MILLISECOND
        packed = b"".join(
            (
                (SOURCES.index(self.source) + 1 << 4).to_bytes(1, "big"),
                milliseconds.to_bytes(6, "big"),
                bytes.fromhex(self.origin),
                (_LAST_ROW - self.row).to_bytes(4, "big"),
                self.shard.to_bytes(1, "big"),
            )
        )
        return base64.urlsafe_b64encode(packed).rstrip(b"=").translate(_TO_SORTED).decode()

    @property
    def day(self) -> str:
        return self.created_at[:10]

    @property
    def partition(self) -> str:
        return f"{self.source}#{self.day}#{self.shard}"

    @property
    def sort(self) -> str:
        return f"{self.created_at}#{self.id}"


def parse(id: str) -> PredictionKey:  # noqa: A002
    """The key that an id stands for. Raises ValueError for any text that isn't the id of a key."""
    text = id.encode("ascii").translate(_FROM_SORTED)
    packed = base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if len(packed) < _SHORTEST or not 0 < packed[0] >> 4 <= len(SOURCES):
        raise ValueError("too short, or of no known source")
    milliseconds = int.from_bytes(packed[1:7], "big")
    if milliseconds > _LAST_MILLISECOND:
        raise ValueError("after the end of time")
    key = PredictionKey(
        source=SOURCES[(packed[0] >> 4) - 1],
        shard=packed[-1],
        created_at=times.text(_EPOCH + milliseconds * _MILLISECOND),
        origin=packed[7:-5].hex(),
        row=_LAST_ROW - int.from_bytes(packed[-5:-1], "big"),
    )
    if key.shard >= SHARDS[key.source] or key.id != id:
        raise ValueError("not how a key is packed")
    return key
