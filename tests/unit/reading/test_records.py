"""Records and cells are those that Python's csv finds, wherever the text is cut into blocks."""

import csv
import io

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jobchange.contract import DecimalMark
from jobchange.reading import records
from jobchange.reading.header import Layout
from jobchange.reading.records import split

FIELDS = 3


def _layout(separator: str = ",", newline: str = "\n") -> Layout:
    return Layout(
        separator=separator, newline=newline, mark=DecimalMark.POINT, fields=FIELDS, positions={}, raw=FIELDS - 1
    )


def _read(text: str, layout: Layout, block_bytes: int) -> list[list[str] | str]:
    """The records' cells, or their text where they can't be split."""
    pending, found = text.encode(), []
    size = block_bytes
    while pending:
        final = size >= len(pending)
        cut = len(pending) if final else pending.rfind(layout.newline.encode(), 0, size) + 1
        if not cut:
            size += block_bytes
            continue
        block, used = split(pending[:cut], layout, final=final)
        raw: list[list[str] | str] = [
            block.data[begin:end].decode() for begin, end in zip(block.begins, block.ends, strict=True)
        ]
        for place, record in enumerate(block.whole):
            raw[record] = [
                block.data[start : start + length].decode()
                for start, length in zip(block.starts[:, place], block.lengths[:, place], strict=True)
            ]
        found += raw
        pending = pending[used:]
        size = block_bytes if used else size + block_bytes
    return found


cells = st.text(st.sampled_from(",;\"' aé"), max_size=6)
# A line inside a cell must not be a record by itself, as it can be where the first cell has a line break.
broken = st.text(st.sampled_from("\n\r aé"), max_size=6)
tables = st.lists(st.tuples(cells, cells | broken, cells).map(list), min_size=1, max_size=8)


# With line feeds alone csv leaves a carriage return unquoted, and before one it would be part of the line's end.
dialects = st.sampled_from(
    [(csv.QUOTE_ALL, "\n"), (csv.QUOTE_ALL, "\r\n"), (csv.QUOTE_MINIMAL, "\r\n"), (csv.QUOTE_MINIMAL, "\r")]
)


@given(tables, dialects, st.integers(1, 60))
@settings(max_examples=3 * settings().max_examples)
def test_what_csv_writes_is_read_back(table: list[list[str]], dialect: tuple[int, str], block_bytes: int) -> None:
    quoting, newline = dialect
    # A line of nothing but spaces may be an empty one.
    assume(all(any(cell.strip() for cell in row) or not any(row) for row in table))
    written = io.StringIO(newline="")
    csv.writer(written, quoting=quoting, lineterminator=newline).writerows(table)  # type: ignore[arg-type]

    rows = [row for row in table if any(row)]
    assert _read(written.getvalue(), _layout(newline=newline[-1:]), block_bytes) == rows


@given(st.text(st.sampled_from(',"\n a'), max_size=40), st.integers(1, 40))
@settings(max_examples=3 * settings().max_examples)
def test_where_the_text_is_cut_makes_no_difference(text: str, block_bytes: int) -> None:
    text += "\n"

    assert _read(text, _layout(), block_bytes) == _read(text, _layout(), 1000)


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_other_separators_are_taken_as_given(separator: str) -> None:
    text = separator.join(["a,b", '"c' + separator + 'd"', "e"]) + "\n"

    assert _read(text, _layout(separator), 1000) == [["a,b", f"c{separator}d", "e"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a,b"c,d\n', [["a", 'b"c', "d"]]),
        ('a,"b"c,d\n', ['a,"b"c,d']),
        ('a,"b" ,d\n', ['a,"b" ,d']),
        ('a, "b",d\n', [["a", ' "b"', "d"]]),
        ('a,"",d\n', [["a", "", "d"]]),
        ('a,"""",d\n', [["a", '"', "d"]]),
        ('a,"b\nc,d,e\n', ['a,"b', ["c", "d", "e"]]),
        ('a,"b\nc",d,e,f\n', ['a,"b', 'c",d,e,f']),
        ('a,"b\nc,d,e\nf"\n', ['a,"b', ["c", "d", "e"], 'f"']),
        ('a,"b\nc",d\n', [["a", "b\nc", "d"]]),
        ('a,b,"c\n1,2,3\nd"\n', ['a,b,"c', ["1", "2", "3"], 'd"']),
        ('"a\nb",c,d\n', ['"a', ['b"', "c", "d"]]),
        (",,\n", []),
        (' ,"",\u200b\n', []),
        ("\n \nx\n", ["x"]),
    ],
)
def test_marks_mean_what_they_mean_in_csv_but_never_cost_a_row_that_reads_well(
    text: str, expected: list[object]
) -> None:
    assert _read(text, _layout(), 1000) == expected


def test_a_record_may_go_on_for_so_many_lines_and_no_more() -> None:
    most = 'a,"' + "\n" * (records.MAX_RECORD_LINES - 1) + '",c\n'
    more = 'a,"' + "\n" * records.MAX_RECORD_LINES + '",c\n'

    for block_bytes in (3, 1000):
        assert len(_read(most, _layout(), block_bytes)) == 1
        assert _read(more, _layout(), block_bytes) == ['a,"', '",c']


def test_a_record_with_line_breaks_may_have_so_many_bytes_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_RECORD", 20)

    for block_bytes in (3, 1000):
        assert _read('a,"23456789\n12345",c\n', _layout(), block_bytes) == ['a,"23456789', '12345",c']
        assert _read('a,"23456789\n1234",c\n', _layout(), block_bytes) == [["a", "23456789\n1234", "c"]]
        assert _read('a,"2345678901234567890",c\n', _layout(), block_bytes) == [["a", "2345678901234567890", "c"]]
