"""The file's first line: which separator it uses, and where each of the contract's columns is."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jobchange import contract
from jobchange.contract import Issue
from jobchange.quality.decode import HEAD, Rejected, text_of
from jobchange.quality.quarantine import FILE, ORIGIN, ROW

MAX_FIELDS = 2000
"""Columns of a file, far more than its rows could need."""

SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Layout:
    """How to read a file's lines.

    `newline` is the one character that ends a line; before a line feed, a carriage return belongs to the line's end.
    `fields` is the number of fields of a row, `positions` says which of them each column of the contract is, in the
    contract's order. `origin` gives the positions of `_row` and `_file` if this is a corrected file of bad rows, and is
    empty otherwise. `unexpected` are names that the contract doesn't know; `repaired` pairs a column with its spelling.
    """

    separator: str
    newline: str
    fields: int
    positions: Mapping[str, int]
    origin: Mapping[str, int]
    unexpected: tuple[str, ...]
    repaired: tuple[tuple[str, str], ...]

    @property
    def canonical(self) -> bool:
        """Whether a row's line can be taken over as it is, but for optional columns missing at its end."""
        names = contract.NAMES[: self.fields]
        return (
            self.separator == ","
            and tuple(self.positions) == names
            and [*self.positions.values()] == [*range(self.fields)]
        )


def read(head: bytes) -> tuple[Layout, int]:
    """The layout of a text that begins with `head` (`HEAD` bytes, or the whole text), and where its rows begin.

    Raises:
        Rejected: there is no header, it lacks a required column, or it names one twice.
    """
    newline = "\r" if b"\r" in head and b"\n" not in head else "\n"
    lines = [line + "\n" for line in text_of(head).split(newline)]
    blank = next((index for index, line in enumerate(lines) if line.strip()), None)
    if blank is None:
        raise Rejected(Issue.EMPTY, "is empty: check that the export finished, and drop the full file")
    separator, names, used = max(
        ((separator, *_first_record(lines[blank:], separator)) for separator in SEPARATORS), key=_recognised
    )
    start = 0
    for _ in range(blank + used):
        end = head.find(newline.encode(), start)
        if end < 0 and len(head) >= HEAD:
            raise Rejected(
                Issue.UNREADABLE,
                f"has a first line of more than {HEAD >> 10} KB, which is no header: export it again, one row a line",
            )
        start = end + 1 if end >= 0 else len(head)
    return _layout(separator, newline, names), start


def _first_record(lines: Sequence[str], separator: str) -> tuple[list[str], int]:
    reader = csv.reader(lines, delimiter=separator)
    try:
        return next(reader), reader.line_num
    except csv.Error:
        return [lines[0]], 1


def _recognised(split: tuple[str, list[str], int]) -> int:
    return sum(_known(name) in contract.BY_NAME for name in split[1])


def _known(name: str) -> str:
    """A name as the contract would spell it: without padding, in small letters, words joined by underscores."""
    return "_".join(name.split()).lower()


def _layout(separator: str, newline: str, names: list[str]) -> Layout:
    names = [name.rstrip("\r\n") for name in names]
    if len(names) > MAX_FIELDS:
        raise Rejected(
            Issue.UNREADABLE, f"has more than {MAX_FIELDS:,} columns: leave out those that the contract doesn't know"
        )
    known = [_known(name) for name in names]
    twice = sorted({name for name in known if name in contract.BY_NAME and known.count(name) > 1})
    if twice:
        raise Rejected(
            Issue.UNREADABLE,
            f"names {_listed(twice)} twice in its header: keep one column of that name, and drop the file again",
        )
    positions = {name: known.index(name) for name in contract.NAMES if name in known}
    missing = tuple(column.name for column in contract.COLUMNS if column.required and column.name not in positions)
    if not positions:
        raise Rejected(
            Issue.MISSING_COLUMN,
            "has no header, for its first line names none of the contract's columns: put the line with their names "
            "above the rows, and drop the file again",
            missing,
        )
    if missing:
        raise Rejected(
            Issue.MISSING_COLUMN,
            f"lacks {_listed(missing)} in its header: add {'it' if len(missing) == 1 else 'them'}, under exactly "
            f"{'this name' if len(missing) == 1 else 'these names'}, and drop the file again",
            missing,
        )
    corrected = ROW in known and FILE in known
    return Layout(
        separator=separator,
        newline=newline,
        fields=len(names),
        positions=positions,
        origin={name: known.index(name) for name in (ROW, FILE)} if corrected else {},
        unexpected=tuple(
            names[index].strip() or f"(unnamed, column {index + 1})"
            for index, name in enumerate(known)
            if name not in contract.BY_NAME and not (corrected and name in ORIGIN)
        ),
        repaired=tuple((name, names[position]) for name, position in positions.items() if names[position] != name),
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
