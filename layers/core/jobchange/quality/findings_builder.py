"""Counts what a validation finds, block by block."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from jobchange import contract
from jobchange.contract import Issue, Severity
from jobchange.quality.check import CITY, CITY_INDEX, CheckedBlock, Violation
from jobchange.quality.decode import text_of
from jobchange.quality.dictionary import REPAIRED, ValueDictionary
from jobchange.quality.findings import MAX_EXAMPLES, MAX_VALUE, Example, Finding
from jobchange.quality.header import Layout
from jobchange.quality.records import Records

MAX_UNEXPECTED = 20
"""Unexpected columns that are listed one by one; the rest of them are counted in one finding."""

_MAX_TEXT = 1000
"""Bytes of a cell or line that are enough for an example."""


class FindingsBuilder:
    """The numbers of one file, as `Findings` has them."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._rows: Counter[tuple[Issue, str | None]] = Counter()
        self._examples: dict[tuple[Issue, str | None], list[Example]] = {}
        self._histograms: dict[str, NDArray[np.int64]] = {
            name: np.zeros(len(contract.BY_NAME[name].bins), np.int64)
            for name in layout.positions
            if contract.BY_NAME[name].bins
        }
        self.total = self.good = self.repaired = 0

    def add(self, records: Records, checked: CheckedBlock, dictionaries: dict[str, ValueDictionary]) -> None:
        """Count the next records."""
        good = ~checked.bad[records.whole]
        for violation in checked.violations:
            self._count(violation, records)
        for name, histogram in self._histograms.items():
            histogram += np.bincount(dictionaries[name].bins[checked.codes[name][good]], minlength=len(histogram))
        self.total += len(records)
        self.good += int(good.sum())
        self.repaired += int(((checked.flags[good] & REPAIRED) > 0).sum())

    def findings(self) -> tuple[Finding, ...]:
        """All findings: errors before warnings, each kind by the number of rows; about the file itself last."""
        order = list(Severity)
        rows = [
            Finding(issue, column, count, tuple(self._examples[issue, column]))
            for (issue, column), count in self._rows.items()
        ]
        rows.sort(key=lambda each: (order.index(each.severity), -each.rows, each.type, each.column or ""))
        return (*rows, *_of_header(self._layout))

    def histograms(self) -> dict[str, tuple[int, ...]]:
        """For each column with bins how many good rows are in each of them."""
        return {name: tuple(histogram.tolist()) for name, histogram in self._histograms.items()}

    def _count(self, violation: Violation, records: Records) -> None:
        key = violation.issue, violation.column
        self._rows[key] += len(violation.records)
        examples = self._examples.setdefault(key, [])
        for record in violation.records[: MAX_EXAMPLES - len(examples)].tolist():
            examples.append(Example.of(self.total + record + 1, self._shown(violation, record, records)))

    def _shown(self, violation: Violation, record: int, records: Records) -> str | None:
        if violation.column is None:
            return text_of(records.data[records.begins[record] : records.ends[record]][:_MAX_TEXT])
        value = self._cell(violation.column, record, records)
        if violation.issue is Issue.INCONSISTENT and violation.column == CITY_INDEX:
            city = contract.clean(contract.BY_NAME[CITY], self._cell(CITY, record, records)) or ""
            return f"{value} ({city} has {contract.CITIES[city]:g})"
        return value or None

    def _cell(self, column: str, record: int, records: Records) -> str:
        place = np.searchsorted(records.whole, record)
        position = self._layout.positions[column]
        start, length = records.starts[position, place], records.lengths[position, place]
        return text_of(records.data[start : start + length][:_MAX_TEXT]).strip()


def _of_header(layout: Layout) -> list[Finding]:
    findings = [
        Finding(Issue.HEADER_REPAIRED, name, 0, (Example.of(None, spelling),)) for name, spelling in layout.repaired
    ]
    findings += [Finding(Issue.UNEXPECTED_COLUMN, name[:MAX_VALUE], 0) for name in layout.unexpected[:MAX_UNEXPECTED]]
    if (further := len(layout.unexpected) - MAX_UNEXPECTED) > 0:
        findings.append(Finding(Issue.UNEXPECTED_COLUMN, None, 0, (Example(None, f"and {further:,} more"),)))
    return findings
