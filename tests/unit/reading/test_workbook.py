"""Workbooks are read as the CSV that a person would have saved, within bounds, or refused with advice."""

import csv
import gzip
import hashlib
import io
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.generate import generate
from jobchange.contract import Issue
from jobchange.quality import redact
from jobchange.reading import decode, workbook, zipped
from jobchange.reading.rejected import Rejected
from tests.support import workbooks
from tests.support.dropped_files import HEADER, drop, file, row


def text(data: bytes, chunk_bytes: int = 1 << 20) -> str:
    return b"".join(decode.pieces(io.BytesIO(data), hashlib.sha256(), chunk_bytes)).decode()


def refusal(data: bytes) -> tuple[Issue, str]:
    with pytest.raises(Rejected) as caught:
        text(data)
    return caught.value.issue, caught.value.predicate


def cells(*cells: workbooks.Cell, **parts: str) -> str:
    """The line of a row of these cells, under a heading as wide."""
    named = {name.replace("__", "/") + ".xml": content for name, content in parts.items()}
    return text(workbooks.workbook([["h"] * len(cells), cells], parts=named)).splitlines()[1]


def saved(lines: str) -> list[list[workbooks.Cell]]:
    """A CSV as a spreadsheet holds it: plain numbers are numbers."""

    def cell(value: str) -> workbooks.Cell:
        if value.isdigit():
            return int(value)
        try:
            return float(value)
        except ValueError:
            return value or None

    return [[cell(value) for value in record] for record in csv.reader(io.StringIO(lines))]


@pytest.mark.parametrize("chunk_bytes", [1000, 1 << 20])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_workbook_gives_the_same_rows_as_the_csv_saved_from_it(chunk_bytes: int, pack: type[bytes]) -> None:
    lines = "".join(generate(300, seed=3)).replace("\r\n", "\n")
    book = drop(pack(workbooks.workbook(saved(lines))), chunk_bytes=chunk_bytes)
    plain = drop(lines.encode())

    assert book.findings.total == plain.findings.total == 300
    assert book.good_rows == plain.good_rows
    assert book.findings.findings == plain.findings.findings


def test_a_workbook_and_its_gzip_have_the_same_content() -> None:
    data = workbooks.workbook([HEADER.split(","), row(1).split(",")])

    assert drop(data).findings.content_sha256 == drop(gzip.compress(data)).findings.content_sha256 != ""


@pytest.mark.parametrize(
    ("number", "written"),
    [
        *(("36", "36"), ("36.0", "36"), ("0.92", "0.92"), ("0.92000000000000004", "0.92")),
        *(("0.30000000000000004", "0.3"), ("1.2E+3", "1200"), ("-5", "-5"), ("1e+20", "1e+20"), ("1.5E-7", "1.5e-07")),
        *(("123456789012345678", "1.23456789012346e+17"), ("2147483647", "2147483647"), ("nonsense", "nonsense")),
    ],
)
def test_numbers_are_written_as_a_person_would(number: str, written: str) -> None:
    assert cells(f"<c><v>{number}</v></c>") == written


@pytest.mark.parametrize(
    ("number", "style", "written"),
    [
        *(("46053", 1, "2026-01-31"), ("18172", 2, "1949-10-01"), ("46053.5", 3, "2026-01-31T12:00:00")),
        *(("0.395833333333333", 4, "09:30:00"), ("1", 1, "1900-01-01"), ("59", 1, "1900-02-28")),
        *(("61", 1, "1900-03-01"), ("46053", 0, "46053"), ("1.5", 5, "1.5"), ("12", 6, "12"), ("7", 7, "7")),
        *(("-1", 1, "-1"), ("99999999", 1, "99999999"), ("nan", 1, "nan"), ("1e400", 1, "inf"), ("x", 1, "x")),
        *(("2958465.9999999", 1, "2958465.9999999"), ("46053", 8, "2026-01-31"), ("5", 9, "5")),
    ],
)
def test_dates_are_iso_and_other_formats_are_no_dates(number: str, style: int, written: str) -> None:
    known = workbooks.styles(
        0, 14, "mmm\\-yy", 22, "hh:mm", "[h]:mm", '0 "days"', "General", "[$-409]d. mmmm yyyy;@", '#,##0_d;[Red]-0"m"'
    )

    assert cells(f'<c s="{style}"><v>{number}</v></c>', xl__styles=known) == written


