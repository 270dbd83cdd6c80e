"""From text to records and cells: where each row and each of its fields begins and ends.

Positions are found for a whole block at once with numpy. Only lines with a quoted field that isn't plainly closed
before the next separator go through a regular expression, one by one.

A record has as many fields as the header; the last ones may be left out where nothing has to be in them and all others
can be read. Fields that hold separators, quotation marks or line breaks are quoted, and inner quotation marks doubled
(RFC 4180); a mark inside an unquoted field is a character like others, as in Python's csv. Only a column that the
contract doesn't know may hold line breaks, and never a line that is a record by itself. Where a line can't be read as a
record it is malformed, and the next line starts a new record: a stray quotation mark costs its own line and no other.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from jobchange import contract
from jobchange.contract import Issue
from jobchange.contract.reader import visible
from jobchange.documents.csv_lines import ESCAPE
from jobchange.reading.decode import text_of
from jobchange.reading.header import Layout
from jobchange.reading.rejected import Rejected

Positions = NDArray[np.int64]
Mask = NDArray[np.bool_]

MAX_RECORD = 1 << 20
"""Bytes within which a record with line breaks inside has to end."""
MAX_RECORD_LINES = 50
"""Lines that such a record may have. With `MAX_RECORD` it bounds what a file full of unclosed marks can cost."""

MAX_LINE = 16 << 20
"""Bytes of a line. What has longer ones has no lines."""

PADDING = bytes(32)
"""Follows the text, so that a few words of eight bytes can be read at any cell."""

_QUOTE, _LF, _CR = b'"\n\r'


@dataclass(frozen=True)
class Records:
    """The n records of a block of text, k of them with as many fields as the header.

    `data` is the text, then unescaped cells, then `PADDING`. `begins` and `ends` (n) bound each record's exact text,
    without its line end. `whole` (k) are the indices of the records that could be split; `starts` and `lengths`
    (fields, k) say where in `data` their cells are; `quoted` (k) marks the records with quoted cells, whose text can't
    be copied as it is, and `short` (k) those that end before the header does: their last cells are empty. `longer` are
    the indices of records with line breaks inside. `empty` counts the lines that held nothing.
    """

    data: bytes
    begins: Positions
    ends: Positions
    whole: Positions
    starts: Positions
    lengths: Positions
    quoted: Mask
    short: Mask
    longer: Positions
    empty: int

    def __len__(self) -> int:
        return len(self.begins)


def split(block: bytes, layout: Layout, *, final: bool) -> tuple[Records, int]:
    """The records of `block`, which holds whole lines with their line ends, and how many of its bytes they use up: all,
    unless a record at its end may go on in the next block (never in the `final` one). Empty lines are no records."""
    lines = _lines(block, layout)
    cells = _plain_cells(lines)
    quotes = _quotes(lines, cells, final=final) if b'"' in block else _Quotes(len(lines.begins))

    record = _not_empty(lines, quotes)
    record[quotes.covered] = True
    empty = int((~record[: quotes.stop]).sum())
    record[quotes.covered] = False
    record[quotes.stop :] = False
    plain = record[cells.lines]
    plain[np.isin(cells.lines, quotes.irregular)] = False
    short = _short_cells(lines, record, quotes)
    if quotes.cells or short or not plain.all():
        cells = _merged(cells, plain, [each for each in (quotes.cells, short) if each])
    lines.ends[list(quotes.longer)] = list(quotes.longer.values())
    number = np.cumsum(record) - 1

    data = b"".join((block, quotes.unescaped, PADDING))
    if layout.origin:
        escaped = (np.frombuffer(data, np.uint8)[cells.starts] == ord(ESCAPE)) & (cells.lengths > 0)
        cells.starts[escaped] += 1
        cells.lengths[escaped] -= 1
    records = Records(
        data=data,
        begins=lines.begins[record],
        ends=lines.ends[record],
        whole=number[cells.lines],
        starts=cells.starts,
        lengths=cells.lengths,
        quoted=np.isin(cells.lines, quotes.opened),
        short=np.isin(cells.lines, short.lines) if short else np.zeros(len(cells.lines), np.bool_),
        longer=number[list(quotes.longer)],
        empty=empty,
    )
    return records, len(block) if quotes.stop == len(record) else int(lines.begins[quotes.stop])


def too_long() -> Rejected:
    """The rejection of a file with a line longer than `MAX_LINE`."""
    return Rejected(Issue.UNREADABLE, f"has a line longer than {MAX_LINE >> 20} MB: export it again, one row a line")


@dataclass(frozen=True)
class _Lines:
    """The lines of a block: where each begins, where its text ends, where its line end ends, and its number of fields
    when quotation marks are taken for characters like others. `marks` are the separators and line ends in order."""

    block: bytes
    layout: Layout
    marks: Positions
    begins: Positions
    ends: Positions
    nexts: Positions
    fields: Positions


@dataclass(frozen=True)
class _Cells:
    """The cells of some lines, in order: `starts` and `lengths` are (fields, lines)."""

    lines: Positions
    starts: Positions
    lengths: Positions


@dataclass
class _Quotes:
    """What the quoted fields of a block come to; lines are given by index.

    `opened` lines hold a quoted field, and the `irregular` ones of them have to be read character by character; `cells`
    are those of the records found there. `longer` records end in a later line, there; `covered` lines are inside them.
    `unescaped` are values to follow the block. Lines from `stop` on may belong to a record that the next block ends.
    """

    stop: int
    opened: list[int] = field(default_factory=list)
    irregular: list[int] = field(default_factory=list)
    cells: _Cells | None = None
    longer: dict[int, int] = field(default_factory=dict)
    covered: list[int] = field(default_factory=list)
    unescaped: bytearray = field(default_factory=bytearray)


def _lines(block: bytes, layout: Layout) -> _Lines:
    buffer = np.frombuffer(block, np.uint8)
    newline = ord(layout.newline)
    marks = np.flatnonzero((buffer == ord(layout.separator)) | (buffer == newline))
    closing = np.flatnonzero(buffer[marks] == newline)
    ends = marks[closing]
    nexts = ends + 1
    begins = np.concatenate([[0], nexts[:-1]])
    if (ends - begins).max() > MAX_LINE:
        raise too_long()
    if newline == _LF and b"\r" in block:
        ends = ends - ((buffer[ends - 1] == _CR) & (ends > begins))
    return _Lines(block, layout, marks, begins, ends, nexts, np.diff(closing, prepend=-1))


def _plain_cells(lines: _Lines) -> _Cells:
    fields = lines.layout.fields
    complete = lines.fields == fields
    if complete.all():
        ends = np.ascontiguousarray(lines.marks.reshape(-1, fields).T)
    else:
        ends = np.ascontiguousarray(lines.marks[np.repeat(complete, lines.fields)].reshape(-1, fields).T)
    starts = np.empty_like(ends)
    starts[0] = lines.begins[complete]
    starts[1:] = ends[:-1] + 1
    ends[-1] = lines.ends[complete]
    return _Cells(np.flatnonzero(complete), starts, ends - starts)


def _not_empty(lines: _Lines, quotes: _Quotes) -> Mask:
    """Lines with anything but spaces, separators, pairs of quotation marks, and what nobody sees."""
    filled = np.ones(len(lines.begins), np.bool_)
    separator = lines.layout.separator
    suspects = (lines.ends - lines.begins <= 3 * lines.layout.fields) | (lines.fields == 1)
    for line in np.flatnonzero(suspects).tolist():
        text = visible(text_of(lines.block[lines.begins[line] : lines.ends[line]]))
        filled[line] = any(map(_holds_something, text.split(separator)))
    filled[quotes.irregular] = True
    return filled


def _holds_something(cell: str) -> bool:
    cell = cell.strip()
    return bool(cell[1:-1].strip() if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell)


def _short_cells(lines: _Lines, record: Mask, quotes: _Quotes) -> _Cells | None:
    """The cells of lines that end before the header does, where it is safe to take the last ones for empty."""
    layout = lines.layout
    possible = record & (lines.fields < layout.fields) & (lines.fields >= layout.least_fields)
    possible[quotes.opened] = False
    found, spans = [], array("q")
    for line in np.flatnonzero(possible).tolist():
        begin, end = int(lines.begins[line]), int(lines.ends[line])
        cells = lines.block[begin:end].split(layout.separator.encode())
        if _may_be_short([text_of(cell) for cell in cells], layout):
            found.append(line)
            for cell in cells:
                spans.extend((begin, len(cell)))
                begin += len(cell) + 1
            spans.extend((end, 0) * (layout.fields - len(cells)))
    if not found:
        return None
    starts, lengths = np.array(spans, np.int64).reshape(len(found), -1, 2).transpose(2, 1, 0).copy()
    return _Cells(np.array(found), starts, lengths)


def _may_be_short(cells: list[str], layout: Layout) -> bool:
    """Whether these are the first cells of a row, and can't be others: they can be read under their columns, and not
    if it were values before the last ones that aren't there."""
    columns = [(contract.BY_NAME[name], position) for name, position in layout.positions.items()]
    missing = layout.fields - len(cells)

    def readable(at: int) -> bool:
        """With the missing values at this place, whatever they were."""
        for column, position in columns:
            if not at <= position < at + missing:
                cell = cells[position if position < at else position - missing]
                if contract.read(column, cell, layout.mark).issue is not None:
                    return False
        return True

    return readable(len(cells)) and not any(map(readable, range(len(cells))))


