"""The report of a file: one self-contained HTML page that tells the findings to people, with no script in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import jinja2

from jobchange import contract
from jobchange.contract import Column, Issue, IssueType, Kind, Severity
from jobchange.drift import ColumnDrift, Drift
from jobchange.quality.findings import Finding, Findings

MAX_EXAMPLES = 200
"""Examples in one report: with so many of the longest it has half the 300 KB that a report may have."""

MAX_NAME = 200
"""Characters of a file's name."""


@dataclass(frozen=True)
class FileFacts:
    """What a report says about the file itself: `uploaded_at` is RFC 3339, `links` are addresses by the text to show."""

    file_id: str
    name: str
    uploaded_at: str
    links: Mapping[str, str]


def render(findings: Findings, *, file: FileFacts, drift: Drift | None = None) -> str:
    """The report as HTML, under 300 KB whatever the file held. `drift` is against the model's training data."""
    told = [_told(finding, findings) for finding in findings.findings]
    return _template().render(
        findings=findings,
        file=file,
        name=file.name[:MAX_NAME],
        uploaded_at=f"{datetime.fromisoformat(file.uploaded_at):%d %B %Y, %H:%M} UTC".lstrip("0"),
        errors=[each for each in told if each.finding.severity is not Severity.WARNING],
        warnings=[each for each in told if each.finding.severity is Severity.WARNING],
        drift=drift,
        distributions=_distributions(findings, drift),
        contract_version=contract.VERSION,
    )


@dataclass(frozen=True)
class _Told:
    """A finding in words. `share` is its part of the most frequent one, in percent; `examples` are row, value and what
    the value was read as, if it was repaired."""

    finding: Finding
    type: IssueType
    label: str | None
    allowed: str | None
    share: float
    examples: tuple[tuple[int | None, str | None, str | None], ...]


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


def _told(finding: Finding, findings: Findings) -> _Told:
    column = contract.BY_NAME.get(finding.column or "")
    most = max(each.rows for each in findings.findings) or 1
    shown = max(1, MAX_EXAMPLES // len(findings.findings))
    return _Told(
        finding,
        contract.ISSUES[finding.type],
        column.label if column else None,
        _allowed(column) if column and finding.severity is Severity.ERROR else None,
        100 * finding.rows / most,
        tuple(
            (example.row, example.value, _read_as(finding, column, example.value))
            for example in finding.examples[:shown]
        ),
    )


def _allowed(column: Column) -> str:
    """What the column takes, in words."""
    optional = "; it may be empty" if column.nullable else ""
    if not column.numeric:
        levels = column.levels
        if len(levels) > 25:
            return f"one of {len(levels)} known codes, such as {levels[0]} or {levels[-1]}{optional}"
        return f"{', '.join(levels[:-1])} or {levels[-1]}{optional}"
    kind = "a whole number" if column.kind is Kind.INTEGER else "a number"
    minimum, maximum = column.interval
    return f"{kind} from {minimum:,.10g} to {maximum:,.10g}{optional}"


def _read_as(finding: Finding, column: Column | None, value: str | None) -> str | None:
    if finding.type is Issue.HEADER_REPAIRED:
        return finding.column
    if finding.type is not Issue.REPAIRED_VALUE or column is None or value is None:
        return None
    return contract.clean(column, value) if column.repairs else value.replace(",", ".")


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
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = "{:,}".format
    environment.filters["short"] = "{:.3g}".format
    return environment.get_template("report.html.j2")