def test_a_workbook_of_old_macs_counts_its_days_from_1904() -> None:
    parts = {
        "xl__styles": workbooks.styles(0, 14),
        "xl__workbook": workbooks.book("visible", properties='<workbookPr date1904="1"/>'),
    }

    assert cells('<c s="1"><v>44591</v></c>', **parts) == "2026-01-31"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ('<c t="b"><v>1</v></c>', "TRUE"),
        ('<c t="b"><v>0</v></c>', "FALSE"),
        ('<c t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
        ('<c t="str"><f>A1&amp;"x"</f><v>Graduate</v></c>', "Graduate"),
        ("<c><f>SUM(A1:A2)</f><v>36</v></c>", "36"),
        ('<c t="d"><v>2026-01-31T00:00:00</v></c>', "2026-01-31"),
        ('<c t="inlineStr"><is><r><t>Gradu</t></r><r><rPr/><t>ate</t></r></is></c>', "Graduate"),
        ('<c t="inlineStr"><is><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></is></c>', "東京"),
        ('<c t="inlineStr"><is><t>a_x000D_\nb</t></is></c>', "a b"),
        ('<c t="inlineStr"><is><t>_x005F_x000D_</t></is></c>', "_x000D_"),
        ('<c t="inlineStr"><is><t>a,"b"</t></is></c>', '"a,""b"""'),
        ('<c t="inlineStr"><is><t>&lt;10 &amp; &#x2028;more</t></is></c>', "<10 &  more"),
        ('<c t="inlineStr"><is><t><![CDATA[<10]]></t></is></c>', "<10"),
        ("a,b", '"a,b"'),
        ("two\nlines", "two lines"),
        (" kept ", " kept "),
    ],
)
def test_each_kind_of_cell_is_its_text(cell: str, written: str) -> None:
    assert cells(cell) == written


def test_a_cell_without_a_value_is_an_empty_field() -> None:
    assert cells('<c s="1"/>', "<c><f>A1</f></c>", "x") == ",,x"


def test_each_row_is_one_line_as_wide_as_the_table_and_empty_rows_are_empty_lines() -> None:
    rows = (
        '<row r="2"><c r="B2"><v>1</v></c></row><row r="4"><c r="A4"><v>2</v></c><c r="D4" s="3"/></row>'
        '<row><c><v>3</v></c><c><v>4</v></c></row><row r="9"/>'
    )
    data = workbooks.workbook([["a", "b", "c"]], parts={"xl/worksheets/sheet1.xml": workbooks.sheet(rows)})

    assert text(data) == "\n,1\n\n2,\n3,4\n\n\n\n\n"


def test_what_stands_above_the_header_makes_no_row_narrower() -> None:
    lines = text(workbooks.workbook([["Candidates of October"], [], HEADER.split(","), [1, "city_103"]])).splitlines()

    assert [line.count(",") for line in lines] == [13, 0, 13, 13]


def test_the_first_visible_sheet_of_cells_is_read() -> None:
    sheets = [[[name]] for name in ("chart", "hidden", "very hidden", "candidates", "another")]
    links = [(f"rId{n}", "chartsheet" if n == 1 else "worksheet", f"/xl/worksheets/sheet{n}.xml") for n in range(1, 6)]
    parts = {
        "xl/workbook.xml": workbooks.book("visible", "hidden", "veryHidden", "visible", "visible"),
        "xl/_rels/workbook.xml.rels": workbooks.relations(*links, ("rId9", "sharedStrings", "/xl/sharedStrings.xml")),
    }

    assert text(workbooks.workbook(*sheets, parts=parts)) == "candidates\n"
    hidden = {"xl/workbook.xml": workbooks.book("hidden")}
    assert refusal(workbooks.workbook([["a"]], parts=hidden)) == (
        Issue.EMPTY,
        "is a workbook without a visible sheet of cells: open it in Excel, choose Save as, CSV UTF-8, and drop that "
        "file",
    )


def test_a_workbook_of_another_program_may_have_a_prefix_and_other_places() -> None:
    sheet = '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData><x:row><x:c><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    parts: dict[str, str | None] = {
        "xl/worksheets/sheet1.xml": None,
        "xl/sheets/One.xml": sheet,
        "xl/_rels/workbook.xml.rels": workbooks.relations(("rId1", "worksheet", "sheets/one.xml")),
        "xl/vbaProject.bin": "macros",
        "xl/sharedStrings.xml": None,
    }

    assert text(workbooks.workbook([["a"]], parts=parts)) == "5\n"


