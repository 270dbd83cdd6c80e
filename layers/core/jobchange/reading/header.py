"""The file's header: where it is, which separator and decimal mark the file uses, and where each column is."""

import csv
import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from jobchange import contract
from jobchange.contract import DecimalMark, Issue
from jobchange.contract.reader import visible
from jobchange.reading.decode import HEAD, text_of
from jobchange.reading.origin import FILE, ORIGIN, RAW, ROW
from jobchange.reading.rejected import Rejected

MAX_FIELDS = 2000
"""Columns of a file, far more than its rows could need."""

MAX_ABOVE = 20
"""Lines in which the header is looked for."""

SEPARATORS = (",", ";", "\t", "|")

_SAMPLE = 100
"""Rows that show how the file is written: its decimal mark, and whether its rows have a field more than its header."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How to read a file's lines.

    `newline` is the one character that ends a line; before a line feed, a carriage return belongs to the line's end.
    `fields` is the number of fields of a row, `positions` says which of them each column of the contract is, in the
    contract's order. `origin` gives the positions of `_row` and `_file` if this is a corrected file of bad rows, and is
    empty otherwise. `unexpected` gives the names that the contract doesn't know by position; `repaired` pairs a column
    with its spelling; `above` are the lines before the header.
    """

    separator: str
    newline: str
    mark: DecimalMark
    fields: int
    positions: Mapping[str, int]
    origin: Mapping[str, int] = field(default_factory=dict)
    unexpected: Mapping[int, str] = field(default_factory=dict)
    repaired: tuple[tuple[str, str], ...] = ()
    above: tuple[str, ...] = ()
    raw: int | None = None
    """The position of `_raw`."""

    @property
    def canonical(self) -> bool:
        """Whether a row's line can be taken over as it is, but for optional columns missing at its end."""
        names = contract.NAMES[: self.fields]
        return (
            self.separator == ","
            and tuple(self.positions) == names
            and [*self.positions.values()] == [*range(self.fields)]
        )

    @property
    def multiline(self) -> frozenset[int]:
        """The fields that may hold line breaks: those that neither the contract nor a bad file has."""
        known = {*self.positions.values(), *self.origin.values(), self.raw}
        return frozenset(range(self.fields)) - known

    @property
    def least_fields(self) -> int:
        """The fields that a row has at least: the last ones may be left out where nothing has to be in them."""
        required = (position for name, position in self.positions.items() if not contract.BY_NAME[name].nullable)
        return max((*required, *self.origin.values(), self.raw or 0)) + 1


def read(head: bytes) -> tuple[Layout, int]:
    """The layout of a text that begins with `head` (`HEAD` bytes, or the whole text), and where its rows begin.

    Raises:
        Rejected: there is no header, it lacks a required column, or it names one twice.
    """
    newline = _line_end(head)
    lines = [line + "\n" for line in text_of(head).split(newline)]
    written = (index for index, line in enumerate(lines) if visible(line.strip()).strip())
    filled = list(islice(written, MAX_ABOVE + 1))
    if not filled:
        raise Rejected(Issue.EMPTY, "is empty: check that the export finished, and drop the full file")
    named = _separator_line(lines[filled[0]])
    candidates = _candidates(lines, filled[1:] if named else filled, (named,) if named else SEPARATORS)
    if not candidates:
        raise Rejected(Issue.EMPTY, "holds nothing but a line that names its separator: drop the full file")
    # Of several the first: max keeps it.
    index, separator, names, used = max(candidates, key=lambda candidate: _recognised(candidate[2]))
    if not _recognised(names):
        _refuse_quoted_lines(lines[filled[0]])
    above = [lines[each] for each in filled[bool(named) :] if each < index]
    _refuse_rows_above(above, separator, len(names), index)
    start = _start(head, newline, index + used)
    # The last line of a longer text may be cut off.
    below = lines[index + used : len(lines) if len(head) < HEAD else -1]
    sample = list(islice(_rows(below, separator), _SAMPLE))
    return _layout(separator, newline, names, sample, tuple(line.strip() for line in above)), start


