"""Rows read again from where they are stored: good and bad rows by their numbers, a dataset's by whose they are."""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO

from jobchange import contract
from jobchange.contract import DecimalMark, Issue
from jobchange.quality.identifiers import CandidateFinder
from jobchange.reading import decode, header
from jobchange.reading.blocks import blocks
from jobchange.reading.decode import text_of
from jobchange.reading.header import Layout
from jobchange.reading.origin import ORIGIN, ROW
from jobchange.reading.records import Records, split

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class BadRow:
    """A refused row: its number as dropped, its identifier's cell, its labels (see `quarantine.label`), and its exact
    text, a line break in it named by its code point."""

    row: int
    identifier: str
    labels: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class DatasetRow:
    """A row of a dataset: its cells as they are, by column (none where it can't be split), and its exact text."""

    cells: dict[str, str]
    text: str


def good(part: bytes, rows: Collection[int]) -> Iterator[tuple[int, dict[str, str]]]:
    """Some rows of a part of the good rows, by their numbers as dropped: canonical texts by column, empty where a value
    is missing."""
    wanted = {b"%d" % row for row in rows}
    for line in part.split(b"\n")[1:]:
        number, _, values = line.partition(b",")
        if number in wanted:
            yield int(number), dict(zip(contract.NAMES, values.decode().split(","), strict=True))


def bad(source: IO[bytes], rows: Collection[int]) -> Iterator[BadRow]:
    """Some rows of a bad file, by their numbers as dropped."""
    if not rows:
        return
    wanted = [b"%d" % row for row in rows]
    # The row's number, and the first of its issues.
    cells = re.compile(b",(?:%b),(?:%b)" % (b"|".join(wanted), "|".join(Issue).encode()))
    pieces = decode.pieces(source, hashlib.sha256(), _CHUNK_BYTES)
    head = next(pieces, b"")
    layout, start = header.read(head)
    for lines in _whole_lines(chain([head[start:]], pieces)):
        # Most of a large file is only searched, not split.
        if cells.search(lines):
            records, _ = split(lines, layout, final=True)
            yield from _bad_rows(records, layout, wanted)


def of_candidate(source: IO[bytes], enrollee_id: int) -> Iterator[DatasetRow]:
    """The rows of a dataset that may be a candidate's: those that an erasure deletes. Raises Rejected where `validate`
    finds the file fatal."""
    finder: CandidateFinder | None = None
    for records, layout in _blocks(source):
        finder = finder or CandidateFinder(layout, lambda identifiers: identifiers == enrollee_id)
        places = {record: place for place, record in enumerate(records.whole.tolist())}
        for record in finder.find(records):
            cells = _cells(records, layout, places[record]) if record in places else {}
            yield DatasetRow(cells, text_of(records.data[records.begins[record] : records.ends[record]]))


def is_number_of(enrollee_id: int, cell: str) -> bool:
    """Whether a cell can be read as this candidate's number, and not only be seen to hold its digits."""
    return contract.read(contract.BY_NAME[contract.IDENTIFIER], cell, DecimalMark.POINT).value == enrollee_id


def _whole_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A bad file's text, in which a row is a line, cut at line ends."""
    rest = b""
    for piece in pieces:
        text = rest + piece
        cut = text.rfind(b"\n") + 1
        rest = text[cut:]
        if cut:
            yield text[:cut]


def _bad_rows(records: Records, layout: Layout, wanted: Collection[bytes]) -> Iterator[BadRow]:
    first = layout.origin[ROW]
    numbers = zip(records.starts[first].tolist(), records.lengths[first].tolist(), strict=True)
    for place, (start, length) in enumerate(numbers):
        if records.data[start : start + length] in wanted:
            number, issues, _, raw = (_cell(records, first + at, place) for at in range(len(ORIGIN)))
            identifier = _cell(records, layout.positions[contract.IDENTIFIER], place)
            yield BadRow(int(number), identifier, tuple(issues.split("; ")), raw)


def _blocks(source: IO[bytes]) -> Iterator[tuple[Records, Layout]]:
    pieces = decode.pieces(source, hashlib.sha256(), _CHUNK_BYTES)
    head = next(pieces, b"")
    layout, start = header.read(head)
    for records in blocks(head[start:], pieces, layout, _CHUNK_BYTES):
        yield records, layout


def _cells(records: Records, layout: Layout, place: int) -> dict[str, str]:
    return {name: _cell(records, position, place) for name, position in layout.positions.items()}


def _cell(records: Records, position: int, place: int) -> str:
    start = records.starts[position, place]
    return text_of(records.data[start : start + records.lengths[position, place]])