def test_an_empty_sheet_is_an_empty_file() -> None:
    findings = drop(workbooks.workbook([]), name="candidates.xlsx").findings

    assert findings.fatal is Issue.EMPTY
    assert findings.reason == "candidates.xlsx is empty: check that the export finished, and drop the full file."


SAVE_AS = "open it in Excel, choose Save as, CSV UTF-8, and drop that file"
DAMAGED = (Issue.UNREADABLE, f"is a damaged Excel workbook: {SAVE_AS}")
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<worksheet><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    "sheet",
    [
        pytest.param(LAUGHS, id="a document type"),
        pytest.param("<worksheet><sheetData><row>", id="cut off"),
        pytest.param(workbooks.sheet('<row r="5"/><row r="5"/>'), id="a row twice"),
        pytest.param(workbooks.sheet('<row r="1048577"/>'), id="too many rows"),
        pytest.param(workbooks.sheet('<row r="x"/>'), id="a row without a number"),
        pytest.param(workbooks.sheet('<row><c t="s"><v>999</v></c></row>'), id="no such text"),
        pytest.param(workbooks.sheet('<row><c t="s"><v>-1</v></c></row>'), id="a text before the first"),
        pytest.param(workbooks.sheet('<row><c r="ABCD1"><v>1</v></c></row>'), id="a column beyond all"),
        pytest.param(workbooks.sheet(f'<row a="{"x" * (3 << 20)}"/>'), id="an endless tag"),
        pytest.param(workbooks.sheet(f"<row><c><v>{'1' * (3 << 20)}</v></c></row>"), id="an endless cell"),
        pytest.param(None, id="no such sheet"),
    ],
)
def test_a_damaged_or_malicious_sheet_is_refused(sheet: str | None) -> None:
    assert refusal(workbooks.workbook([["a"]], parts={"xl/worksheets/sheet1.xml": sheet})) == DAMAGED


@pytest.mark.parametrize("cells", ['<c r="XFD7"><v>1</v></c>', "<c><v>1</v></c>" * 2001])
def test_a_value_far_to_the_right_is_refused_with_its_row(cells: str) -> None:
    far = workbooks.sheet(f'<row r="7">{cells}</row>')

    assert refusal(workbooks.workbook([["a"]], parts={"xl/worksheets/sheet1.xml": far})) == (
        Issue.UNREADABLE,
        "has a value in row 7 to the right of its first 2,000 columns: clear those cells, and drop the file again",
    )


def test_a_cut_workbook_is_damaged() -> None:
    whole = workbooks.workbook([["a"] * 50] * 50)

    assert refusal(whole[: len(whole) // 2]) == (
        Issue.UNREADABLE,
        "is a damaged Excel workbook: export it again, and drop the whole file",
    )


def test_a_workbook_with_a_password_on_its_entries_says_so() -> None:
    data = bytearray(workbooks.workbook([["a"]]))
    for at in range(len(data)):
        if data[at : at + 4] == b"PK\x01\x02":
            data[at + 8] |= 1

    assert refusal(bytes(data))[1] == "is protected by a password: save it without one, and drop that file"


@pytest.mark.large
def test_a_bomb_is_refused_within_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_SHEET", 20 << 20)
    monkeypatch.setattr(workbook, "MAX_STRINGS", 5 << 20)
    rows = "<row><c><v>1</v></c></row>" * 1_000_000

    bomb = workbooks.workbook([["a"]], parts={"xl/worksheets/sheet1.xml": workbooks.sheet(rows)})
    assert "holds more than 20 MB" in refusal(bomb)[1]
    texts = f"<sst>{'<si><t>x</t></si>' * 200_000}</sst>"
    assert "too many different texts" in refusal(workbooks.workbook([["a"]], parts={"xl/sharedStrings.xml": texts}))[1]


@pytest.mark.large
def test_a_part_of_too_many_elements_is_damaged() -> None:
    styles = f"<styleSheet>{'<xf/>' * 200_001}</styleSheet>"

    assert refusal(workbooks.workbook([["a"]], parts={"xl/styles.xml": styles})) == DAMAGED


def test_a_size_that_lies_is_a_damage_and_no_way_round_a_limit() -> None:
    data = workbooks.workbook([["a"] * 9] * 9)
    name, size = b"xl/worksheets/sheet1.xml", 24
    at = data.rindex(name) - 46
    lying = data[: at + size] + (40).to_bytes(4, "little") + data[at + size + 4 :]

    assert refusal(lying) == DAMAGED


def test_a_zip_that_is_too_large_or_has_too_many_entries_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = workbooks.workbook([["a"]])
    monkeypatch.setattr(zipped, "MAX_ENTRIES", 5)
    with pytest.raises(Rejected, match="more than 5 files"):
        text(data, 100)

    monkeypatch.setattr(zipped, "MAX_PACKED", 1 << 20)
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("xl/workbook.xml", b"x" * (2 << 20))
    assert refusal(stored.getvalue()) == (
        Issue.UNREADABLE,
        "is a workbook of more than 1 MB: save its sheet of candidates as CSV UTF-8, and drop that file",
    )


PARTS = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
    "xl/worksheets/sheet1.xml",
)