def _merged(cells: _Cells, selected: Mask, more: Sequence[_Cells]) -> _Cells:
    """The cells of the `selected` lines and those of some `more`, in the order of the lines."""
    cells = _Cells(cells.lines[selected], cells.starts[:, selected], cells.lengths[:, selected])
    if not more:
        return cells
    lines = np.concatenate([cells.lines, *(each.lines for each in more)])
    order = np.argsort(lines)
    return _Cells(
        lines[order],
        np.concatenate([cells.starts, *(each.starts for each in more)], axis=1)[:, order],
        np.concatenate([cells.lengths, *(each.lengths for each in more)], axis=1)[:, order],
    )


def _quotes(lines: _Lines, cells: _Cells, *, final: bool) -> _Quotes:
    block, layout = lines.block, lines.layout
    buffer = np.frombuffer(block, np.uint8)
    marks = np.flatnonzero(buffer == _QUOTE)
    before = buffer[marks - 1]
    opening = (before == ord(layout.separator)) | (before == ord(layout.newline)) | (marks == 0)
    line_of = np.searchsorted(lines.nexts, marks, side="right")
    opened = np.unique(line_of[opening])
    found = _Quotes(len(lines.begins), opened=opened.tolist())

    # A line is plain when all its marks are pairs at the two ends of a field: no separator can be between them.
    quoted = np.isin(cells.lines, opened)
    starts, lengths = cells.starts[:, quoted], cells.lengths[:, quoted]
    paired = (buffer[starts] == _QUOTE) & (buffer[starts + lengths - 1] == _QUOTE) & (lengths > 1)
    plain = 2 * paired.sum(axis=0) == np.bincount(line_of, minlength=len(lines.begins))[cells.lines[quoted]]
    paired &= plain
    cells.starts[:, quoted] += paired
    cells.lengths[:, quoted] -= 2 * paired
    found.irregular = np.setdiff1d(opened, cells.lines[quoted][plain], assume_unique=True).tolist()

    if found.irregular:
        _read_irregular(found, lines, buffer, marks, final=final)
    return found


