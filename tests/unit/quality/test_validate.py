"""What becomes of the rows of a file that can be read."""

import gzip

import pytest

from jobchange import contract
from jobchange.contract import Criticality, Issue
from jobchange.quality.findings import MAX_VALUE, Example, Findings
from tests.support.dropped_files import HEADER, drop, file, numbers, row


def test_a_clean_file_is_good_as_it_stands() -> None:
    dropped = drop(file(row(8), row(5)))

    assert dropped.parts == [f"_row,{HEADER}\n1,{row(8)}\n2,{row(5)}\n".encode()]
    assert dropped.bad_file == b""
    assert (dropped.findings.total, dropped.findings.good, dropped.findings.bad) == (2, 2, 0)
    assert dropped.findings.criticality is Criticality.OK


@pytest.mark.parametrize(
    ("cells", "issue", "column"),
    [
        ({"city": ""}, Issue.MISSING_VALUE, "city"),
        ({"training_hours": "n/a"}, Issue.MISSING_VALUE, "training_hours"),
        ({"training_hours": "36 h"}, Issue.WRONG_TYPE, "training_hours"),
        ({"training_hours": "36.5"}, Issue.WRONG_TYPE, "training_hours"),
        ({"city_development_index": "inf"}, Issue.WRONG_TYPE, "city_development_index"),
        ({"enrollee_id": "1_000"}, Issue.WRONG_TYPE, "enrollee_id"),
        ({"enrollee_id": "१२"}, Issue.WRONG_TYPE, "enrollee_id"),
        ({"enrollee_id": "0"}, Issue.OUT_OF_RANGE, "enrollee_id"),
        ({"enrollee_id": "2147483648"}, Issue.OUT_OF_RANGE, "enrollee_id"),
        ({"enrollee_id": "12345678901234567890"}, Issue.OUT_OF_RANGE, "enrollee_id"),
        ({"city_development_index": "-0.1"}, Issue.OUT_OF_RANGE, "city_development_index"),
        ({"target": "2"}, Issue.OUT_OF_RANGE, "target"),
        ({"gender": "male"}, Issue.UNKNOWN_CATEGORY, "gender"),
        (
            {"company_type": "A company whose name is longer than twenty-four bytes"},
            Issue.UNKNOWN_CATEGORY,
            "company_type",
        ),
    ],
)
def test_a_row_with_a_wrong_value_goes_to_bad_with_the_reason(cells: dict[str, str], issue: Issue, column: str) -> None:
    dropped = drop(file(row(1), row(2, **cells), row(3)))

    assert numbers(dropped.good_rows) == [1, 3]
    assert dropped.bad_rows[0]["_issues"] == f"{issue}({column})"
    assert dropped.bad_rows[0]["_row"] == "2"
    assert dropped.bad_rows[0]["_file"] == "f1"
    assert dropped.bad_rows[0]["_raw"] == row(2, **cells)
    assert dropped.issues == {(issue, column): 1}


@pytest.mark.parametrize("line", [row(2) + ",x,y", "2,city_103", "just a remark", row(2).replace("STEM", '"STEM')])
def test_a_malformed_row_goes_to_bad_with_its_text_unchanged(line: str) -> None:
    dropped = drop(file(row(1), line, row(3)))

    assert numbers(dropped.good_rows) == [1, 3]
    assert dropped.bad_rows == [
        dict.fromkeys(contract.NAMES, "") | {"_row": "2", "_issues": "malformed_row", "_file": "f1", "_raw": line}
    ]
    assert dropped.findings.findings[0].examples == (Example.of(2, line),)


def test_a_row_lists_all_its_issues_also_those_that_would_not_keep_it_out() -> None:
    dropped = drop(file(row(0, city="", company_size="Oct-49", training_hours="many")))

    assert dropped.bad_rows[0]["_issues"] == (
        "out_of_range(enrollee_id); missing_value(city); repaired_value(company_size); wrong_type(training_hours)"
    )
    assert dropped.findings.repaired == 0


def test_the_first_row_with_a_candidate_number_keeps_it() -> None:
    dropped = drop(file(row(7), row(8), row(7), "7" + row(9)[1:], row(8)), chunk_bytes=100)

    assert numbers(dropped.good_rows) == [1, 2]
    assert dropped.issues == {(Issue.DUPLICATE_ID, "enrollee_id"): 3}


def test_a_refused_row_keeps_its_candidate_number_for_its_correction() -> None:
    dropped = drop(file(row(7, city=""), row(7)))

    assert [each["_issues"] for each in dropped.bad_rows] == ["missing_value(city)", "duplicate_id(enrollee_id)"]