def _candidates(
    lines: Sequence[str], filled: Sequence[int], separators: Sequence[str]
) -> list[tuple[int, str, list[str], int]]:
    """What may be the header: the number of a line, a separator, the names and how many lines they take."""
    found = []
    for index in filled:
        found += [(index, each, *_first_record(islice(lines, index, None), each)) for each in separators]
        if any(_recognised(names) >= _REQUIRED for _, _, names, _ in found):
            break
    return found


_REQUIRED = sum(column.required for column in contract.COLUMNS)


def _line_end(head: bytes) -> str:
    """A carriage return where the first line ends with nothing else and most others do, otherwise a line feed."""
    first = re.search(b"\r\n?|\n", head)
    returns = head.count(b"\r") - head.count(b"\r\n")
    return "\r" if first and first[0] == b"\r" and returns > head.count(b"\n") else "\n"


def _start(head: bytes, newline: str, lines: int) -> int:
    """Where the text begins after so many lines."""
    start = 0
    for _ in range(lines):
        end = head.find(newline.encode(), start)
        if end < 0 and len(head) >= HEAD:
            raise Rejected(
                Issue.UNREADABLE,
                f"has a first line of more than {HEAD >> 10} KB, which is no header: export it again, one row a line",
            )
        start = end + 1 if end >= 0 else len(head)
    return start


def _separator_line(line: str) -> str | None:
    """The separator that a first line `sep=;`, which Excel understands, names."""
    match = re.fullmatch(r'"?sep=([,;|\t])"?', visible(line.rstrip("\r\n")).strip(" "), re.IGNORECASE)
    return match[1] if match else None


def _first_record(lines: Iterator[str], separator: str) -> tuple[list[str], int]:
    reader = csv.reader(lines, delimiter=separator)
    try:
        return next(reader), reader.line_num
    except (csv.Error, StopIteration):
        return [], 1


def _rows(lines: Sequence[str], separator: str) -> Iterator[list[str]]:
    """The fields of each line that has some."""
    for line in lines:
        names, _ = _first_record(iter((line,)), separator)
        if any(name.strip() for name in names):
            yield names


def _recognised(names: Sequence[str]) -> int:
    return sum(known_name(name) in contract.BY_NAME for name in names)


def known_name(name: str) -> str:
    """A name as the contract would spell it: without padding, in small letters, words joined by underscores."""
    written = "_".join(visible(name).strip().strip("\"'").split()).lower()
    return _ALIASES.get(written, written)


_ALIASES = {alias: column.name for column in contract.COLUMNS for alias in column.aliases}


def _refuse_quoted_lines(line: str) -> None:
    """A program that took each line for one value wrote `"a,b,c"`."""
    inner = line.strip()
    if inner[:1] == inner[-1:] == '"' and any(_recognised(inner[1:-1].split(mark)) for mark in SEPARATORS):
        raise Rejected(
            Issue.UNREADABLE,
            "has each of its lines in quotation marks as a whole, so that a line is one single value: export it again "
            "with marks around values or without any, and drop that file",
        )


def _refuse_rows_above(above: Sequence[str], separator: str, fields: int, line: int) -> None:
    for each in above:
        cells, _ = _first_record(iter((each,)), separator)
        if 2 * sum(bool(cell.strip()) for cell in cells) >= fields:
            raise Rejected(
                Issue.UNREADABLE,
                f"has its header in line {line + 1}, below rows: move it to the top, and drop the file again",
            )


