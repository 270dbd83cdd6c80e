"""The report of a file: one self-contained HTML page that shows the findings to people, with no script in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Template

from jobchange import contract, times
from jobchange.contract import Column, Issue, Severity
from jobchange.contract.issues import OF_COLUMNS, OF_VALUES
from jobchange.contract.reader import allowed
from jobchange.documents.templates import template
from jobchange.quality.findings import Example, Finding, Findings
from jobchange.statistics.drift import ColumnDrift, Drift

MAX_EXAMPLES = 10
"""Examples of each issue, over all the columns that have it; but one of each of these."""

MAX_NAME = 200
"""Characters of a file's name."""


@dataclass(frozen=True)
class FileFacts:
    """What a report says about a file beside its findings: `uploaded_at` is RFC 3339; `links` are addresses by text."""

    file_id: str
    name: str
    uploaded_at: str
    links: Mapping[str, str]


def render(findings: Findings, *, file: FileFacts, drift: Drift | None = None) -> str:
    """The report as HTML, under 300 KB whatever the file held. `drift` is against the model's training data."""
    problems = _problems(findings.findings)
    warnings = [each for each in problems if each.type.severity is Severity.WARNING]
    return _template().render(
        findings=findings,
        file=file,
        name=file.name[:MAX_NAME],
        uploaded_at=times.shown(file.uploaded_at),
        errors=[each for each in problems if each.type.severity is not Severity.WARNING],
        columns=[each for each in warnings if each.type in OF_COLUMNS],
        warnings=[each for each in warnings if each.type not in OF_COLUMNS],
        drift=drift,
        distributions=_distributions(findings, drift),
        contract_version=contract.VERSION,
    )


@dataclass(frozen=True)
class _Place:
    """A column (None: the row or the file as a whole) that has an issue, in so many rows."""

    name: str | None
    label: str | None
    rows: int
    allowed: str | None
    examples: tuple[Example, ...]
    detail: str | None


@dataclass(frozen=True)
class _Problem:
    """An issue, how often it was found, that as a percentage of the most frequent one, and where."""

    type: Issue
    rows: int
    share: float
    places: tuple[_Place, ...]


@dataclass(frozen=True)
class _Bin:
    """A bin's name, the percentage of rows in it (here, and in training if known), and both relative to the column's
    fullest bin."""

    name: str
    percentage: float
    expected: float | None
    width: float
    expected_at: float | None


@dataclass(frozen=True)
class _Distribution:
    column: Column
    bins: tuple[_Bin, ...]
    drift: ColumnDrift | None


def _problems(findings: Sequence[Finding]) -> list[_Problem]:
    """The findings by issue, the worst first."""
    issues: dict[Issue, list[Finding]] = {}
    for finding in findings:
        issues.setdefault(finding.type, []).append(finding)
    rows = {issue: sum(finding.rows for finding in found) for issue, found in issues.items()}
    most = max(rows.values(), default=0) or 1
    problems = [
        _Problem(
            issue,
            rows[issue],
            100 * rows[issue] / most,
            tuple(_place(finding, max(1, MAX_EXAMPLES // len(found))) for finding in found),
        )
        for issue, found in issues.items()
    ]
    return sorted(problems, key=lambda problem: -problem.rows)


def _place(finding: Finding, examples: int) -> _Place:
    column = contract.BY_NAME.get(finding.column or "")
    return _Place(
        finding.column,
        column.label if column else None,
        finding.rows,
        _allowed(column) if column and finding.type in OF_VALUES else None,
        finding.examples[:examples],
        finding.detail,
    )


def _allowed(column: Column) -> str:
    return f"{allowed(column)}; it may be empty" if column.nullable else allowed(column)


def _distributions(findings: Findings, drift: Drift | None) -> list[_Distribution]:
    """The histograms of the good rows, beside those of the training data."""
    drifts = {each.column: each for each in drift.columns} if drift else {}
    distributions = []
    for name, counts in findings.histograms.items():
        if not sum(counts):
            continue
        here = _percentages(counts)
        there = _percentages(drift.expected[name]) if drift and name in drifts else [None] * len(here)
        fullest = max(share for share in (*here, *there) if share is not None)
        bins = tuple(
            _Bin(bin_name, share, was, 100 * share / fullest, None if was is None else 100 * was / fullest)
            for bin_name, share, was in zip(contract.BY_NAME[name].bins, here, there, strict=True)
        )
        distributions.append(_Distribution(contract.BY_NAME[name], bins, drifts.get(name)))
    return distributions


def _percentages(counts: tuple[int, ...]) -> list[float]:
    return [100 * count / sum(counts) for count in counts]


@cache
def _template() -> Template:
    return template(Path(__file__).with_name("report.html.j2"))
