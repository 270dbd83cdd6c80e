"""Files as people drop them: what can be read safely is read, the rest is refused with advice."""

import gzip
import io
import random
import zipfile

import pytest

from jobchange import contract
from jobchange.contract import Criticality, Issue
from jobchange.quality import validate as module
from jobchange.quality.findings import Example
from jobchange.reading.records import MAX_LINE
from tests.support.dropped_files import HEADER, Dropped, drop, file, numbers, row

CLEAN = file(row(1), row(2, company_size="<10"), row(3))


def _zipped(**members: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writer:
        for name, content in members.items():
            writer.writestr(name, content)
    return archive.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xef\xbb\xbf" + CLEAN, id="byte order mark"),
        pytest.param(CLEAN.replace(b"\n", b"\r\n"), id="carriage return and line feed"),
        pytest.param(CLEAN.replace(b"\n", b"\r"), id="lone carriage returns"),
        pytest.param(CLEAN.rstrip(b"\n"), id="no line end at the end"),
        pytest.param(b"\n  \n" + CLEAN.replace(b"\n", b"\n\n") + b"   \n\n\r\n", id="blank lines"),
        pytest.param(CLEAN.decode().encode("utf-16"), id="utf-16"),
        pytest.param(CLEAN.decode().encode("utf-16-le"), id="utf-16 little-endian without mark"),
        pytest.param(CLEAN.decode().encode("utf-16-be"), id="utf-16 big-endian without mark"),
        pytest.param(CLEAN.replace(b",", b";"), id="semicolons"),
        pytest.param(CLEAN.replace(b",", b"\t"), id="tabs"),
        pytest.param(CLEAN.replace(b",", b'","').replace(b"\n", b'"\n"')[:-1].join([b'"', b""]), id="all quoted"),
        pytest.param(CLEAN.replace(b"STEM", b'"STEM"'), id="some quoted"),
        pytest.param(gzip.compress(CLEAN), id="gzip"),
        pytest.param(gzip.compress(CLEAN[:100]) + gzip.compress(CLEAN[100:]) + bytes(512), id="gzip of two members"),
        pytest.param(CLEAN.replace(b"1,36,1", b" 1 ,36 ,1.0"), id="padded"),
        pytest.param(CLEAN.replace(b"\n", b"\r") + b"\n", id="lone carriage returns, then a line feed"),
        pytest.param(b"\xef\xbb\xbfsep=;\r\n" + CLEAN.replace(b",", b";"), id="a line that names the separator"),
        pytest.param(CLEAN.replace(b",", b";").replace(b"0.92", b"0,92"), id="decimal commas and semicolons"),
        pytest.param(CLEAN.replace(b",", b"\t").replace(b"0.92", b"0,92"), id="decimal commas and tabs"),
        pytest.param(CLEAN.replace(b"0.92", b'"0,92"'), id="decimal commas in quotes"),
    ],
)
@pytest.mark.parametrize("chunk_bytes", [7, 1 << 20])
def test_a_clean_file_in_another_dress_is_as_good(data: bytes, chunk_bytes: int) -> None:
    dropped = drop(data, chunk_bytes=chunk_bytes)

    assert dropped.findings.reason is None
    assert dropped.parts == drop(CLEAN).parts
    assert dropped.findings.findings == ()


def test_columns_in_another_order_and_unknown_ones_are_sorted_out() -> None:
    lines = CLEAN.decode().splitlines()
    turned = file(*(f"note,{','.join(reversed(line.split(',')))}," for line in lines[1:]), header="")
    header = f"remark,{','.join(reversed(contract.NAMES))},\n".encode()

    dropped = drop(header + turned.lstrip(b"\n"))

    assert dropped.parts == drop(CLEAN).parts
    assert dropped.issues == {
        (Issue.UNEXPECTED_COLUMN, "remark"): 0,
        (Issue.UNEXPECTED_COLUMN, "(unnamed, column 16)"): 0,
    }


def test_a_header_in_capitals_or_with_spaces_is_recognised_and_noted() -> None:
    header = HEADER.replace("city,", " CITY ,", 1).replace("training_hours", "Training Hours")

    dropped = drop(CLEAN.replace(HEADER.encode(), header.encode()))

    assert dropped.parts == drop(CLEAN).parts
    assert dropped.issues == {(Issue.HEADER_REPAIRED, "city"): 0, (Issue.HEADER_REPAIRED, "training_hours"): 0}
    assert dropped.findings.findings[0].examples[0].value == " CITY "


def test_quoted_fields_may_hold_separators_marks_and_line_breaks() -> None:
    records = ['1,"a, ""b""\nand c\r\n\nd",' + row(1)[2:], '2,"",' + row(2)[2:], '3,x "y" z,' + row(3)[2:]]

    dropped = drop(file(*records, header=HEADER.replace(",", ",note,", 1)))

    assert numbers(dropped.good_rows) == [1, 2, 3]


