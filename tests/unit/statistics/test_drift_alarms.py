"""Large drift is reported from 500 rows on, small shifts from thousands; undisturbed samples raise hardly any alarm."""

import csv
import random
from collections.abc import Sequence

import numpy as np
import pytest

from data.generate import generate
from jobchange import contract
from jobchange.contract.bins import histogram
from jobchange.monitoring.population import SCORE
from jobchange.statistics.drift import Drift, Verdict, compare
from tests.simulations.drift import SHIFTS, Population
from tests.support.labelled import dataset_of

ROWS, SAMPLE = 12_000, 500
Row = dict[str, str]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return list(csv.DictReader("".join(generate(ROWS, seed=11)).splitlines()))


def histograms(rows: Sequence[Row]) -> dict[str, tuple[int, ...]]:
    return {
        column.name: histogram(column, [_value(column, row[column.name]) for row in rows])
        for column in contract.COLUMNS
        if column.bins
    }


def _value(column: contract.Column, cell: str) -> str | float | None:
    return contract.read(column, cell).value


def compared(sample: Sequence[Row], others: Sequence[Row]) -> Drift:
    found = compare(histograms(sample), histograms(others))
    assert found is not None
    return found


def verdicts(drift: Drift) -> dict[str, Verdict]:
    return {one.column: one.verdict for one in drift.columns}


@pytest.fixture(scope="module")
def population(rows: list[Row]) -> Population:
    dataset = dataset_of([",".join(rows[0]), *(",".join(row.values()) for row in rows)])
    return Population(dataset.columns)


@pytest.mark.parametrize("size", [50, 2_000])
def test_hardly_any_undisturbed_file_is_called_different_at_any_size(population: Population, size: int) -> None:
    random_, undisturbed = np.random.default_rng(4), population.undisturbed()

    found = [set(population.verdicts(undisturbed, size, random_).values()) for _ in range(100)]

    assert sum(each != {Verdict.STABLE} for each in found) <= 1


@pytest.mark.parametrize("shift", SHIFTS)
def test_a_small_change_of_thousands_is_certain_but_small(population: Population, shift: str) -> None:
    random_, (column, change) = np.random.default_rng(5), SHIFTS[shift]
    changed = change(population)

    found = [population.verdicts(changed, 3_000, random_)[column] for _ in range(10)]

    assert found == [Verdict.SHIFTED] * 10


def test_a_shifted_mix_of_cities_is_drift(rows: list[Row]) -> None:
    random_ = random.Random(2)
    weights = [5.0 if float(row["city_development_index"]) < 0.7 else 1.0 for row in rows]

    found = compared(random_.choices(rows, weights, k=SAMPLE), rows)

    assert verdicts(found)["city_development_index"] is Verdict.DRIFTED
    assert found.verdict is Verdict.DRIFTED


@pytest.mark.large
def test_a_broken_upstream_is_drift(rows: list[Row]) -> None:
    sample = [{**row, "company_size": ""} for row in random.Random(3).sample(rows, SAMPLE)]

    found = verdicts(compared(sample, rows))

    assert found.pop("company_size") is Verdict.DRIFTED
    assert set(found.values()) == {Verdict.STABLE}


def test_probabilities_are_compared_like_any_column() -> None:
    training = [900, 1500, 1200, 800, 500, 300, 200, 100, 50, 20]
    alike, shifted = [each // 10 for each in training], [each // 10 for each in training[::-1]]

    stable, drifted = (compare({SCORE: counts}, {SCORE: training}) for counts in (alike, shifted))

    assert stable is not None
    assert drifted is not None
    assert [one.column for one in drifted.columns] == [SCORE]
    assert (stable.verdict, drifted.verdict) == (Verdict.STABLE, Verdict.DRIFTED)
