"""What is wrong with each row: in single cells, between the cells of a row, and between rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from jobchange import contract
from jobchange.contract import Issue
from jobchange.contract.reader import visible
from jobchange.reading.decode import text_of
from jobchange.reading.dictionary import ERROR, ISSUES, NOTED, TRIMMED, Codes, Judge, ValueDictionary
from jobchange.reading.header import Layout, known_name
from jobchange.reading.identifiers import read
from jobchange.reading.records import Mask, Positions, Records
from jobchange.reading.seen import Seen

CITY, CITY_INDEX = "city", "city_development_index"


@dataclass(frozen=True)
class Violation:
    """One issue in one column (None: the row as a whole), and the records that have it, by index."""

    issue: Issue
    column: str | None
    records: Positions


@dataclass(frozen=True)
class CheckedBlock:
    """What a check of n records came to, of which k could be split.

    `identifiers` (k) are numbers, 0 where unreadable; `codes` (k each) are those of the file's other columns, in the
    contract's order. `flags` (k) have the dictionaries' bits of all cells of a row together. `bad` is by record (n).
    `violations` are in the order of the columns.
    """

    identifiers: NDArray[np.int64]
    codes: dict[str, Codes]
    flags: NDArray[np.uint8]
    bad: Mask
    violations: tuple[Violation, ...]

    def ignoring(self, records: Positions) -> Self:
        """The same with nothing wrong with some records, by index."""
        bad = self.bad.copy()
        bad[records] = False
        return replace(self, bad=bad, violations=tuple(_without(records, self.violations)))


class Checker:
    """Checks the blocks of one file in their order. It remembers the identifiers it has `seen`: the first row with a
    readable one keeps it, also when that row is bad for another reason and has to be corrected."""

    def __init__(self, layout: Layout, judge: Judge, seen: Seen) -> None:
        self._layout = layout
        self._seen = seen
        self.dictionaries = {
            name: ValueDictionary(contract.BY_NAME[name], layout.mark, judge) for name in layout.positions
        }

    def check(self, records: Records) -> CheckedBlock:
        """The issues of some records, and what else their rows need."""
        flags = np.zeros(len(records.whole), np.uint8)
        codes: dict[str, Codes] = {}
        violations: list[Violation] = []
        malformed = np.ones(len(records), np.bool_)
        malformed[records.whole] = False
        if malformed.any():
            violations.append(Violation(Issue.MALFORMED_ROW, None, np.flatnonzero(malformed)))
        if records.short.any():
            violations.append(Violation(Issue.SHORT_ROW, None, records.whole[records.short]))

        identifiers, found = self._identifiers(records, flags)
        violations += found
        for name, position in self._layout.positions.items():
            if name == contract.IDENTIFIER:
                continue
            dictionary = self.dictionaries[name]
            codes[name] = dictionary.codes(records.data, records.starts[position], records.lengths[position])
            cell_flags = dictionary.flags[codes[name]]
            noted = np.flatnonzero(cell_flags & NOTED)
            if len(noted):
                violations += _violations(dictionary, records.whole[noted], codes[name][noted])
            if position == self._layout.fields - 1:
                cell_flags &= ~np.uint8(TRIMMED)
            flags |= cell_flags
            if name == CITY_INDEX:
                violations += self._inconsistent(records, codes)

        bad = malformed
        bad[records.whole[(flags & ERROR) > 0]] = True
        others = self._no_candidates(records, identifiers)
        if len(others):
            # What is no candidate has nothing else wrong with it.
            violations = [Violation(Issue.NOT_A_CANDIDATE, None, others), *_without(others, violations)]
        return CheckedBlock(identifiers, codes, flags, bad, tuple(violations))

    def _no_candidates(self, records: Records, identifiers: NDArray[np.int64]) -> Positions:
        """The records that are the header again, or totals: those without a number in the identifier's place."""
        data, separator = records.data, self._layout.separator.encode()
        place = self._layout.positions[contract.IDENTIFIER]
        suspects = np.ones(len(records), np.bool_)
        suspects[records.whole] = identifiers == 0
        found = []
        for record in np.flatnonzero(suspects).tolist():
            begin, end = int(records.begins[record]), int(records.ends[record])
            cells = data[begin : min(end, begin + _MAX_LABEL)].split(separator, place + 1)
            identifier = cells[place] if place < len(cells) else b""
            if any(_is_label(text_of(cell)) for cell in {cells[0], identifier} if cell and not cell[:1].isdigit()):
                found.append(record)
        return np.array(found, np.int64)

    def _identifiers(self, records: Records, flags: NDArray[np.uint8]) -> tuple[NDArray[np.int64], list[Violation]]:
        """The rows' identifiers and the issues with them."""
        dictionary = self.dictionaries[contract.IDENTIFIER]
        identifiers, rest, codes = read(records, self._layout, dictionary)
        violations: list[Violation] = []
        if len(rest):
            flags[rest] = dictionary.flags[codes]
            violations += _violations(dictionary, records.whole[rest], codes)
        repeated = self._repeated(identifiers)
        if len(repeated):
            flags[repeated] |= ERROR
            violations.append(Violation(Issue.DUPLICATE_ID, contract.IDENTIFIER, records.whole[repeated]))
        return identifiers, violations

    def _repeated(self, identifiers: NDArray[np.int64]) -> Positions:
        """The indices of identifiers that have been seen, in these rows or before."""
        readable = np.flatnonzero(identifiers)
        numbers = identifiers[readable].astype(np.uint32)
        ordered = np.sort(numbers)
        before = self._seen.add(ordered)
        suspects = np.flatnonzero(np.isin(numbers, np.append(ordered[1:][ordered[1:] == ordered[:-1]], before)))
        firsts = np.zeros(len(suspects), np.bool_)
        firsts[np.unique(numbers[suspects], return_index=True)[1]] = True
        firsts &= ~np.isin(numbers[suspects], before)
        return readable[suspects[~firsts]]

    def _inconsistent(self, records: Records, codes: dict[str, Codes]) -> Iterator[Violation]:
        cities, index = self.dictionaries[CITY], self.dictionaries[CITY_INDEX]
        known = np.array([contract.CITIES.get(city.decode(), np.nan) for city in cities.canonical])
        off = np.abs(index.values[codes[CITY_INDEX]] - known[codes[CITY]]) > contract.CITY_INDEX_TOLERANCE
        if off.any():
            yield Violation(Issue.INCONSISTENT, CITY_INDEX, records.whole[off])


_MAX_LABEL = 1000
"""Bytes of a line in which the first cell and the identifier's are looked for."""
_TOTALS = re.compile(
    r"(grand )?totals?\b|sum(me|ma)?\b|subtotal\b|gesamt|average\b|mean\b|count\b|rows\b", re.IGNORECASE
)


def _is_label(cell: str) -> bool:
    """Whether a cell holds the identifier's name, or a word for totals."""
    return known_name(cell) == contract.IDENTIFIER or _TOTALS.match(visible(cell).strip(" \"'")) is not None


def _without(records: Positions, violations: Sequence[Violation]) -> Iterator[Violation]:
    """The violations that other records have."""
    for each in violations:
        left = np.setdiff1d(each.records, records, assume_unique=True)
        if len(left):
            yield Violation(each.issue, each.column, left)


def _violations(dictionary: ValueDictionary, records: Positions, codes: Codes) -> Iterator[Violation]:
    """The issues that some cells of a column have by themselves."""
    found = dictionary.issues[codes]
    for issue in np.unique(found[found >= 0]).tolist():
        yield Violation(ISSUES[issue], dictionary.column.name, records[found == issue])
