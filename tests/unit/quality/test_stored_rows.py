"""What was written of a file is read again, row by row."""

import io
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.corrupt import ROW_INJECTORS, corrupt
from data.generate import generate
from jobchange import contract
from jobchange.contract import Issue
from jobchange.documents.csv_lines import unescape
from jobchange.quality import stored_rows
from jobchange.reading.origin import ISSUES, RAW, ROW
from tests.support.dropped_files import Dropped, drop, file, numbers, row


@cache
def damaged() -> Dropped:
    damage: dict[Issue, float] = dict.fromkeys(ROW_INJECTORS, 0.05)
    return drop(corrupt("".join(generate(300, seed=1)).encode(), damage, seed=2).data)


@given(st.data())
def test_any_bad_rows_come_back_with_their_text_and_their_issues(data: st.DataObject) -> None:
    known = {int(each[ROW]): each for each in damaged().bad_rows}
    rows = data.draw(st.sets(st.sampled_from([*known, 1_000])))

    found = {each.row: each for each in stored_rows.bad(io.BytesIO(damaged().bad_file), rows)}

    assert found.keys() == rows & known.keys()
    for number, each in found.items():
        assert each.text == unescape(known[number][RAW])
        assert "; ".join(each.labels) == known[number][ISSUES]
        assert each.identifier == unescape(known[number][contract.IDENTIFIER])


def test_good_rows_come_back_with_their_values() -> None:
    known = {int(each[ROW]): each for each in damaged().good_rows}

    for part in damaged().parts:
        for number, values in stored_rows.good(part, set(known)):
            assert {ROW: str(number), **values} == known.pop(number)
    assert not known


def test_bad_rows_are_found_wherever_the_file_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_rows, "_CHUNK_BYTES", 100)
    rows = numbers(damaged().bad_rows)

    assert [each.row for each in stored_rows.bad(io.BytesIO(damaged().bad_file), rows)] == rows


def test_of_a_dataset_the_rows_of_the_candidate_come_back_damaged_or_not() -> None:
    dataset = file(row(1), row(7), "7,too few", row(17), row(70), row(8).replace("8", "No. 7", 1))

    found = list(stored_rows.of_candidate(io.BytesIO(dataset), 7))

    assert [each.text for each in found] == [row(7), "7,too few", row(8).replace("8", "No. 7", 1)]
    assert [each.cells.get(contract.IDENTIFIER) for each in found] == ["7", None, "No. 7"]
    assert [stored_rows.is_number_of(7, each.cells.get(contract.IDENTIFIER, "")) for each in found] == [
        True,
        False,
        False,
    ]
