import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.split import split

HEADER = b"a,b\n"


def _write(folder: Path, content: bytes) -> Path:
    path = folder / "some.csv"
    path.write_bytes(content)
    return path


def _bodies(paths: list[Path]) -> list[bytes]:
    contents = [path.read_bytes() for path in paths]
    assert all(content.startswith(HEADER) for content in contents)
    return [content.removeprefix(HEADER) for content in contents]


rows_of_text = st.lists(
    st.one_of(
        st.from_regex(rb"[a-z]{1,5},[0-9]{1,3}\n", fullmatch=True),
        st.from_regex(rb'"[a-z]{0,3}(\r\n|\n|\r|""|,)[a-z]{0,3}",[0-9]{1,3}(\r\n|\n)', fullmatch=True),
    ),
    min_size=1,
    max_size=40,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(rows=rows_of_text, data=st.data())
def test_every_row_is_in_exactly_one_file_with_its_bytes_unchanged(
    tmp_path_factory: pytest.TempPathFactory, rows: list[bytes], data: st.DataObject
) -> None:
    num_files = data.draw(st.integers(1, len(rows)))
    folder = tmp_path_factory.mktemp("split")
    dataset = _write(folder, HEADER + b"".join(rows))
    assert b"".join(_bodies(split(dataset, folder / "in order", num_files))) == b"".join(rows)

    one_a_file = _bodies(split(dataset, folder / "one", len(rows), random.Random(5)))
    assert sorted(one_a_file) == sorted(rows)


def test_sizes_differ_by_one_row_at_most_and_names_sort_in_order(tmp_path: Path) -> None:
    dataset = _write(tmp_path, HEADER + b"".join(b"x,%d\n" % number for number in range(23)))
    paths = split(dataset, tmp_path / "out", 5)
    assert [path.name for path in paths] == [f"some_00{number}.csv" for number in range(1, 6)]
    assert sorted(body.count(b"\n") for body in _bodies(paths)) == [4, 4, 5, 5, 5]


def test_the_same_seed_shuffles_alike(tmp_path: Path) -> None:
    dataset = _write(tmp_path, HEADER + b"".join(b"x,%d\n" % number for number in range(30)))
    first, again, other = (
        _bodies(split(dataset, tmp_path / name, 2, random.Random(seed)))
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert first == again
    assert first != other


def test_a_last_line_without_end_gets_one_and_blank_lines_are_no_rows(tmp_path: Path) -> None:
    dataset = _write(tmp_path, b"a,b\r\n1,2\r\n\r\n3,4")
    first, second = split(dataset, tmp_path / "out", 2)
    assert first.read_bytes() == b"a,b\r\n1,2\r\n"
    assert second.read_bytes() == b"a,b\r\n3,4\r\n"


def test_a_quotation_mark_that_is_never_closed_swallows_nothing(tmp_path: Path) -> None:
    dataset = _write(tmp_path, HEADER + b'1,2\n"3,4\n5,6\n')
    assert _bodies(split(dataset, tmp_path / "out", 3)) == [b"1,2\n", b'"3,4\n', b"5,6\n"]


def test_splitting_again_replaces_the_files_but_leftovers_of_a_larger_split_are_refused(tmp_path: Path) -> None:
    dataset = _write(tmp_path, HEADER + b"1,2\n3,4\n5,6\n")
    split(dataset, tmp_path / "out", 3)
    split(dataset, tmp_path / "out", 3)
    with pytest.raises(ValueError, match=r"some_003\.csv of another split"):
        split(dataset, tmp_path / "out", 2)


@pytest.mark.parametrize(
    ("content", "num_files", "sentence"),
    [
        (HEADER + b"1,2\n", 0, "1 to 1 files"),
        (HEADER + b"1,2\n", 2, "1 to 1 files"),
        (HEADER, 1, "no rows"),
        (b"", 1, "no rows"),
        (b"PK\x03\x04\x00\x00", 1, "plain text"),
    ],
)
def test_wrong_input_is_refused_with_a_sentence_and_nothing_is_written(
    content: bytes, num_files: int, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=sentence):
        split(_write(tmp_path, content), tmp_path / "out", num_files)
    assert not (tmp_path / "out").exists()


def test_a_missing_data_set_and_a_file_in_the_way_are_distinguished(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="isn't a file"):
        split(tmp_path / "none.csv", tmp_path / "out", 1)
    dataset = _write(tmp_path, HEADER + b"1,2\n")
    with pytest.raises(ValueError, match="can't be used as a directory"):
        split(dataset, dataset, 1)
