"""A file as a table: read once from its beginning, block by block, every line of it in exactly one record."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

import numpy as np

from jobchange import contract
from jobchange.contract import Issue
from jobchange.contract.reader import Value, shown, suggestion
from jobchange.reading import decode, header
from jobchange.reading.blocks import blocks
from jobchange.reading.check import CheckedBlock, Checker, Violation
from jobchange.reading.decode import text_of
from jobchange.reading.dictionary import Judge, reader_alone
from jobchange.reading.records import Records
from jobchange.reading.seen import Seen, SeenArray

CHUNK_BYTES = 1 << 20
"""Bytes read at a time: they and what is computed of them fit in a processor's cache, so more isn't faster."""

_MAX_TEXT = 1000
"""Bytes of a cell or line that are enough to show."""


class Table:
    """A file whose header has been read. `layout` says how it is written, `blocks` are its records, to be given to
    `checker` in their order; `content` is the hash of what has been read of the unpacked file. More than `max_text`
    bytes of text are refused.

    Raises Rejected where the file can't be used: at once, or while its blocks are read.
    """

    def __init__(
        self,
        source: IO[bytes],
        *,
        judge: Judge = reader_alone,
        seen: Seen | None = None,
        chunk_bytes: int = CHUNK_BYTES,
        max_text: int | None = None,
    ) -> None:
        self.content = hashlib.sha256()
        text = decode.pieces(source, self.content, chunk_bytes)
        if max_text is not None:
            too_large = f"holds more than {max_text >> 20} MB of text: split it and send the pieces"
            text = decode.bounded(text, max_text, too_large)
        head = next(text, b"")
        self.layout, start = header.read(head)
        self.checker = Checker(self.layout, judge, seen or SeenArray())
        self.blocks: Iterator[Records] = blocks(head[start:], text, self.layout, chunk_bytes)

    def checked(self) -> Iterator[tuple[Records, CheckedBlock]]:
        """The blocks, each with what is wrong in it."""
        for records in self.blocks:
            yield records, self.checker.check(records)

    def good_columns(self, records: Records, checked: CheckedBlock) -> dict[str, list[str | None]]:
        """The canonical texts of the good records by column, None where missing or where the file has no such
        column."""
        good = ~checked.bad[records.whole]
        columns: dict[str, list[str | None]] = {}
        for name in contract.NAMES:
            if name == contract.IDENTIFIER:
                columns[name] = [str(number) for number in checked.identifiers[good].tolist()]
            elif name in checked.codes:
                texts = [text.decode() or None for text in self.checker.dictionaries[name].canonical]
                columns[name] = list(map(texts.__getitem__, checked.codes[name][good].tolist()))
            else:
                columns[name] = [None] * int(good.sum())
        return columns

    def example(self, violation: Violation, record: int, records: Records) -> tuple[str | None, str | None]:
        """What a record has where it breaks the contract, and what that was read as or may be meant to be."""
        if violation.column is None:
            return shown(text_of(records.data[records.begins[record] : records.ends[record]][:_MAX_TEXT])), None
        column, value = contract.BY_NAME[violation.column], self._cell(violation.column, record, records)
        meant = None
        match violation.issue:
            case Issue.INCONSISTENT:
                city = contract.read(contract.BY_NAME["city"], self._cell("city", record, records)).text
                value = f"{value} ({city} has {contract.CITIES[city]:g})"
            case Issue.REPAIRED_VALUE:
                meant = contract.read(column, value, self.layout.mark).text or None
            case Issue.UNKNOWN_CATEGORY:
                meant = suggestion(column, value)
        return shown(value) or None, meant

    def others(self, records: Records) -> Iterator[list[str]]:
        """The cells of each record in the columns that the contract doesn't know (`layout.unexpected`), as they are;
        none of a record that couldn't be split."""
        positions = [*self.layout.unexpected]
        starts, lengths = records.starts[positions].T.tolist(), records.lengths[positions].T.tolist()
        split = dict(zip(records.whole.tolist(), zip(starts, lengths, strict=True), strict=True))
        for record in range(len(records)):
            places = zip(*split.get(record, ((), ())), strict=True)
            yield [text_of(records.data[start : start + length]) for start, length in places]

    def _cell(self, column: str, record: int, records: Records) -> str:
        place = np.searchsorted(records.whole, record)
        position = self.layout.positions[column]
        start, length = records.starts[position, place], records.lengths[position, place]
        return text_of(records.data[start : start + length][:_MAX_TEXT]).strip()


@dataclass(frozen=True)
class RowIssue:
    """One thing that is wrong in a row, or was repaired: in which column (None: the row as a whole), what is there, and
    what it was read as or may be meant to be."""

    issue: Issue
    column: str | None
    value: str | None
    meant: str | None


@dataclass(frozen=True)
class Row:
    """A row of a file by its number: its canonical values, None where the row is refused, and its `Table.others`."""

    number: int
    values: Mapping[str, Value] | None
    others: list[str]
    issues: tuple[RowIssue, ...]


def rows(table: Table) -> Iterator[Row]:
    """A small file row by row. Raises Rejected."""
    total = 0
    for records, checked in table.checked():
        issues: dict[int, list[RowIssue]] = {}
        for violation in checked.violations:
            for record in violation.records.tolist():
                example = table.example(violation, record, records)
                issues.setdefault(record, []).append(RowIssue(violation.issue, violation.column, *example))
        columns = table.good_columns(records, checked)
        values = zip(*(_values(name, texts) for name, texts in columns.items()), strict=True)
        for record, (bad, others) in enumerate(zip(checked.bad.tolist(), table.others(records), strict=True)):
            total += 1
            row = None if bad else dict(zip(columns, next(values), strict=True))
            yield Row(total, row, others, tuple(issues.get(record, ())))


def _values(name: str, texts: list[str | None]) -> list[Value]:
    column = contract.BY_NAME[name]
    if column.numeric:
        return [None if text is None else contract.read(column, text).value for text in texts]
    return list(texts)
