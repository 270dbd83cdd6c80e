"""The report tells the findings to people, and is nothing but a page."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser

import pytest

from jobchange import contract
from jobchange.contract import Issue, Severity
from jobchange.quality.findings import MAX_VALUE, Corrections, Example, Finding, Findings
from jobchange.quality.report import FileFacts, render
from jobchange.statistics import drift
from tests.support.dropped_files import HEADER, drop, file, row


def _facts(name: str = "candidates.csv", links: Mapping[str, str] | None = None) -> FileFacts:
    return FileFacts("f1", name, "2026-11-04T08:12:09Z", links or {})


class _Page(HTMLParser):
    """The texts of a page in order, its elements, and whether every element was closed."""

    VOID = ("meta", "rect")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and self._open[-1] != "style":
            self.texts.append(" ".join(data.split()))

    @property
    def text(self) -> str:
        return " ".join(self.texts)


BAD = file(
    row(1),
    row(2, gender="<script>alert(1)</script>", training_hours="0"),
    row(3, company_size="Oct-49"),
    row(4) + ",x",
    row(5, city_development_index="0.5"),
    header=HEADER.replace("city,", "CITY,", 1),
)


def test_the_verdict_comes_first_then_the_figures() -> None:
    page = _Page(render(drop(BAD).findings, file=_facts()))

    assert page.texts[:3] == [
        "Critical: candidates.csv",
        "candidates.csv, dropped 4 November 2026, 08:12 UTC",
        "3 of 5 rows were accepted; 2 need correction.",
    ]
    for figure in ("Rows in 5", "Good, to be scored 3", "Bad, to be corrected 2", "Good after a repair 1"):
        assert figure in page.text


def test_each_issue_is_reported_with_examples_advice_and_what_is_allowed() -> None:
    page = _Page(render(drop(BAD).findings, file=_facts()))

    for issue in (Issue.UNKNOWN_CATEGORY, Issue.OUT_OF_RANGE, Issue.MALFORMED_ROW, Issue.INCONSISTENT):
        assert issue.heading in page.texts
        assert issue.sentence in page.texts
        assert issue.advice in page.texts
    assert "Row 2 <script>alert(1)</script>" in page.text
    assert "one of: Female, Male, Other; it may be empty" in page.text
    assert "a whole number from 1 to 1,000" in page.text
    assert "Oct-49 read as 10/49" in page.text
    assert "CITY read as city" in page.text


def test_a_rejected_file_says_why_and_shows_no_figures() -> None:
    page = _Page(render(drop(b"%PDF-1.7").findings, file=_facts()))

    assert "This file was rejected: unreadable file." in page.texts
    assert "candidates.csv is a PDF document" in page.text
    assert "Rows in" not in page.text


def test_a_clean_file_has_its_distributions_and_nothing_to_correct() -> None:
    page = _Page(render(drop(file(row(1), row(2, gender=""))).findings, file=_facts()))

    assert "All 2 rows were accepted." in page.texts
    assert "What to correct" not in page.text
    assert "Male 50.0%" in page.text
    assert "(missing) 50.0%" in page.text
    assert "PSI" not in page.text


@pytest.mark.parametrize("expected", [(200, 200, 200, 400), (900, 50, 50, 0)])
def test_drift_is_shown_beside_the_columns(expected: tuple[int, ...]) -> None:
    findings = drop(
        file(*(row(number, gender=("Female", "Male", "Other", "", "")[number % 5]) for number in range(1, 1001)))
    ).findings
    found = drift.compare(findings.histograms, {"gender": expected})
    assert found is not None

    page = _Page(render(findings, file=_facts(), drift=found))

    assert found.columns[0].verdict in page.texts
    assert f"PSI {found.columns[0].psi:.3f}" in page.text


def test_links_are_shown_and_names_are_escaped() -> None:
    html = render(drop(b"").findings, file=_facts('<b>"x".csv', {"Rows to correct": "https://host/bad?a=1&b=2"}))

    assert ("a", {"href": "https://host/bad?a=1&b=2", "target": "_top"}) in _Page(html).elements
    assert "<b>" not in html


def test_rows_that_were_corrected_are_counted() -> None:
    page = _Page(render(Findings(total=1, good=1, corrections=(Corrections("f7", 1, ""),)), file=_facts()))

    assert "1 row that had been refused in file f7 is good now." in page.text


def test_the_page_is_self_contained_and_runs_nothing() -> None:
    page = _Page(render(drop(BAD).findings, file=_facts()))

    names = {name for name, _ in page.elements}
    assert names.isdisjoint({"script", "link", "img", "iframe", "object", "form", "base"})
    assert not any(attribute.startswith("on") for _, attributes in page.elements for attribute in attributes)
    assert (
        "meta",
        {"http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"},
    ) in (page.elements)
    assert not re.search(r"url\(|@import", render(drop(BAD).findings, file=_facts()))


def test_the_largest_report_stays_under_300_kilobytes() -> None:
    value = Example.of(12_345_678, "'" * 2 * MAX_VALUE)
    every = [
        Finding(issue, column.name, 20_000_000, (value,) * 10)
        for issue in Issue
        if issue.severity is not Severity.FATAL
        for column in contract.COLUMNS
    ]
    every += [Finding(Issue.UNEXPECTED_COLUMN, "'" * MAX_VALUE, 0) for _ in range(21)]
    counts = {column.name: (1_234_567,) * len(column.bins) for column in contract.COLUMNS if column.bins}
    findings = Findings(
        total=20_000_000,
        good=10_000_000,
        bad=10_000_000,
        findings=tuple(every),
        histograms=counts,
        corrections=(Corrections("f" * 64, 1, ""),) * 100,
    )

    html = render(findings, file=_facts("'" * 1000), drift=drift.compare(counts, counts))

    assert len(html.encode()) < 300_000
