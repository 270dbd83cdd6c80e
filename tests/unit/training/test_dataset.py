"""Labelled rows are read as ingestion would read them; what can't be used is left out and counted."""

import csv

import pytest

from jobchange import contract
from jobchange.contract.encoder import FEATURES
from jobchange.errors import Unprocessable
from jobchange.store.suppression_list import Suppressed
from jobchange.training.dataset import read

HEADER = ",".join(contract.NAMES)
GOOD = "8949,city_103,0.92,Male,Has relevent experience,no_enrollment,Graduate,STEM,>20,Oct-49,,1,36,1.0"


def lines(*rows: str, header: str = HEADER) -> list[str]:
    return [f"{header}\n", *(f"{row}\n" for row in rows)]


def test_values_are_cleaned_and_repaired() -> None:
    dataset = read([lines(GOOD, GOOD.replace("8949", "8950").replace("Graduate", " Masters "))])

    assert len(dataset) == 2
    assert dataset.columns["company_size"] == ["10/49", "10/49"]
    assert dataset.columns["company_type"] == [None, None]
    assert dataset.columns["education_level"] == ["Graduate", "Masters"]
    assert dataset.target.tolist() == [1, 1]
    assert dataset.features.shape == (2, len(FEATURES))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (GOOD.removesuffix("1.0"), "unlabelled"),
        (GOOD.removesuffix("1.0") + "0.5", "broken"),
        (GOOD.removesuffix("1.0") + "2", "broken"),
        (GOOD.replace("0.92", "1.5"), "broken"),
        (GOOD.replace("0.92", ""), "broken"),
        (GOOD.replace("0.92", "high"), "broken"),
        (GOOD.replace("0.92", "nan"), "broken"),
        (GOOD.replace("Graduate", "Genius"), "broken"),
        (GOOD + ",1", "broken"),
        (GOOD.removesuffix(",1.0"), "broken"),
        (GOOD.replace("Male", "Female"), "repeated"),
    ],
)
def test_a_row_that_cannot_be_used_is_left_out_and_counted(row: str, reason: str) -> None:
    other = GOOD if reason == "repeated" else GOOD.replace("8949", "1")

    dataset = read([lines(other), lines(row)])

    assert len(dataset) == 1
    assert {name: count for name, count in dataset.left_out.items() if count} == {reason: 1}


def test_columns_may_come_in_any_order() -> None:
    turned = [",".join(reversed(line.split(","))) for line in (HEADER, GOOD)]

    assert read([lines(turned[1], header=turned[0])]).columns == read([lines(GOOD)]).columns


@pytest.mark.parametrize("name", [contract.LABEL, "city", "experience"])
def test_a_file_without_a_needed_column_is_refused_by_name(name: str) -> None:
    with pytest.raises(Unprocessable, match=name):
        read([lines(GOOD, header=HEADER.replace(name, "other"))])


def test_what_is_not_csv_is_refused() -> None:
    longest = csv.field_size_limit()

    with pytest.raises(Unprocessable, match="line 1"):
        read([lines('"' + "x" * (longest + 1))])


def test_the_hash_tells_one_file_from_another() -> None:
    assert read([lines(GOOD)]).sha256 == read([lines(GOOD)]).sha256 != read([lines(GOOD, GOOD)]).sha256


def test_erased_candidates_are_left_out() -> None:
    salted = Suppressed(b"salt", 1)
    suppressed = Suppressed(b"salt", 1, {salted.hash(8950): 1}, frozenset({salted.bucket(8950)}))

    dataset = read([lines(GOOD, GOOD.replace("8949", "8950"))], suppressed=suppressed)

    assert dataset.columns[contract.IDENTIFIER] == ["8949"]
    assert dataset.left_out["erased"] == 1