def _layout(
    separator: str, newline: str, names: list[str], sample: Sequence[Sequence[str]], above: tuple[str, ...]
) -> Layout:
    names = [name.rstrip("\r\n") for name in names]
    if len(names) > MAX_FIELDS:
        raise Rejected(
            Issue.UNREADABLE, f"has more than {MAX_FIELDS:,} columns: leave out those that the contract doesn't know"
        )
    _refuse_unusable([known_name(name) for name in names], names)
    names = _with_unnamed(names, sample)
    known = [known_name(name) for name in names]
    positions = {name: known.index(name) for name in contract.NAMES if name in known}
    corrected = ROW in known and FILE in known
    return Layout(
        separator=separator,
        newline=newline,
        mark=_mark(sample, positions["city_development_index"]),
        fields=len(names),
        positions=positions,
        origin={name: known.index(name) for name in (ROW, FILE)} if corrected else {},
        raw=known.index(RAW) if corrected and RAW in known else None,
        unexpected={
            index: visible(names[index]).strip() or f"(unnamed, column {index + 1})"
            for index, name in enumerate(known)
            if name not in contract.BY_NAME and not (corrected and name in ORIGIN)
        },
        repaired=tuple((name, names[position]) for name, position in positions.items() if names[position] != name),
        above=above,
    )


def _refuse_unusable(known: list[str], names: Sequence[str]) -> None:
    twice = sorted({name for name in known if name in contract.BY_NAME and known.count(name) > 1})
    if twice:
        raise Rejected(
            Issue.UNREADABLE,
            f"names {_listed(twice)} twice in its header: keep one column of that name, and drop the file again",
        )
    missing = tuple(column.name for column in contract.COLUMNS if column.required and column.name not in known)
    if len(missing) == _REQUIRED:
        raise Rejected(
            Issue.MISSING_COLUMN,
            "has no header, for its first line names none of the contract's columns: put the line with their names "
            "above the rows, and drop the file again",
            missing,
        )
    if missing:
        raise Rejected(
            Issue.MISSING_COLUMN,
            f"lacks {_listed(missing)} in its header{_meant(missing, known, names)}: add "
            f"{'it' if len(missing) == 1 else 'them'}, under exactly "
            f"{'this name' if len(missing) == 1 else 'these names'}, and drop the file again",
            missing,
        )


def _meant(missing: Sequence[str], known: Sequence[str], names: Sequence[str]) -> str:
    """Which of the file's own names may be the missing ones, misspelt."""
    others = {name: names[index].strip() for index, name in enumerate(known) if name not in contract.BY_NAME}
    near = [(name, difflib.get_close_matches(name, others, n=1, cutoff=0.8)) for name in missing]
    pairs = [f"is “{visible(others[found[0]])[:40]}” meant to be “{name}”?" for name, found in near if found]
    return f" ({' '.join(pairs)})" if pairs else ""


def _with_unnamed(names: list[str], sample: Sequence[Sequence[str]]) -> list[str]:
    """The names, with one more where every row has a field more than the header: in front, where some programs put the
    rows' own names, or at the end, where they put a separator too many."""
    if len(sample) < 2 or any(len(row) != len(names) + 1 for row in sample):
        return names
    options = (["", *names], [*names, ""])
    best = max(options, key=lambda option: _readable(option, sample))
    return best if _readable(best, sample) >= _MOST else names


_MOST = 0.9
"""The share of a sample's cells that have to be readable before a column is taken for one that has no name."""


def _readable(names: Sequence[str], sample: Sequence[Sequence[str]]) -> float:
    """The share of some rows' cells that can be read under these names."""
    columns = [contract.BY_NAME.get(known_name(name)) for name in names]
    readings = [
        contract.read(column, cell).issue is None
        for row in sample
        for column, cell in zip(columns, row, strict=True)
        if column
    ]
    return sum(readings) / len(readings)


def _mark(sample: Sequence[Sequence[str]], position: int) -> DecimalMark:
    """The mark that the city's index is written with, which nearly always has a fraction. One row of both kinds leaves
    it unknown: a file of bad rows that was corrected in a spreadsheet of another language has them."""
    cells = [visible(row[position]).strip().strip('"') for row in sample if len(row) > position]
    comma = any(re.fullmatch(r"[0-9]?,[0-9]+", cell) for cell in cells)
    point = any(re.fullmatch(r"[0-9]?\.[0-9]+", cell) and cell[0] in "0." for cell in cells)
    if comma == point:
        return DecimalMark.UNKNOWN
    return DecimalMark.COMMA if comma else DecimalMark.POINT


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
