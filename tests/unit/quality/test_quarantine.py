"""Bad files open in a spreadsheet, run nothing there, and come back corrected."""

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jobchange import contract
from jobchange.documents.csv_lines import FORMULA, escape, unescape
from jobchange.quality.findings import Corrections
from jobchange.quality.quarantine import CorrectionIndex, union
from tests.support.dropped_files import CANDIDATE, Dropped, drop, file, numbers, row


@given(st.text())
@example("'=1")
@example("＝1")
def test_escaping_is_undone_exactly(text: str) -> None:
    assert unescape(escape(text)) == text
    assert not escape(text).startswith(tuple(start for start in FORMULA if start != "'"))


def test_no_cell_of_a_bad_file_can_run_as_a_formula() -> None:
    rows = [row(1, gender="=cmd|' /C calc'!A0"), row(2, training_hours="-5"), "=HYPERLINK(1),2", "@SUM,x"]
    rows += [row(3, city='"=1+1,2"'), row(4, city="+é")]

    for each in drop(file(*rows)).bad_rows:
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in each.values())


def test_a_bad_file_opens_in_excel() -> None:
    bad = drop(file(row(1, city="Köln"))).bad_file

    assert bad.startswith(b"\xef\xbb\xbf"), "without the mark Excel shows KÃ¶ln"
    assert bad.decode("utf-8-sig").splitlines()[0].split(",") == [
        *contract.NAMES,
        "_row",
        "_issues",
        "_file",
        "_raw",
    ]


def test_a_corrected_file_is_recognised_and_says_what_it_recovers() -> None:
    bad = drop(file(row(1), row(2, gender="=x"), row(3, city="?"), row(4) + ",,,", row(5, training_hours="-7")))
    rows = bad.bad_rows
    rows[0]["gender"] = "Other"
    rows[2] |= {**CANDIDATE, "enrollee_id": "4"}

    dropped = drop(_written(rows), name="Book 1.csv")

    assert [each["enrollee_id"] for each in dropped.good_rows] == ["2", "4"]
    assert all(finding.severity == "error" for finding in dropped.findings.findings), "no unexpected columns"
    (recovered,) = dropped.findings.corrections
    assert (recovered.file_id, recovered.rows) == ("f1", 2)
    assert union([recovered.bitmap]) == (2, recovered.bitmap)


def test_a_file_without_its_raw_column_is_still_recognised() -> None:
    rows = drop(file(row(3, city="?"))).bad_rows
    rows[0]["city"] = "city_103"
    del rows[0]["_raw"], rows[0]["_issues"]

    assert [(each.file_id, each.rows) for each in drop(_written(rows)).findings.corrections] == [("f1", 1)]


def test_what_excel_makes_of_a_bad_file_is_read() -> None:
    rows = drop(file(row(3, city="?", company_size="10/49"))).bad_rows
    rows[0] |= {"city": "city_103", "company_size": "Oct-49"}
    semicolons = io.StringIO()
    writer = csv.DictWriter(semicolons, list(rows[0]), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)

    dropped = drop(semicolons.getvalue().replace("0.92", "0,92").encode("utf-8-sig"))

    assert dropped.good_rows[0]["company_size"] == "10/49"
    assert [(each.file_id, each.rows) for each in dropped.findings.corrections] == [("f1", 1)]


def test_rows_recovered_twice_count_once() -> None:
    recovery = CorrectionIndex()
    for line in ("3", "5", "3", " 4 "):
        recovery.add("f1", line)
    first = recovery.corrections()[0]
    second = CorrectionIndex()
    second.add("f1", "5")
    second.add("f1", "9")

    assert first.rows == 3
    assert union([first.bitmap, second.corrections()[0].bitmap])[0] == 4


def test_origins_that_cannot_be_are_ignored() -> None:
    recovery = CorrectionIndex()
    for file_id, line in [
        ("f1", "0"),
        ("f1", "-1"),
        ("f1", "x"),
        ("f1", "9" * 12),
        ("../f", "1"),
        ("", "1"),
        ("f" * 65, "1"),
    ]:
        recovery.add(file_id, line)
    for number in range(CorrectionIndex.MAX_FILES + 5):
        recovery.add(f"g{number}", "1")

    assert len(recovery.corrections()) == CorrectionIndex.MAX_FILES
    assert recovery.corrections()[0] == Corrections("g0", 1, recovery.corrections()[0].bitmap)


values = st.text(st.sampled_from("=+-@'\" ,\rxé\t"), max_size=8)


@pytest.mark.large
@given(st.lists(st.tuples(values, values), min_size=1, max_size=6))
@settings(deadline=None, max_examples=150)
def test_a_bad_file_dropped_again_as_it_is_keeps_every_cell(pairs: list[tuple[str, str]]) -> None:
    rows = [list(CANDIDATE.values()) for _ in pairs]
    for number, (cells, (city, gender)) in enumerate(zip(rows, pairs, strict=True), 1):
        cells[0:2] = [str(number), "x" + city]
        cells[3] = gender
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([contract.NAMES, *rows])

    once = drop(text.getvalue().encode())
    again = drop(once.bad_file)

    assert numbers(again.bad_rows) == list(range(1, len(rows) + 1))
    assert _cells(again) == _cells(once)
    assert [list(map(unescape, cells)) for cells in _cells(once)] == rows


def _cells(dropped: Dropped) -> list[list[str]]:
    return [[each[name] for name in contract.NAMES] for each in dropped.bad_rows]


def _written(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
