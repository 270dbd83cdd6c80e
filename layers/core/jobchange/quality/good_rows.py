"""Good files: parts of accepted rows in the canonical form that scoring reads.

UTF-8, line feeds, a header, `_row` (the row's number in the file as dropped), then the contract's columns in its order,
an optional column of which the file had none staying empty. Nothing is ever quoted, as no canonical value needs it. A
missing value is empty, an integer is plain digits, any other number is spelled as it was dropped.
"""

import hashlib
from collections.abc import Callable, Iterator
from itertools import pairwise, repeat

import numpy as np

from jobchange import contract
from jobchange.quality.findings import Part
from jobchange.reading.check import CheckedBlock
from jobchange.reading.dictionary import REWRITTEN, TRIMMED, ValueDictionary
from jobchange.reading.header import Layout
from jobchange.reading.origin import ROW
from jobchange.reading.records import Positions, Records

HEADER = ",".join((ROW, *contract.NAMES)).encode()

_UNITS = tuple(b"%03d," % unit for unit in range(1000))


class Parts:
    """Hands over the good rows, by index and body, in parts of `part_rows` rows, each when it is complete; the last one
    may have less."""

    def __init__(self, hand_over: Callable[[int, bytes], None], part_rows: int) -> None:
        self._hand_over = hand_over
        self._part_rows = part_rows
        self._parts: list[Part] = []
        self._body = [HEADER]
        self._rows = 0
        self._first = self._last = 0

    def add(self, rows: Positions, lines: list[bytes]) -> None:
        """Append rows by their numbers, ascending, and their lines without line ends."""
        start = 0
        while start < len(lines):
            stop = min(len(lines), start + self._part_rows - self._rows)
            numbers = rows[start:stop]
            pieces = [b""] * (2 * len(numbers))
            pieces[0::2] = _prefixes(numbers)
            pieces[1::2] = lines[start:stop]
            self._body.append(b"".join(pieces))
            self._first = self._first or int(numbers[0])
            self._last = int(numbers[-1])
            self._rows += len(numbers)
            if self._rows == self._part_rows:
                self._complete()
            start = stop

    def close(self) -> tuple[Part, ...]:
        """Hand over what is left, and say which parts there are."""
        if self._rows:
            self._complete()
        return tuple(self._parts)

    def _complete(self) -> None:
        body = b"".join((*self._body, b"\n"))
        index = len(self._parts)
        self._hand_over(index, body)
        digest = hashlib.sha256(body).hexdigest()
        self._parts.append(Part(index, self._rows, len(body), digest, self._first, self._last))
        self._body, self._rows, self._first = [HEADER], 0, 0


def lines(
    records: Records, checked: CheckedBlock, layout: Layout, dictionaries: dict[str, ValueDictionary]
) -> list[bytes]:
    """The canonical lines of the good records, in their order. One that is canonical already is cut out of the text."""
    good = np.flatnonzero(~checked.bad[records.whole])
    if not layout.canonical:
        return list(_assembled(good, checked, dictionaries))
    rewritten = ((checked.flags & (REWRITTEN | TRIMMED)) > 0) | records.quoted | records.short
    ends = records.starts[-1] + _last_lengths(checked, dictionaries)
    rest = b"," * (len(contract.NAMES) - layout.fields)
    data = records.data
    spans = zip(records.begins[records.whole[good]].tolist(), ends[good].tolist(), strict=True)
    cut = [data[begin:end] + rest for begin, end in spans] if rest else [data[begin:end] for begin, end in spans]
    again = np.flatnonzero(rewritten[good])
    for index, line in zip(again.tolist(), _assembled(good[again], checked, dictionaries), strict=True):
        cut[index] = line
    return cut


def _last_lengths(checked: CheckedBlock, dictionaries: dict[str, ValueDictionary]) -> Positions:
    """The lengths of the canonical texts of the last cells: where only the end of a line isn't canonical (a `target` of
    `1.0`), it is cut off."""
    name = next(reversed(checked.codes))
    lengths = np.array([len(text) for text in dictionaries[name].canonical])
    return lengths[checked.codes[name]]


def _assembled(rows: Positions, checked: CheckedBlock, dictionaries: dict[str, ValueDictionary]) -> Iterator[bytes]:
    """The canonical lines of some good rows (indices into `Records.whole`) from the canonical texts of their cells."""
    columns: list[Iterator[bytes]] = []
    for name in contract.NAMES:
        if name == contract.IDENTIFIER:
            columns.append(b"%d" % number for number in checked.identifiers[rows].tolist())
        elif name in checked.codes:
            columns.append(map(dictionaries[name].canonical.__getitem__, checked.codes[name][rows].tolist()))
        else:
            columns.append(repeat(b""))
    return map(b",".join, zip(*columns, strict=False))


def _prefixes(rows: Positions) -> list[bytes]:
    """What is between a row's line and the one before: the line's end, the row's number and a comma. The digits of the
    thousands are written once for all of them."""
    prefixes: list[bytes] = []
    thousands = rows // 1000
    bounds = np.flatnonzero(np.diff(thousands, prepend=-1, append=-1)).tolist()
    for start, stop in pairwise(bounds):
        units = (rows[start:stop] % 1000).tolist()
        if thousands[start]:
            high = b"\n%d" % thousands[start]
            prefixes += [high + _UNITS[unit] for unit in units]
        else:
            prefixes += [b"\n%d," % unit for unit in units]
    return prefixes
