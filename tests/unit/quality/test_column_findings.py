"""What columns are as a whole, beside those of the model's training."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobchange import contract
from jobchange.contract import Criticality, Issue
from jobchange.quality.column_findings import with_columns
from jobchange.quality.findings import Finding, Findings
from jobchange.quality.report import FileFacts, render
from jobchange.statistics.drift import Verdict, compare

SIZES = contract.BY_NAME["company_size"].bins
TRAINED = (60, 60, 140, 120, 40, 60, 30, 180, 310)
"""Company sizes in training: 31% missing, which is the last bin."""


def found(here: Sequence[int], *others: Finding) -> Findings:
    rows = sum(here)
    findings = Findings(total=rows, good=rows, findings=others, histograms={"company_size": tuple(here)})
    return with_columns(findings, compare(findings.histograms, {"company_size": TRAINED}))


def of(**rows: int) -> list[int]:
    """A histogram by the place of each bin."""
    return [rows.get(f"bin{at}", 0) for at in range(len(SIZES))]


def test_there_are_as_many_bins_as_here() -> None:
    assert (len(SIZES), SIZES[-1]) == (len(TRAINED), contract.MISSING_BIN)


@pytest.mark.parametrize(
    ("here", "issue", "rows", "sentence"),
    [
        (of(bin8=400), Issue.EMPTY_COLUMN, 400, "Company size is empty in 400 of 400 rows; in training in 31%."),
        (
            of(bin8=390, bin0=10),
            Issue.EMPTY_COLUMN,
            390,
            "Company size is empty in 390 of 400 rows; in training in 31%.",
        ),
        (
            of(bin0=400),
            Issue.CONSTANT_COLUMN,
            400,
            f"Company size is {SIZES[0]} in 400 of 400 rows; in training in 6%.",
        ),
        (
            of(bin0=200, bin1=200),
            Issue.DRIFTED_COLUMN,
            0,
            f"Company size is {SIZES[0]} in 50% of 400 rows; in training in 6%.",
        ),
    ],
)
def test_a_column_that_has_drifted_is_named_with_its_figures(
    here: list[int], issue: Issue, rows: int, sentence: str
) -> None:
    findings = found(here)

    assert findings.findings == (Finding(issue, "company_size", rows, detail=sentence),)
    assert findings.criticality is Criticality.MINOR
    assert (findings.good, findings.bad) == (400, 0)
    report = render(findings, file=FileFacts("f", "x.csv", "2026-01-01T00:00:00.000Z", {}))
    assert sentence.replace("<", "&lt;") in report
    assert "Columns unlike those of training" in report


def test_a_column_like_training_is_no_finding() -> None:
    findings = found([count // 2 for count in TRAINED])

    assert findings.findings == ()
    assert findings.criticality is Criticality.OK


def test_without_a_model_nothing_is_known_of_columns() -> None:
    findings = Findings(total=1, good=1, histograms={"company_size": tuple(of(bin8=1))})

    assert with_columns(findings, None) is findings


def test_it_comes_after_errors_and_before_the_other_warnings() -> None:
    error, warning = Finding(Issue.WRONG_TYPE, "experience", 1), Finding(Issue.REPAIRED_VALUE, "experience", 1)

    findings = found(of(bin8=400), error, warning)

    assert [each.type for each in findings.findings] == [error.type, Issue.EMPTY_COLUMN, warning.type]


def test_what_is_stored_of_it_is_read_again() -> None:
    findings = found(of(bin8=400))

    assert Findings.from_dict(findings.to_dict()) == findings


@given(here=st.lists(st.integers(0, 500), min_size=len(SIZES), max_size=len(SIZES)).filter(any))
def test_there_is_a_finding_exactly_if_the_column_has_drifted(here: list[int]) -> None:
    drift = compare({"company_size": here}, {"company_size": TRAINED})

    assert drift is not None
    assert len(found(here).findings) == (drift.verdict is Verdict.DRIFTED)
