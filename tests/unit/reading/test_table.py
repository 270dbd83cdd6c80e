"""Every line of a file is in one row, in the header, or empty; all who read it read the same."""

from io import BytesIO

import numpy as np
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jobchange import contract
from jobchange.quality.schema import judge
from jobchange.quality.seen_packed import SeenPacked
from jobchange.reading.dictionary import Judge, reader_alone
from jobchange.reading.rejected import Rejected
from jobchange.reading.seen import SeenArray
from jobchange.reading.table import Row, Table, rows
from jobchange.training.dataset import LabelledFile, read
from tests.support.dropped_files import CANDIDATE, HEADER, drop, numbers, row

thorough = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

_good = st.integers(1, 9).map(row)
_notes = st.text(st.sampled_from('",\n ;x1\u200b\0'), max_size=8)
_damaged = st.builds(
    lambda line, place, text: line[:place] + text + line[place:], _good, st.integers(0, 90), _notes
) | st.sampled_from([HEADER, "Total,,,,", "," * 13, '"', '"",""', ""])
_lines = st.lists(_good | _damaged, max_size=10)
_headers = st.sampled_from([HEADER, f"{HEADER},notes", f"first,{HEADER}", f'title\n\n{HEADER},"no\ntes"'])


def lines_in(text: str) -> int:
    return text.count("\n") + (not text.endswith("\n") and text != "")


def counted(data: bytes, chunk_bytes: int = 1 << 20) -> tuple[int, int, int]:
    """The lines of a file's records and the empty ones, and how many records they are."""
    lines = empty = records = 0
    table = Table(BytesIO(data), chunk_bytes=chunk_bytes)
    for block in table.blocks:
        for begin, end in zip(block.begins.tolist(), block.ends.tolist(), strict=True):
            lines += block.data[begin:end].count(b"\n") + 1
        empty += block.empty
        records += len(block)
    return lines, empty, records


@given(_headers, _lines, st.integers(1, 300), st.sampled_from(["", "\n"]))
@thorough
@example(HEADER + ",notes", [row(1) + ',"a', row(2) + ",b", row(3) + ',c"'], 7, "\n")
@example(HEADER, [row(1).replace("STEM", '"STEM'), row(2), row(3).replace("STEM", 'STEM"')], 7, "")
def test_every_line_is_in_a_record_in_the_header_or_empty(
    header: str, lines: list[str], chunk_bytes: int, last: str
) -> None:
    below = "\n".join(lines) + last if lines else ""
    data = f"{header}\n{below}".encode()

    found, empty, records = counted(data)

    assert found + empty == lines_in(below)
    assert counted(data, chunk_bytes) == (found, empty, records)


@given(_headers, _lines)
@thorough
def test_a_line_that_is_a_good_row_by_itself_is_a_row_wherever_it_stands(header: str, lines: list[str]) -> None:
    """Stray marks around it can't take it along."""
    below = [row(70), *lines, row(71), row(72)]
    columns = header.replace('"no\ntes"', "notes").rsplit("\n", 1)[-1].split(",")
    whole = [
        line if columns[0] == "enrollee_id" else f"x,{line}"
        for line in [each + ",x" * (columns[-1] == "notes") for each in below]
    ]
    data = "\n".join([header, *whole]).encode()

    found = [each.values["enrollee_id"] for each in rows(Table(BytesIO(data))) if each.values]

    assert {70, 71, 72} <= set(found)


def table_rows(data: bytes, judged_by: Judge) -> list[Row]:
    return list(rows(Table(BytesIO(data), judge=judged_by)))


_cells = st.text(st.sampled_from("0123456789.,-eE+ Mal\u200b\u00a0\"'=;"), max_size=7) | st.text(max_size=9)
_rows = st.dictionaries(st.sampled_from(contract.NAMES), _cells, max_size=3)


@given(st.lists(_rows, min_size=1, max_size=8), st.sampled_from([",", ";", "\t"]), st.booleans(), st.integers(1, 500))
@thorough
def test_lake_and_training_and_readers_of_rows_agree_on_every_row_and_value(
    changes: list[dict[str, str]], separator: str, comma: bool, chunk_bytes: int
) -> None:
    index = "0,92" if comma else "0.92"
    table = [
        {**CANDIDATE, "city_development_index": index, "enrollee_id": str(number), **change}
        for number, change in enumerate(changes, 1)
    ]
    quoted = (
        (cell if separator not in cell and '"' not in cell and "\n" not in cell else _quoted(cell))
        for each in table
        for cell in each.values()
    )
    width = len(contract.NAMES)
    cells = list(quoted)
    lines = [separator.join(cells[start : start + width]) for start in range(0, len(cells), width)]
    data = "\n".join([HEADER.replace(",", separator), *lines, ""]).encode()

    try:
        alone = table_rows(data, reader_alone)
    except Rejected:
        assert drop(data).findings.fatal is not None
        return
    lake = drop(data, chunk_bytes=chunk_bytes)
    trained = read([LabelledFile("x.csv", BytesIO(data))])

    assert alone == table_rows(data, judge)
    assert [each.number for each in alone if each.values] == numbers(lake.good_rows)
    assert [each.number for each in alone if not each.values] == numbers(lake.bad_rows)
    for dropped, values in zip(lake.good_rows, (each.values for each in alone if each.values), strict=True):
        for column in contract.COLUMNS:
            assert contract.read(column, dropped[column.name]).value == values[column.name]
    labelled = [each for each in lake.good_rows if each[contract.LABEL]]
    for name in contract.NAMES:
        assert [each[name] or None for each in labelled] == trained.columns[name]


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


@given(st.lists(st.lists(st.integers(1, 30), max_size=6), max_size=6))
def test_both_ways_to_remember_identifiers_know_the_same(blocks: list[list[int]]) -> None:
    array, packed = SeenArray(), SeenPacked()
    known: set[int] = set()

    for block in blocks:
        numbers = np.array(sorted(block), np.uint32)
        found = [{*seen.add(numbers).tolist()} for seen in (array, packed)]
        assert found == [known & {*block}] * 2
        known |= {*block}


_cells = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf")), max_size=8)


@given(st.lists(st.tuples(_cells, _cells), min_size=1, max_size=8), st.integers(1, 300))
@thorough
def test_the_cells_of_other_columns_are_given_as_they_are(cells: list[tuple[str, str]], chunk_bytes: int) -> None:
    lines = [f"{_quoted(name)},{row(at)},{_quoted(mail)}" for at, (name, mail) in enumerate(cells, 1)]
    table = Table(BytesIO("\n".join([f"name,{HEADER},e-mail", *lines]).encode()), chunk_bytes=chunk_bytes)

    assert [*table.layout.unexpected.values()] == ["name", "e-mail"]
    assert [tuple(each.others) for each in rows(table)] == cells