def test_a_malformed_row_has_no_candidate_number() -> None:
    assert numbers(drop(file(row(7) + ",x", row(7))).good_rows) == [2]


def test_candidate_numbers_are_the_same_however_they_are_written() -> None:
    dropped = drop(file(row(0, enrollee_id="7"), row(0, enrollee_id=" 007.0")))

    assert dropped.issues == {(Issue.DUPLICATE_ID, "enrollee_id"): 1}


def test_known_misspellings_are_repaired_and_noted() -> None:
    dropped = drop(file(row(1, company_size="Oct-49"), row(2, company_size="10000")))

    assert [each["company_size"] for each in dropped.good_rows] == ["10/49", "10000+"]
    assert dropped.findings.repaired == 2
    assert dropped.findings.findings[0].examples == (
        Example(1, "Oct-49", "10/49"),
        Example(2, "10000", "10000+"),
    )
    assert dropped.findings.criticality is Criticality.OK


def test_padding_and_spellings_of_no_value_are_read_without_a_word() -> None:
    dropped = drop(file(row(1, gender=" Female ", company_type="NaN", training_hours="\t12")))

    assert dropped.good_rows[0]["gender"] == "Female"
    assert dropped.good_rows[0]["company_type"] == ""
    assert dropped.good_rows[0]["training_hours"] == "12"
    assert dropped.findings.findings == ()


def test_whole_numbers_become_plain_digits_and_others_keep_their_spelling() -> None:
    dropped = drop(file(row(1, training_hours="+036.0", city_development_index="0.9199999999999999", target="1.0")))

    good = dropped.good_rows[0]
    assert (good["training_hours"], good["city_development_index"], good["target"]) == ("36", "0.9199999999999999", "1")


def test_an_index_that_is_not_the_citys_is_noted_and_used() -> None:
    dropped = drop(file(row(1, city_development_index="0.5"), row(2, city_development_index="0.9204")))

    assert dropped.issues == {(Issue.INCONSISTENT, "city_development_index"): 1}
    assert dropped.findings.findings[0].examples == (Example(1, "0.5 (city_103 has 0.92)"),)
    assert dropped.good_rows[0]["city_development_index"] == "0.5"


def test_a_file_without_the_optional_target_has_it_empty() -> None:
    header, *rows = (line.rsplit(",", 1)[0] for line in (HEADER, row(1), row(2)))

    dropped = drop(file(*rows, header=header))

    assert dropped.parts == [f"_row,{HEADER}\n1,{rows[0]},\n2,{rows[1]},\n".encode()]


def test_examples_are_the_first_ten_and_their_values_are_cut() -> None:
    dropped = drop(file(*(row(number, gender="x" * 1000) for number in range(1, 31))), chunk_bytes=3000)

    (finding,) = dropped.findings.findings
    assert finding.rows == 30
    assert [example.row for example in finding.examples] == list(range(1, 11))
    assert all(len(example.value or "") == MAX_VALUE for example in finding.examples)


def test_parts_are_cut_by_rows_and_described_exactly() -> None:
    dropped = drop(file(*(row(number, city="" if number == 3 else "city_103") for number in range(1, 9))), part_rows=3)

    assert [[line.split(b",")[0] for line in part.splitlines()[1:]] for part in dropped.parts] == [
        [b"1", b"2", b"4"],
        [b"5", b"6", b"7"],
        [b"8"],
    ]
    assert [(part.rows, part.first_row, part.last_row) for part in dropped.findings.parts] == [
        (3, 1, 4),
        (3, 5, 7),
        (1, 8, 8),
    ]
    assert [part.bytes for part in dropped.findings.parts] == [len(part) for part in dropped.parts]


def test_histograms_count_the_good_rows_in_the_bins_of_the_contract() -> None:
    dropped = drop(file(row(1, training_hours="12"), row(2, training_hours="11", gender=""), row(3, city="")))

    assert set(dropped.findings.histograms) == {column.name for column in contract.COLUMNS if column.bins}
    assert dropped.findings.histograms["training_hours"][:3] == (1, 1, 0)
    assert dropped.findings.histograms["gender"] == (0, 1, 0, 1)
    assert all(sum(counts) == 2 for counts in dropped.findings.histograms.values())


def test_a_file_and_its_gzip_have_the_same_content_and_outputs() -> None:
    plain = file(row(1), row(2, city=""))

    assert drop(gzip.compress(plain), name="candidates.csv.gz").outputs == drop(plain).outputs


def test_findings_survive_json() -> None:
    findings = drop(file(row(1), row(2, city=""), row(3) + ",x")).findings

    assert Findings.from_dict(findings.to_dict()) == findings
    assert Findings.from_dict(drop(b"").findings.to_dict()) == drop(b"").findings