def test_a_wrong_value_in_a_quoted_field_is_reported_without_the_quotation() -> None:
    raw = row(1).replace("STEM", '"STEM, ""x"" and y"')

    dropped = drop(file(raw, row(2)))

    assert dropped.findings.findings[0].examples[0].value == 'STEM, "x" and y'
    assert dropped.bad_rows[0]["major_discipline"] == 'STEM, "x" and y'
    assert dropped.bad_rows[0]["_raw"] == raw
    assert numbers(dropped.good_rows) == [2]


def test_points_group_thousands_where_the_comma_is_the_decimal_mark() -> None:
    lines = [row(1, enrollee_id="12.000", city_development_index="0,92", training_hours="1.000"), row(3)]
    dropped = drop(file(*lines[:1]).replace(b"0,92", b"#").replace(b",", b";").replace(b"#", b"0,92"))

    assert dropped.good_rows[0]["enrollee_id"] == "12000"
    assert dropped.good_rows[0]["training_hours"] == "1000"
    assert dropped.issues == {(Issue.REPAIRED_VALUE, name): 1 for name in ("enrollee_id", "training_hours")}


def test_a_number_that_could_be_two_is_refused_where_the_file_has_both_marks() -> None:
    lines = [row(1, city_development_index='"0,92"'), row(2, enrollee_id="12.000"), row(3)]

    assert drop(file(*lines)).issues == {
        (Issue.WRONG_TYPE, "enrollee_id"): 1,
        (Issue.REPAIRED_VALUE, "city_development_index"): 1,
    }


@pytest.mark.parametrize("gap", [0, 1, 46])
def test_two_stray_marks_cost_their_own_lines_only(gap: int) -> None:
    lines = [row(number) for number in range(1, gap + 5)]
    lines[1] = lines[1].replace("STEM", '"STEM')
    lines[gap + 2] = lines[gap + 2].replace("STEM", 'STEM"')

    dropped = drop(file(*lines))

    assert dropped.findings.total == len(lines)
    assert numbers(dropped.bad_rows) == [2, gap + 3]


def test_the_header_again_and_totals_are_one_issue_each() -> None:
    dropped = drop(file(row(1), HEADER, row(2), "Total" + "," * 12 + "72", "2 rows, Total: 72", "Sum;x"))

    assert dropped.issues == {(Issue.NOT_A_CANDIDATE, None): 3, (Issue.MALFORMED_ROW, None): 1}
    assert numbers(dropped.good_rows) == [1, 3]


def test_titles_above_the_header_are_left_out_and_noted() -> None:
    dropped = drop(b"Candidates of the spring\n\nconfidential,,\n" + CLEAN)

    assert dropped.parts == drop(CLEAN).parts
    assert dropped.issues == {(Issue.HEADER_REPAIRED, None): 0}
    assert [each.value for each in dropped.findings.findings[0].examples] == [
        "Candidates of the spring",
        "confidential,,",
    ]


def test_rows_above_the_header_are_not_taken_for_titles() -> None:
    dropped = drop(file(row(1), row(2), HEADER, row(3), header=""))

    assert dropped.findings.fatal is Issue.UNREADABLE
    assert "has its header in line 4, below rows" in str(dropped.findings.reason)


@pytest.mark.parametrize("place", ["front", "end"])
def test_a_field_without_a_name_in_every_row_is_an_unexpected_column(place: str) -> None:
    lines = [f'"{number}",{row(number)}' if place == "front" else row(number) + "," for number in (1, 2, 3)]

    dropped = drop(file(*lines))

    assert numbers(dropped.good_rows) == [1, 2, 3]
    assert dropped.issues == {(Issue.UNEXPECTED_COLUMN, f"(unnamed, column {1 if place == 'front' else 15})"): 0}


def test_last_values_that_are_left_out_are_empty_where_no_others_can_be_meant() -> None:
    short = row(2).removesuffix(",1")
    either = row(3, training_hours="1").removesuffix(",1")
    lost = row(4).replace(",STEM", "").removesuffix(",1")

    dropped = drop(file(row(1), short, either, lost))

    assert numbers(dropped.good_rows) == [1, 2]
    assert dropped.good_rows[1]["target"] == ""
    assert dropped.issues == {(Issue.SHORT_ROW, None): 1, (Issue.MALFORMED_ROW, None): 2}


def test_lines_that_are_quoted_as_a_whole_are_named() -> None:
    data = b"".join(b'"' + line + b'"\n' for line in CLEAN.splitlines())

    assert "each of its lines in quotation marks as a whole" in str(drop(data).findings.reason)