@pytest.mark.large
@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PARTS), st.data())
def test_no_damage_to_a_part_is_an_error_of_ours(part: str, data: st.DataObject) -> None:
    body = bytearray(zipfile.ZipFile(io.BytesIO(_SMALL)).read(part))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.sampled_from(MISCHIEF) | st.binary(max_size=3))

    findings = drop(workbooks.workbook(_ROWS, parts={"xl/styles.xml": _STYLES, part: bytes(body)})).findings

    assert findings.fatal is None or findings.reason


MISCHIEF = [
    b"<",
    b">",
    b'"',
    b"-1",
    b"99999",
    b"1e9",
    b"inf",
    b"nan",
    b"&#0;",
    b"&lt;",
    b"</c>",
    b"<v>",
    b"<row>",
    b"\0",
]


@pytest.mark.large
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_damage_to_a_workbook_is_an_error_of_ours(data: st.DataObject) -> None:
    whole = bytearray(_SMALL)
    for _ in range(data.draw(st.integers(1, 4))):
        # Half of them in the list at the end.
        start = data.draw(st.sampled_from([4, _SMALL.index(b"PK\x01\x02")]))
        whole[data.draw(st.integers(start, len(whole) - 1))] = data.draw(st.integers(0, 255))

    findings = drop(bytes(whole)).findings

    assert findings.fatal is None or findings.reason


_STYLES = workbooks.styles(0, 14, "yyyy")
_ROWS: list[list[workbooks.Cell]] = [
    [*HEADER.split(",")],
    [1, *row(1).split(",")[1:-2], 36, '<c s="1"><v>46053</v></c>'],
]
_SMALL = workbooks.workbook(_ROWS, parts={"xl/styles.xml": _STYLES})


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="_"), max_size=8), max_size=5
        ),
        max_size=30,
    ),
    st.integers(1, 5000),
)
def test_any_texts_come_back_as_they_are_one_line_a_row(rows: list[list[str]], chunk_bytes: int) -> None:
    rows = [[" ".join(cell.splitlines()) for cell in cells] for cells in rows]
    rows = [[None if not cell or cell.startswith("<c") else cell for cell in cells] for cells in rows]  # type: ignore[misc]

    read = text(workbooks.workbook(rows), chunk_bytes).split("\n")[:-1]

    assert len(read) == len(rows)
    for line, cells in zip(read, rows, strict=True):
        given = [cell or "" for cell in cells]
        found = next(csv.reader([line], strict=True), [])
        assert found[: len(given)] == given[: len(found)]
        assert not any(found[len(given) :])
        assert not any(given[len(found) :])


def test_bad_rows_that_come_back_as_a_workbook_are_recognised() -> None:
    before = drop(file(row(7), row(8, training_hours="0"), row(9, training_hours="0", city="city_103")))
    corrected = before.bad_file.decode("utf-8-sig").replace(",0,1,", ",40,1,")

    after = drop(workbooks.workbook(saved(corrected)))

    assert (after.findings.total, after.findings.good) == (2, 2)
    assert [(each.file_id, each.rows) for each in after.findings.corrections] == [("f1", 2)]


def test_an_erasure_reads_a_workbook_and_leaves_its_text_without_the_candidate() -> None:
    data = workbooks.workbook(saved(file(row(7), row(8), row(9)).decode()))
    written = io.BytesIO()

    redacted = redact.dropped_file(io.BytesIO(data), lambda found: np.isin(found, [8]), written.write)

    assert redacted == 1
    assert written.getvalue() == file(row(7), redact.ERASED, row(9))
    assert drop(written.getvalue()).findings.total == drop(data).findings.total
