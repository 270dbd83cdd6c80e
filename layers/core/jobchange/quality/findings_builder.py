"""Counts what a validation finds, block by block."""

from collections import Counter
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from jobchange import contract
from jobchange.contract import Issue, Severity
from jobchange.contract.reader import shown
from jobchange.quality.findings import MAX_EXAMPLES, MAX_VALUE, Example, Finding
from jobchange.reading.check import CheckedBlock, Violation
from jobchange.reading.dictionary import REPAIRED
from jobchange.reading.header import Layout
from jobchange.reading.records import Records
from jobchange.reading.table import Table

MAX_UNEXPECTED = 20
"""Unexpected columns that are listed one by one; the rest of them are counted in one finding."""


class FindingsBuilder:
    """The numbers of one file, as `Findings` has them."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._rows: Counter[tuple[Issue, str | None]] = Counter()
        self._examples: dict[tuple[Issue, str | None], list[Example]] = {}
        self._histograms: dict[str, NDArray[np.int64]] = {
            name: np.zeros(len(contract.BY_NAME[name].bins), np.int64)
            for name in table.layout.positions
            if contract.BY_NAME[name].bins
        }
        self.total = self.good = self.repaired = self.empty_lines = 0

    def add(self, records: Records, checked: CheckedBlock) -> None:
        """Count the next records."""
        good = ~checked.bad[records.whole]
        for violation in checked.violations:
            self._count(violation, records)
        for name, histogram in self._histograms.items():
            bins = self._table.checker.dictionaries[name].bins
            histogram += np.bincount(bins[checked.codes[name][good]], minlength=len(histogram))
        self.total += len(records)
        self.empty_lines += records.empty
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
        return (*rows, *_of_header(self._table.layout))

    def histograms(self) -> dict[str, tuple[int, ...]]:
        """For each column with bins how many good rows are in each of them."""
        return {name: tuple(histogram.tolist()) for name, histogram in self._histograms.items()}

    def _count(self, violation: Violation, records: Records) -> None:
        key = violation.issue, violation.column
        self._rows[key] += len(violation.records)
        examples = self._examples.setdefault(key, [])
        for record in violation.records[: MAX_EXAMPLES - len(examples)].tolist():
            examples.append(Example.of(self.total + record + 1, *self._table.example(violation, record, records)))


def _of_header(layout: Layout) -> list[Finding]:
    findings = [
        Finding(Issue.HEADER_REPAIRED, name, 0, (Example.of(None, shown(spelling), name),))
        for name, spelling in layout.repaired
    ]
    if layout.above:
        lines = tuple(Example.of(None, shown(line)) for line in layout.above[:MAX_EXAMPLES])
        findings.append(Finding(Issue.HEADER_REPAIRED, None, 0, lines))
    unexpected = islice(layout.unexpected.values(), MAX_UNEXPECTED)
    findings += [Finding(Issue.UNEXPECTED_COLUMN, name[:MAX_VALUE], 0) for name in unexpected]
    if (further := len(layout.unexpected) - MAX_UNEXPECTED) > 0:
        findings.append(Finding(Issue.UNEXPECTED_COLUMN, None, 0, (Example(None, f"and {further:,} more"),)))
    return findings