def _read_irregular(found: _Quotes, lines: _Lines, buffer: NDArray[np.uint8], marks: Positions, *, final: bool) -> None:
    reader = _Reader(lines, final=final)
    first_lines, last_lines, spans = [], [], array("q")
    last = -1
    for line in found.irregular:
        if line <= last:
            continue
        record = reader.record(line)
        if record is None:
            found.stop = line
            break
        last, fields = record
        if last > line:
            found.longer[line] = int(lines.ends[last])
            found.covered.extend(range(line + 1, last + 1))
        if fields:
            first_lines.append(line)
            last_lines.append(last)
            spans.extend(chain.from_iterable(fields))
    if not first_lines:
        return
    starts, ends = np.array(spans, np.int64).reshape(len(first_lines), -1, 2).transpose(2, 1, 0).copy()
    ends[-1] = np.minimum(ends[-1], lines.ends[last_lines])  # an unquoted last field takes a carriage return along
    quoted = buffer[starts] == _QUOTE
    doubled = quoted & (np.searchsorted(marks, ends) - np.searchsorted(marks, starts) > 2)
    starts, lengths = starts + quoted, ends - starts - 2 * quoted
    for place in zip(*np.nonzero(doubled), strict=True):
        value = lines.block[starts[place] : starts[place] + lengths[place]].replace(b'""', b'"')
        starts[place], lengths[place] = len(lines.block) + len(found.unescaped), len(value)
        found.unescaped += value
    found.cells = _Cells(np.array(first_lines), starts, lengths)


