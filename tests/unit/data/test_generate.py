import csv
import io
import itertools
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest

from data import generate
from infra import ROOT
from jobchange import contract

SAMPLE = ROOT / "data" / "hr_data_sample.csv"
Row = dict[str, str]


@cache
def _rows(count: int = 20_000, seed: int = 11) -> Sequence[Row]:
    return list(csv.DictReader(io.StringIO("".join(generate.generate(count, seed)))))


def _share(of: Callable[[Row], bool], among: Callable[[Row], bool] = lambda _: True) -> float:
    chosen = [of(row) for row in _rows() if among(row)]
    return sum(chosen) / len(chosen)


def _low_index(row: Row) -> bool:
    return float(row["city_development_index"]) <= 0.63


def _changes(row: Row) -> bool:
    return row["target"] == "1.0"


def test_every_generated_value_is_one_that_the_contract_allows() -> None:
    assert tuple(_rows()[0]) == contract.NAMES
    for column in contract.COLUMNS:
        values = {row[column.name] for row in _rows()}
        if column.levels:
            assert values <= {*column.levels, *([""] if column.nullable else [])}
        else:
            assert column.minimum is not None
            assert column.maximum is not None
            assert column.minimum <= min(map(float, values)) <= max(map(float, values)) <= column.maximum


def test_every_level_occurs_but_the_smallest_cities() -> None:
    for column in contract.COLUMNS:
        absent = set(column.levels) - {row[column.name] for row in _rows()}
        assert len(absent) <= (10 if column.name == "city" else 0)


def test_the_index_follows_from_the_city() -> None:
    assert all(contract.CITIES[row["city"]] == float(row["city_development_index"]) for row in _rows())


def test_candidate_numbers_are_unique_across_blocks_and_in_no_order() -> None:
    rows = 2 * generate.BLOCK + 1
    text = "".join(generate.generate(rows, 3, [contract.IDENTIFIER]))
    numbers = [int(line) for line in text.splitlines()[1:]]
    rising = sum(low < high for low, high in itertools.pairwise(numbers))
    assert len(numbers) == len(set(numbers)) == rows
    assert rising / rows == pytest.approx(0.5, abs=0.01)


