"""What the columns of a file are as a whole, beside those of the model's training."""

from collections.abc import Sequence
from dataclasses import replace

from jobchange import contract
from jobchange.contract import Issue, Severity
from jobchange.contract.column import MISSING_BIN
from jobchange.contract.issues import NEARLY
from jobchange.quality.findings import Finding, Findings
from jobchange.statistics.drift import Drift, Verdict


def with_columns(findings: Findings, drift: Drift | None) -> Findings:
    """The findings with one more for each column that has drifted, before the other warnings."""
    if drift is None:
        return findings
    columns = [
        _finding(each.column, findings.histograms[each.column], drift.expected[each.column])
        for each in drift.columns
        if each.verdict is Verdict.DRIFTED
    ]
    order = list(Severity)
    every = sorted((*columns, *findings.findings), key=lambda finding: order.index(finding.severity))
    return replace(findings, findings=tuple(every))


def _finding(column: str, here: Sequence[int], there: Sequence[int]) -> Finding:
    """What has drifted. If nearly all rows are in one bin, the column is empty or constant; otherwise the sentence is
    about the bin whose share has changed most."""
    bins, rows, trained = contract.BY_NAME[column].bins, sum(here), sum(there)
    fullest = max(range(len(bins)), key=lambda at: here[at])
    if nearly := here[fullest] >= NEARLY * rows:
        at, share = fullest, f"{here[fullest]:,} of {rows:,} rows"
    else:
        at = max(range(len(bins)), key=lambda at: abs(here[at] / rows - there[at] / trained))
        share = f"{here[at] / rows:.0%} of {rows:,} rows"
    empty = bins[at] == MISSING_BIN
    sentence = (
        f"{contract.BY_NAME[column].label} is {'empty' if empty else bins[at]} in {share}; "
        f"in training in {there[at] / trained:.0%}."
    )
    if not nearly:
        return Finding(Issue.DRIFTED_COLUMN, column, 0, detail=sentence)
    return Finding(Issue.EMPTY_COLUMN if empty else Issue.CONSTANT_COLUMN, column, here[at], detail=sentence)
