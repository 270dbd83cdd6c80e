"""Where a candidate is found in the lake: what an erasure deletes is what a subject access shows."""

import json
import re
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from typing import IO

from jobchange.errors import NotFound
from jobchange.quality import identifiers
from jobchange.quality.identifiers import Rows
from jobchange.quality.source import open_source
from jobchange.reading import decode
from jobchange.reading.rejected import Rejected
from jobchange.settings import settings
from jobchange.store import lake
from jobchange.store.lake_layout import index_prefix, manifest_key

_CHUNK_BYTES = 1 << 20
_LONGEST_NUMBER = 64
"""Bytes of a number with its leading zeros and separators."""


def index_runs(file_id: str, enrollee_id: int) -> list[tuple[str, Rows]]:
    """The runs of a file's index with rows of a candidate, by their keys, and which rows."""
    found = [
        (key, identifiers.lookup(enrollee_id, size, partial(lake.read, key)))
        for key, size in lake.listing(index_prefix(file_id))
    ]
    return [(key, rows) for key, rows in found if rows]


def rows_of(runs: Sequence[tuple[str, Rows]]) -> Rows:
    """The rows of all runs together."""
    return Rows(
        tuple(row for _, rows in runs for row in rows.good),
        tuple(row for _, rows in runs for row in rows.bad),
    )


def parts_with(file_id: str, rows: Sequence[int]) -> list[int]:
    """Which parts of a file hold some of its rows; none when the file's good rows have been deleted."""
    if not rows:
        return []
    try:
        parts = json.loads(lake.get(manifest_key(file_id)))["parts"]
    except NotFound:
        return []
    return [each["index"] for each in parts if any(each["first_row"] <= row <= each["last_row"] for row in rows)]


def dropped_mentions(file_id: str, enrollee_id: int) -> bool:
    """Whether a dropped file has the number somewhere, as `mentions` finds it."""
    try:
        return mentions(open_source(file_id), enrollee_id)
    except NotFound:
        return False


def mentions(source: IO[bytes], enrollee_id: int) -> bool:
    """Whether a file that can't be used has the number in any field, its thousands grouped or not; also if that can't
    be found out."""
    found = False
    digits = f"{enrollee_id:,}".replace(",", "[.,]?")
    pattern = re.compile(rf"(?<![0-9.])0*{digits}(?![0-9]|\.[0-9]*[1-9])".encode())
    tail = b""
    try:
        for piece in decode.pieces(source, sha256(), _CHUNK_BYTES):
            found = found or pattern.search(tail + piece) is not None
            tail = piece[-_LONGEST_NUMBER:]
    except Rejected:
        return True
    return found


def open_object(key: str) -> IO[bytes]:
    """The current bytes of an object of the lake. Raises NotFound."""
    return lake.stream(settings().lake_bucket, key, None)
