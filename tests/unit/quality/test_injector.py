"""Everything that the fault injector injects is found, in its row, under its code, and nothing else is."""

import re

import pytest

from data.corrupt import FILE_INJECTORS, ROW_INJECTORS, Corrupted, corrupt
from data.generate import generate
from jobchange.contract import Issue, Severity
from jobchange.contract.issues import OF_COLUMNS
from tests.support.dropped_files import Dropped, drop


@pytest.fixture(scope="module")
def clean() -> bytes:
    return "".join(generate(100_000, seed=11)).encode()


@pytest.mark.large
def test_precision_and_recall_are_perfect_on_a_hundred_thousand_rows_with_a_tenth_damaged(clean: bytes) -> None:
    corrupted = corrupt(clean, dict.fromkeys(ROW_INJECTORS, 0.1 / len(ROW_INJECTORS)), seed=4)

    dropped = drop(corrupted.data)

    assert dropped.findings.total == 100_000
    assert _refusals(dropped) == _injected_errors(corrupted)
    assert dropped.issues == _counts(corrupted)


@pytest.mark.parametrize(
    "issue", [issue for issue in FILE_INJECTORS if issue not in (Issue.DUPLICATE_FILE, *OF_COLUMNS)]
)
def test_what_is_wrong_with_a_file_as_a_whole_is_found(clean: bytes, issue: Issue) -> None:
    some = b"".join(clean.splitlines(keepends=True)[:200])

    for seed in range(12):
        corrupted = corrupt(some, {issue: 1}, seed)
        found = drop(corrupted.data)
        assert set(found.issues) == {(each.issue, each.column) for each in corrupted.injected}, seed
        assert (found.findings.fatal is None) == (issue.severity is not Severity.FATAL)


def _refusals(dropped: Dropped) -> set[tuple[int, Issue, str | None]]:
    """The rows, issues and columns that the bad file names."""
    found = set()
    for each in dropped.bad_rows:
        for label in each["_issues"].split("; "):
            match = re.fullmatch(r"(\w+)(?:\((\w+)\))?", label)
            assert match is not None
            found.add((int(each["_row"]), Issue.of(match[1]), match[2]))
    return found


def _injected_errors(corrupted: Corrupted) -> set[tuple[int, Issue, str | None]]:
    return {
        (each.row, each.issue, each.column)
        for each in corrupted.injected
        if each.row is not None and each.issue.severity is Severity.ERROR
    }


def _counts(corrupted: Corrupted) -> dict[tuple[Issue, str | None], int]:
    counts: dict[tuple[Issue, str | None], int] = {}
    for each in corrupted.injected:
        counts[each.issue, each.column] = counts.get((each.issue, each.column), 0) + 1
    return counts
