"""Drift tells apart what chance explains and what it doesn't."""

import random

import pytest

from jobchange import contract
from jobchange.contract import Column
from jobchange.contract.bins import bin_of, histogram
from jobchange.statistics import drift
from jobchange.statistics.drift import Drift, Verdict, compare, psi


def test_equal_shares_have_no_drift() -> None:
    assert psi([10, 20, 30], [100, 200, 300]) == pytest.approx(0, abs=0.002)


def test_the_index_is_the_sum_over_the_bins() -> None:
    # (0.5 - 0.25) ln 2 + (0.5 - 0.75) ln (2/3), on counts that make half a candidate negligible
    assert psi([500_000, 500_000], [250_000, 750_000]) == pytest.approx(0.274653, abs=1e-5)


def test_an_empty_bin_keeps_the_index_finite() -> None:
    assert 0 < psi([0, 100], [50, 50]) < 10
    assert psi([0, 100, 0], [0, 100, 0]) == 0


@pytest.mark.parametrize(
    ("probability", "freedom", "quantile"),
    [(0.999, 1, 10.828), (0.9999, 1, 15.137), (0.9999, 2, 18.421), (0.999, 3, 16.266), (0.9999, 9, 33.720)],
)
def test_the_quantiles_are_those_of_the_tables_or_a_little_more(
    probability: float, freedom: int, quantile: float
) -> None:
    allowed = {1: 1.08, 2: 1.05, 3: 1.04}.get(freedom, 1.03)
    assert quantile < drift._chi_square(probability, freedom) < allowed * quantile


@pytest.mark.large
def test_samples_of_the_same_candidates_are_stable_at_any_size() -> None:
    rng = random.Random(3)
    columns = [column for column in contract.COLUMNS if column.bins]
    weights = {column.name: [rng.random() + 0.02 for _ in column.bins] for column in columns}

    def sample(n: int) -> dict[str, list[int]]:
        counts = {column.name: [0] * len(column.bins) for column in columns}
        for name, count in counts.items():
            for place in rng.choices(range(len(count)), weights[name], k=n):
                count[place] += 1
        return counts

    profile = sample(15_000)
    for n in (30, 100, 500, 5000):
        unstable = sum(compare(sample(n), profile).verdict is not Verdict.STABLE for _ in range(60))  # type: ignore[union-attr]
        assert unstable <= 1, n


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ([202, 1790, 101, 407], Verdict.STABLE),
        ([400, 1600, 100, 400], Verdict.SHIFTED),
        ([1000, 1000, 100, 400], Verdict.DRIFTED),
    ],
)
def test_a_difference_that_is_certain_is_called_by_its_size(counts: list[int], verdict: Verdict) -> None:
    found = compare({"gender": counts}, {"gender": [1000, 9000, 500, 2000]})

    assert found is not None
    (gender,) = found.columns
    assert gender.verdict is found.verdict is verdict
    assert (gender.psi <= gender.threshold) == (verdict is Verdict.STABLE)


def test_what_chance_adds_is_taken_off() -> None:
    rng = random.Random(4)
    profile, n = [2_000] * 10, 200

    def sample() -> list[int]:
        places = rng.choices(range(10), k=n)
        return [places.count(place) for place in range(10)]

    samples = [sample() for _ in range(300)]

    plain = sum(psi(each, profile) for each in samples) / 300
    assert plain == pytest.approx(9 * (1 / n + 1 / 20_000), rel=0.1)
    found = [compare({"hours": each}, {"hours": profile}) for each in samples]
    corrected = [each.columns[0].psi for each in found if each]
    assert sum(value == 0 for value in corrected) > 120
    assert sum(corrected) / 300 < 0.4 * plain


def test_a_record_of_an_earlier_version_can_be_read() -> None:
    assert Verdict("moderate") is Verdict.SHIFTED
    with pytest.raises(ValueError, match="other"):
        Verdict("other")


def test_the_same_shift_in_a_handful_of_candidates_proves_nothing() -> None:
    small = compare({"gender": [5, 1, 0, 2]}, {"gender": [1000, 9000, 500, 2000]})

    assert small is not None
    assert small.columns[0].psi > 0.25
    assert small.verdict is Verdict.STABLE


def test_without_candidates_there_is_no_drift_to_tell() -> None:
    assert compare({"gender": (0, 0, 0, 0)}, {"gender": (1, 2, 3, 4)}) is None
    assert compare({}, {"gender": (1, 2, 3, 4)}) is None


def test_drift_survives_json() -> None:
    found = compare({"gender": (5, 5, 5, 5)}, {"gender": (100, 200, 300, 400)})

    assert found is not None
    again = Drift.from_dict(found.to_dict())
    assert again.to_dict() == found.to_dict()
    assert again.verdict is found.verdict


@pytest.mark.parametrize(
    "column", [column for column in contract.COLUMNS if column.bins], ids=lambda column: column.name
)
def test_every_value_has_its_bin(column: Column) -> None:
    values: list[str | float | None] = list(column.levels) or [*column.interval, *column.edges]
    if column.nullable:
        values.append(None)

    counts = histogram(column, values)

    assert len(counts) == len(column.bins) <= 10
    assert all(counts), "no bin without a value"
    assert sum(counts) == len(values)


def test_a_value_on_an_edge_falls_in_the_upper_bin() -> None:
    hours = contract.BY_NAME["training_hours"]

    assert [bin_of(hours, value) for value in (11, 12, 19, 1000)] == [0, 1, 1, 9]
