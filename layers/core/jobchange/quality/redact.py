"""Redaction: a candidate's record is replaced by a text that says so, and every other row keeps its place and its
number."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from typing import IO

import numpy as np

from jobchange import contract
from jobchange.contract import Kind
from jobchange.quality.identifiers import CandidateFinder, IsWanted
from jobchange.reading import decode, header
from jobchange.reading.blocks import blocks
from jobchange.reading.decode import text_of
from jobchange.reading.header import Layout
from jobchange.reading.origin import ROW
from jobchange.reading.records import Positions, Records, split

Replacements = Mapping[int, bytes | None]
"""The records, by ascending index, to be redacted, and what to leave in the place of each (None: not even a line)."""

ERASED = "(erased)"
"""The tombstone: what is left of a row. No header has one column only, so it can't be split into cells."""

_CHUNK_BYTES = 1 << 20
_GOOD = ",".join("0" if column.kind in (Kind.INTEGER, Kind.NUMBER) else "" for column in contract.COLUMNS)
"""What is left of a row in a good part, after its number: nobody has the identifier 0."""


class Redactor:
    """Redacts erased candidates in the records of one file; `redacted` counts them."""

    def __init__(self, layout: Layout, is_erased: IsWanted, tombstone: str | None = ERASED) -> None:
        self._layout = layout
        self._finder = CandidateFinder(layout, is_erased)
        self._tombstone = None if tombstone is None else tombstone.encode()
        self.redacted = 0

    def redact(self, records: Records) -> Records:
        """The same records, those of erased candidates replaced."""
        replacements = self.replacements(records)
        if not replacements:
            return records
        return split(without(records, replacements, self._layout), self._layout, final=True)[0]

    def replacements(self, records: Records) -> Replacements:
        """The records to be redacted."""
        replacements: dict[int, bytes | None] = dict.fromkeys(self._finder.find(records), self._tombstone)
        self.redacted += len(replacements)
        return replacements


def tombstones(records: Records) -> Positions:
    """The records that were redacted, by index."""
    if len(records.whole) == len(records):
        return np.empty(0, np.int64)
    others = np.setdiff1d(np.arange(len(records)), records.whole, assume_unique=True)
    erased, data = ERASED.encode(), records.data
    found = (each for each in others.tolist() if data[records.begins[each] : records.ends[each]] == erased)
    return np.fromiter(found, np.int64)


def without(records: Records, replacements: Replacements, layout: Layout) -> bytes:
    """The text of some records without those that are replaced; byte for byte the same elsewhere."""
    data, newline = records.data, layout.newline.encode()
    if not len(records):
        return b""
    pieces, cursor = [], 0
    for record, left in replacements.items():
        end = records.ends[record]
        pieces.append(data[cursor : records.begins[record]])
        cursor = data.find(newline, end) + 1
        if left is not None:
            pieces += [left, data[end:cursor]]
    pieces.append(data[cursor : data.find(newline, records.ends[-1]) + 1])
    return b"".join(pieces)


def dropped_file(
    source: IO[bytes], is_erased: IsWanted, write: Callable[[bytes], object], tombstone: str | None = ERASED
) -> int:
    """Copy a file as dropped (unpacked, and in UTF-8 if it was UTF-16) without the rows of erased candidates, each
    replaced by the `tombstone`, or by nothing at all; returns how many they were. Raises Rejected where `validate`
    finds the file fatal."""
    redactor: list[Redactor] = []

    def choose(records: Records, layout: Layout) -> Replacements:
        if not redactor:
            redactor.append(Redactor(layout, is_erased, tombstone))
        return redactor[0].replacements(records)

    _copy(source, choose, write)
    return redactor[0].redacted if redactor else 0


def bad_file(source: IO[bytes], rows: Collection[int], write: Callable[[bytes], object]) -> None:
    """Copy a bad file without some rows, by their numbers as dropped."""
    numbers = {str(row) for row in rows}
    write(b"\xef\xbb\xbf")

    def choose(records: Records, layout: Layout) -> Replacements:
        position = layout.origin[ROW]
        starts, lengths = records.starts[position].tolist(), records.lengths[position].tolist()
        replacements: dict[int, bytes | None] = {}
        for record, start, length in zip(records.whole.tolist(), starts, lengths, strict=True):
            if text_of(records.data[start : start + length]) in numbers:
                replacements[record] = None
        return replacements

    _copy(source, choose, write)


def good_part(body: bytes, rows: Collection[int]) -> tuple[bytes, dict[int, int]]:
    """A part of the good rows without some of them, by their numbers as dropped, and the place in the part of each of
    those (0 for the first row)."""
    lines = body.split(b"\n")
    wanted = {b"%d" % row: row for row in rows}
    places: dict[int, int] = {}
    for place, line in enumerate(lines[1:]):
        row = wanted.get(line.partition(b",")[0])
        if row is not None:
            places[row] = place
            lines[place + 1] = f"{row},{_GOOD}".encode()
    return b"\n".join(lines), places


def _copy(
    source: IO[bytes], choose: Callable[[Records, Layout], Replacements], write: Callable[[bytes], object]
) -> None:
    pieces = decode.pieces(source, hashlib.sha256(), _CHUNK_BYTES)
    head = next(pieces, b"")
    layout, start = header.read(head)
    write(head[:start])
    for records in blocks(head[start:], pieces, layout, _CHUNK_BYTES):
        write(without(records, choose(records, layout), layout))
