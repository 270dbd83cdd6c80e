"""A candidate's rows are found through the index of a file, and struck out of everything that was made of it."""

import io
import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.corrupt import ROW_INJECTORS, corrupt
from data.generate import generate
from jobchange.quality import identifiers, redact
from jobchange.quality.identifiers import IsWanted, Rows, lookup, remove
from tests.support.dropped_files import HEADER, Dropped, drop, file, numbers, row


def rows_of(identifier: int, dropped: Dropped) -> Rows:
    found = [lookup(identifier, len(run), _reader(run)) for run in dropped.runs]
    return Rows(tuple(r for each in found for r in each.good), tuple(r for each in found for r in each.bad))


def _reader(run: bytes) -> Callable[[int, int], bytes]:
    return lambda start, size: run[start : start + size]


def only(*ids: int) -> IsWanted:
    return lambda found: np.isin(found, ids)


def struck(data: bytes, *ids: int) -> bytes:
    written = io.BytesIO()
    redact.dropped_file(io.BytesIO(data), only(*ids), written.write)
    return written.getvalue()


def test_the_index_tells_a_candidates_rows_and_in_which_file_they_are() -> None:
    dropped = drop(file(row(7), row(8), row(9, training_hours="0"), row(7), row(300)))

    assert rows_of(7, dropped) == Rows((1,), (4,))
    assert rows_of(9, dropped) == Rows((), (3,))
    assert not rows_of(1, dropped)
    assert not rows_of(999, dropped)


def test_a_malformed_row_is_the_candidates_whose_number_is_in_its_place() -> None:
    dropped = drop(file(row(7), row(8) + ",36", '"9,city_103', "x,y,z,36"))

    assert rows_of(8, dropped) == Rows((), (2,))
    assert rows_of(9, dropped) == Rows((), (3,))
    assert rows_of(36, dropped) == Rows((), (4,))


def test_a_candidate_is_found_in_whatever_line_the_number_is() -> None:
    notes = f"{HEADER},notes"
    dropped = drop(
        file(row(7) + ',"see', "8,also", 'him"', row(9) + ',"a', row(10) + ",b", row(11) + ',c"', header=notes)
    )

    assert dropped.findings.total == 4
    assert rows_of(7, dropped) == rows_of(8, dropped) == Rows((1,), ())
    assert rows_of(9, dropped) == Rows((), (2,))
    assert rows_of(10, dropped) == Rows((3,), ())
    assert rows_of(11, dropped) == Rows((4,), ())


def test_a_corrected_row_is_also_the_candidates_whose_number_it_had() -> None:
    bad = drop(file(row(7, gender="x"), row(8, gender="x"))).bad_file.decode()

    dropped = drop(bad.replace("\n8,", "\n9,").replace("Has,x", "Has,Male").encode())

    assert dropped.findings.total == 2
    assert 2 in (*rows_of(8, dropped).bad, *rows_of(8, dropped).good)
    assert 2 in (*rows_of(9, dropped).bad, *rows_of(9, dropped).good)
    assert len(rows_of(7, dropped).bad + rows_of(7, dropped).good) == 1


@pytest.mark.large
@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 2**31 - 1), min_size=1, max_size=60), st.integers(1, 9), st.integers(1, 30))
def test_every_row_is_found_whatever_the_sizes_of_runs_and_blocks(ids: list[int], run: int, block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identifiers, "RUN_ROWS", run)
        patch.setattr(identifiers, "BLOCK_WORDS", block)
        dropped = drop(file(*map(row, ids)), chunk_bytes=200)

        for each in {*ids, 5}:
            found = rows_of(each, dropped)
            assert sorted(found.good + found.bad) == [place for place, other in enumerate(ids, 1) if other == each]
        rest = [remove(ids[0], each) for each in dropped.runs]
        assert sum(len(each) for each in rest) == 8 * sum(other != ids[0] for other in ids)


@pytest.mark.large
@pytest.mark.parametrize("seed", range(4))
def test_a_redacted_file_differs_in_the_candidates_rows_only(seed: int) -> None:
    clean = "".join(generate(300, seed=seed)).encode()
    data = corrupt(clean, dict.fromkeys(ROW_INJECTORS, 0.05), seed=seed).data
    before = drop(data)
    for identifier in {int(r["enrollee_id"]) for r in before.good_rows[::40]}:
        mine = rows_of(identifier, before)

        after = drop(struck(data, identifier))

        assert after.findings.total == before.findings.total
        assert not rows_of(identifier, after)
        theirs = {*mine.good, *mine.bad}
        assert [r for r in after.good_rows if int(r["_row"]) not in theirs] == [
            r for r in before.good_rows if int(r["_row"]) not in theirs
        ]
        assert after.findings.redacted == len(theirs)
        assert [r for r in after.bad_rows if int(r["_row"]) in theirs] == []
        assert after.findings.bad == before.findings.bad - len(mine.bad)


def test_a_row_of_an_erased_candidate_is_left_out_and_nothing_of_it_is_kept() -> None:
    data = file(row(7), row(80123), row(9, enrollee_id="80123", city="nowhere"), row(10))

    dropped = drop(data, is_erased=only(80123))

    assert (dropped.findings.total, dropped.findings.good, dropped.findings.bad) == (4, 2, 0)
    assert dropped.findings.redacted == 2
    assert numbers(dropped.good_rows) == [1, 4]
    assert not re.search(rb"80123|nowhere", dropped.bad_file + b"".join(dropped.parts))
    assert "80123" not in str(dropped.findings.to_dict())
    assert not rows_of(80123, dropped)
    assert dropped.outputs[:2] == drop(struck(data, 80123)).outputs[:2]


def test_a_row_left_out_as_erased_is_no_issue_and_makes_no_file_worse() -> None:
    findings = drop(file(row(7), row(80123), row(10)), is_erased=only(80123)).findings

    assert (findings.findings, findings.criticality) == ((), "ok")
    assert findings.verdict == "All 2 rows were accepted. 1 row was left out: erased."
    assert drop(file(redact.ERASED, redact.ERASED)).findings.verdict == "2 rows were left out: erased."


def test_rows_are_redacted_in_good_parts_and_bad_files_as_if_they_had_been_before() -> None:
    data = file(row(7), row(8, city="=1"), row(9), row(10, city="a,b".join('""')), row(11), newline="\r\n")
    before = drop(data)
    mine = rows_of(8, before)
    written = io.BytesIO()

    redact.bad_file(io.BytesIO(before.bad_file), mine.bad, written.write)
    part, places = redact.good_part(before.parts[0], [1, 5])

    assert replace(before, bad_file=written.getvalue()).bad_rows == drop(data, is_erased=only(8)).bad_rows
    assert places == {1: 0, 5: len(before.good_rows) - 1}
    assert part.count(b"\n") == before.parts[0].count(b"\n")
    assert part.split(b"\n")[1] == b"1,0,,0,,,,,,,,,,0,0"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_redacted_file_is_unpacked_text_whatever_it_was(encoding: str) -> None:
    import gzip

    data = gzip.compress(file(row(7), row(8), row(9)).decode().encode(encoding))

    assert struck(data, 8) == file(row(7), redact.ERASED, row(9))