def test_a_column_that_is_nearly_named_is_asked_about() -> None:
    misspelt = CLEAN.replace(b"education_level", b"educaton_levl")

    assert "is “educaton_levl” meant to be “education_level”?" in str(drop(misspelt).findings.reason)
    assert drop(CLEAN.replace(b"relevent_exp", b"Relevant Exp")).findings.good == 3


@pytest.mark.parametrize("chunk_bytes", [50, 1 << 20])
def test_an_unclosed_mark_costs_its_own_row_only(chunk_bytes: int) -> None:
    broken = row(2).replace("STEM", '"STEM')

    dropped = drop(file(row(1), broken, *(row(number) for number in range(3, 90)), broken), chunk_bytes=chunk_bytes)

    assert [each["_raw"] for each in dropped.bad_rows] == [broken, broken]
    assert numbers(dropped.good_rows) == [1, *range(3, 90)]


def test_a_mark_that_closes_in_another_row_does_not_swallow_the_rows_between() -> None:
    dropped = drop(file(row(1, gender='"Male'), row(2), row(3, company_type='NGO"')))

    assert numbers(dropped.good_rows) == [2]
    assert [each["_row"] for each in dropped.bad_rows] == ["1", "3"]


def test_decimal_commas_are_understood_where_semicolons_separate() -> None:
    dropped = drop(CLEAN.replace(b",", b";").replace(b"0.92", b"0,92"))

    assert [each["city_development_index"] for each in dropped.good_rows] == ["0.92"] * 3
    assert dropped.issues == {}


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8"])
def test_text_beyond_ascii_reaches_the_bad_file_in_utf_8(encoding: str) -> None:
    dropped = drop(file(row(1, city="Köln")).decode().encode(encoding))

    assert dropped.bad_rows[0]["city"] == "Köln"
    assert dropped.bad_rows[0]["_raw"] == row(1, city="Köln")
    assert dropped.findings.findings[0].examples[0].value == "Köln"


def test_any_byte_is_kept_in_the_bad_file() -> None:
    every = bytes(set(range(256)) - set(b'",\n'))
    raw = row(50).encode().replace(b"STEM", every)

    dropped = drop(file(*(row(number) for number in range(1, 50))) + raw)

    assert dropped.bad_rows[0]["_raw"].encode("latin-1") == raw


def test_characters_that_nobody_sees_are_taken_away_and_noted() -> None:
    dropped = drop(file(row(1), row(2, gender="Ma\0le"), row(3, gender="Male\u200b"), row(4, gender="\ufeffM")))

    assert dropped.issues == {(Issue.REPAIRED_VALUE, "gender"): 2, (Issue.UNKNOWN_CATEGORY, "gender"): 1}
    assert [each["gender"] for each in dropped.good_rows] == ["Male"] * 3
    assert dropped.bad_rows[0]["gender"] == "M"
    assert dropped.findings.findings[0].examples == (Example(4, "⟨U+FEFF⟩M"),)
    assert dropped.findings.findings[1].examples[0] == Example(2, "Ma⟨U+0000⟩le", "Male")


@pytest.mark.large
def test_a_ten_megabyte_line_is_one_bad_row() -> None:
    line = row(2, gender="x" * 10_000_000)

    dropped = drop(file(row(1), line, row(3)))

    assert numbers(dropped.good_rows) == [1, 3]
    assert dropped.bad_rows[0]["_raw"] == line
    assert len(str(dropped.findings.to_dict())) < 10_000


def test_a_truncated_last_line_is_malformed() -> None:
    dropped = drop(CLEAN[:-20])

    assert dropped.issues == {(Issue.MALFORMED_ROW, None): 1}
    assert numbers(dropped.good_rows) == [1, 2]


def test_lines_of_separators_alone_are_empty_lines() -> None:
    dropped = drop(CLEAN + b"," * 13 + b"\n" + b' ,"",' + b"," * 11 + b"\n\0\n")

    assert dropped.parts == drop(CLEAN).parts
    assert (dropped.findings.total, dropped.findings.bad, dropped.findings.empty_lines) == (3, 0, 3)


def test_many_unexpected_columns_are_counted_together() -> None:
    extra = [f"extra_{number}" for number in range(500)]

    dropped = drop(file(row(1) + ",x" * 500, header=HEADER + "," + ",".join(extra)))

    assert dropped.findings.good == 1
    assert len(dropped.findings.findings) == 21
    assert dropped.findings.findings[-1].examples[0].value == "and 480 more"