class _Reader:
    """Reads records character by character."""

    def __init__(self, lines: _Lines, *, final: bool) -> None:
        self._block, self._final = lines.block, final
        self._begins, self._nexts = lines.begins.tolist(), lines.nexts.tolist()
        self._multiline, self._newline = lines.layout.multiline, lines.layout.newline.encode()
        self._record, self._any_record = _grammar(lines.layout.separator, lines.layout.newline, lines.layout.fields)

    def record(self, line: int) -> tuple[int, Sequence[tuple[int, int]]] | None:
        """The record that begins with this line: its last line and its fields' spans (start, end), none if it is
        malformed; or None if only the next block can show it."""
        begin, count = self._begins[line], len(self._begins)
        window = self._nexts[line]
        if self._multiline:
            last = min(line + MAX_RECORD_LINES, count) - 1
            window = max(window, min(self._nexts[last], begin + MAX_RECORD))
        if match := self._record.match(self._block, begin, window):
            last = bisect_right(self._nexts, match.end(), line)
            if last == line or self._may_be_longer(line, last, match.regs[1:]):
                return last, match.regs[1:]
        elif self._multiline and not self._any_record.match(self._block, begin, window):
            # A mark is still open where the text ends.
            further = count - line < MAX_RECORD_LINES and len(self._block) - begin < MAX_RECORD
            if further and not self._final:
                return None
        return line, ()

    def _may_be_longer(self, line: int, last: int, fields: Sequence[tuple[int, int]]) -> bool:
        """Whether the line breaks in a record are where they may be, and none of its lines is a record by itself."""
        broken = (
            place for place, (start, end) in enumerate(fields) if self._block.find(self._newline, start, end) >= 0
        )
        if not self._multiline.issuperset(broken):
            return False
        spans = zip(self._begins[line + 1 : last + 1], self._nexts[line + 1 : last + 1], strict=True)
        return not any(self._record.match(self._block, begin, end) for begin, end in spans)


@lru_cache(maxsize=8)
def _grammar(separator: str, newline: str, fields: int) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """A record of so many fields, up to its line end, with a group for each; and one of any number of fields. Nothing
    in them can match in two ways, so nothing backtracks."""
    end = r"(?=\r?\n)" if newline == "\n" else r"(?=\r)"
    separator, newline = re.escape(separator), re.escape(newline)
    field = rf'(?:"[^"]*+(?:""[^"]*+)*+"|[^"{separator}{newline}][^{separator}{newline}]*+|)'
    record = separator.join([f"({field})"] * fields) + end
    return re.compile(record.encode()), re.compile(rf"{field}(?:{separator}{field})*+{end}".encode())