def test_the_largest_data_set_has_candidate_numbers_within_the_contract() -> None:
    bits = (generate.MAX_ROWS * 4 // 3).bit_length()
    assert 2**bits <= (contract.BY_NAME[contract.IDENTIFIER].maximum or 0)


def test_all_lines_of_a_table_of_shares_have_the_same_sum_and_one_share_a_level() -> None:
    tables = {name: vars(generate)[name] for name, each in generate.__annotations__.items() if each == generate.Shares}
    assert len(tables) >= 11
    for name, table in tables.items():
        assert set(table.sum(-1).flat) == {10_000 if name == "CITY" else 1_000}, name
        if column := contract.BY_NAME.get(name.lower()):
            assert table.shape[-1] in {len(column.levels), len(column.levels) + column.nullable}, name


@pytest.mark.parametrize(
    ("column", "effect"),
    [
        ("city_development_index", generate.INDEX_EFFECT),
        ("enrolled_university", generate.UNIVERSITY_EFFECT),
        ("education_level", generate.EDUCATION_EFFECT),
        ("last_new_job", generate.LAST_NEW_JOB_EFFECT),
        ("company_size", generate.SIZE_EFFECT),
        ("company_type", generate.TYPE_EFFECT),
    ],
)
def test_each_level_has_an_effect_where_the_size_is_missing_and_where_it_is_known(
    column: str, effect: generate.Effects
) -> None:
    assert effect.shape == (2, len(contract.BY_NAME[column].bins))


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    first, again, other = ("".join(generate.generate(500, seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.parametrize(
    ("column", "share"),
    [
        ("gender", 0.235),
        ("enrolled_university", 0.020),
        ("education_level", 0.024),
        ("major_discipline", 0.147),
        ("company_size", 0.310),
        ("company_type", 0.320),
        ("last_new_job", 0.022),
        ("experience", 0.003),
    ],
)
def test_as_many_values_are_missing_as_in_the_real_data(column: str, share: float) -> None:
    assert _share(lambda row: not row[column]) == pytest.approx(share, abs=0.015)


def test_company_size_and_type_are_missing_together() -> None:
    assert _share(lambda row: not row["company_type"], among=lambda row: not row["company_size"]) > 0.85
    assert _share(lambda row: not row["company_type"], among=lambda row: bool(row["company_size"])) < 0.10


def test_there_is_no_major_discipline_below_a_degree() -> None:
    degrees = contract.BY_NAME["education_level"].levels[2:]
    assert _share(lambda row: bool(row["major_discipline"]), lambda row: row["education_level"] not in degrees) == 0
    assert _share(lambda row: not row["major_discipline"], lambda row: row["education_level"] in degrees) < 0.01


def test_candidates_without_experience_in_the_field_are_mostly_without_a_company() -> None:
    none, some = contract.BY_NAME["relevent_experience"].levels
    assert _share(lambda row: not row["company_size"], lambda row: row["relevent_experience"] == none) > 0.55
    assert _share(lambda row: not row["company_size"], lambda row: row["relevent_experience"] == some) < 0.25


NOT_ENROLLED, _, FULL_TIME = contract.BY_NAME["enrolled_university"].levels


def _gender_missing(row: Row) -> bool:
    return not row["gender"]


def _full_time(row: Row) -> bool:
    return row["enrolled_university"] == FULL_TIME


def _not_enrolled(row: Row) -> bool:
    return row["enrolled_university"] == NOT_ENROLLED


@pytest.mark.parametrize(
    ("of", "among", "share", "candidates"),
    [
        (_full_time, _low_index, 0.312, 3_430),
        (_full_time, lambda row: not _low_index(row), 0.171, 15_728),
        (_not_enrolled, _low_index, 0.609, 3_430),
        (_not_enrolled, lambda row: not _low_index(row), 0.746, 15_728),
        (_gender_missing, lambda row: not row["last_new_job"], 0.825, 423),
        (_gender_missing, lambda row: bool(row["last_new_job"]), 0.222, 18_735),
    ],
)
def test_columns_are_linked_as_in_the_real_data(
    of: Callable[[Row], bool], among: Callable[[Row], bool], share: float, candidates: int
) -> None:
    """`share` of so many real candidates; both shares have their sampling error."""
    generated = sum(map(among, _rows()))
    error = (share * (1 - share) * (1 / candidates + 1 / generated)) ** 0.5
    assert _share(of, among) == pytest.approx(share, abs=3 * error)


def test_a_quarter_of_the_candidates_look_for_a_job_change() -> None:
    assert _share(_changes) == pytest.approx(0.25, abs=0.015)


@pytest.mark.parametrize(
    ("low_index", "known", "rate"), [(True, True, 0.59), (True, False, 0.59), (False, True, 0.09), (False, False, 0.36)]
)
def test_the_company_matters_only_where_the_index_is_not_low(low_index: bool, known: bool, rate: float) -> None:
    def slice_(row: Row) -> bool:
        return _low_index(row) == low_index and bool(row["company_size"]) == known

    assert _share(_changes, among=slice_) == pytest.approx(rate, abs=0.04)


def test_more_experience_and_no_university_make_a_change_rarer() -> None:
    experience = contract.BY_NAME["experience"].levels
    rates = [
        _share(_changes, lambda row, years=years: row["experience"] in years)  # type: ignore[misc]
        for years in (experience[:3], experience[3:10], experience[10:])
    ]
    assert rates == sorted(rates, reverse=True)
    none, _, full = contract.BY_NAME["enrolled_university"].levels
    assert _share(_changes, lambda row: row["enrolled_university"] == full) > 0.05 + _share(
        _changes, lambda row: row["enrolled_university"] == none
    )


def test_the_committed_sample_is_what_the_generator_writes() -> None:
    assert "".join(generate.generate(2_000, seed=1)).encode() == SAMPLE.read_bytes()


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "data/generate.py", *arguments]
    environment = {"PYTHONPATH": "layers/core"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_the_command_writes_the_data_set_without_target_on_demand(tmp_path: Path) -> None:
    output = tmp_path / "new" / "candidates.csv"
    result = _run("--rows", "50", "--seed", "4", "--output", str(output), "--without-target")
    assert result.returncode == 0, result.stderr
    header, *rows = output.read_bytes().decode().split("\n")
    assert header.split(",") == [name for name in contract.NAMES if name != contract.LABEL]
    assert len(rows) == 51
    assert rows[-1] == ""


@pytest.mark.parametrize("arguments", [["--rows", "0"], ["--rows", "many"], ["--rows", "5", "--seed", "-1"]])
def test_the_command_refuses_wrong_input_with_a_sentence(arguments: list[str], tmp_path: Path) -> None:
    result = _run(*arguments, "--output", str(tmp_path / "x.csv"))
    assert result.returncode == 2
    assert "error:" in result.stderr
    assert "Traceback" not in result.stderr