REFUSED = [
    pytest.param(b"", Issue.EMPTY, "is empty", id="nothing"),
    pytest.param(b"\xef\xbb\xbf\n\n  \n", Issue.EMPTY, "is empty", id="blank lines only"),
    pytest.param(HEADER.encode(), Issue.EMPTY, "has a header but no rows", id="header only"),
    pytest.param(
        file(row(1), header=HEADER.replace("city,", "", 1)), Issue.MISSING_COLUMN, "lacks “city”", id="no city"
    ),
    pytest.param(file(row(2), header=row(1)), Issue.MISSING_COLUMN, "has no header", id="no header"),
    pytest.param(file(row(1), header=HEADER + ",City"), Issue.UNREADABLE, "names “city” twice", id="a column twice"),
    pytest.param(b"%PDF-1.7\n...", Issue.UNREADABLE, "is a PDF document", id="PDF"),
    pytest.param(_zipped(**{"data.csv": "x"}), Issue.UNREADABLE, "unpack it", id="zip"),
    pytest.param(
        _zipped(**{"[Content_Types].xml": "", "xl/a": ""}), Issue.UNREADABLE, "Save as, CSV UTF-8", id="Excel"
    ),
    pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(500), Issue.UNREADABLE, "an old Excel workbook", id="old Excel"),
    pytest.param(b"\n<!DOCTYPE html><html>", Issue.UNREADABLE, "is a web page", id="web page"),
    pytest.param(b'[{"city": "city_1"}]', Issue.UNREADABLE, "is JSON", id="JSON"),
    pytest.param(random.Random(1).randbytes(5000), Issue.UNREADABLE, "isn't text", id="binary"),
    pytest.param(gzip.compress(CLEAN)[:-9], Issue.UNREADABLE, "ends early", id="truncated gzip"),
    pytest.param(gzip.compress(CLEAN)[:-8] + bytes(8), Issue.UNREADABLE, "is a damaged gzip", id="damaged gzip"),
    pytest.param(gzip.compress(gzip.compress(CLEAN)), Issue.UNREADABLE, "is compressed twice", id="gzip twice"),
    pytest.param(CLEAN.decode().encode("utf-16")[:-1], Issue.ENCODING, "begins as UTF-16", id="half a character"),
    pytest.param(CLEAN.decode().encode("utf-32"), Issue.ENCODING, "is UTF-32", id="UTF-32"),
    pytest.param(b"x" * 100_000, Issue.UNREADABLE, "a first line of more than 64 KB", id="no line ends"),
    pytest.param(CLEAN + b"x" * (MAX_LINE + 1), Issue.UNREADABLE, "a line longer than 16 MB", id="endless line"),
    pytest.param(CLEAN + b"x" * (MAX_LINE + 1) + b"\n" + CLEAN, Issue.UNREADABLE, "a line longer", id="long line"),
]


@pytest.mark.parametrize(("data", "issue", "reason"), REFUSED)
@pytest.mark.parametrize("chunk_bytes", [3000, 1 << 25])
def test_what_cannot_be_used_is_refused_as_a_whole_with_advice(
    data: bytes, issue: Issue, reason: str, chunk_bytes: int
) -> None:
    # A line that doesn't end is searched again with each chunk: not five thousand times.
    findings = drop(data, name="candidates.csv", chunk_bytes=max(chunk_bytes, len(data) // 200)).findings

    assert findings.fatal is issue
    assert findings.reason is not None
    assert findings.reason.startswith("candidates.csv ")
    assert reason in findings.reason
    assert ": " in findings.reason, "advice follows"
    assert (findings.total, findings.good, findings.bad, findings.parts) == (0, 0, 0, ())
    assert {finding.type for finding in findings.findings} == {issue}
    assert findings.criticality is Criticality.CRITICAL


def test_each_missing_column_is_a_finding() -> None:
    findings = drop(file("1", header="enrollee_id")).findings

    assert {finding.column for finding in findings.findings} == {
        column.name for column in contract.COLUMNS if column.required
    } - {"enrollee_id"}


@pytest.mark.large
def test_a_gzip_bomb_is_refused_before_it_fills_the_memory() -> None:
    bomb = gzip.compress(file(row(1)) + b"x" * 200_000_000, 1)

    assert "a line longer than 16 MB" in (drop(bomb).findings.reason or "")


def test_a_file_of_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ROWS", 2)

    assert "more than 2 rows: split it" in (drop(CLEAN).findings.reason or "")


def test_errors_of_the_source_are_not_the_files() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:  # noqa: ARG002
            raise ConnectionError("reset")

    with pytest.raises(ConnectionError):
        module.validate(Broken(), name="x.csv", file_id="f1", outputs=drop(b""))


def test_errors_of_the_outputs_are_not_the_files() -> None:
    class Full(Dropped):
        def part(self, index: int, body: bytes) -> None:  # noqa: ARG002
            raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        module.validate(io.BytesIO(CLEAN * 2), name="x.csv", file_id="f1", outputs=Full(), chunk_bytes=50, part_rows=1)
