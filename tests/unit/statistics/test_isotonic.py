"""The calibration map: it never falls, keeps every row, and has the blocks of scikit-learn's isotonic regression."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from jobchange.statistics.isotonic import IDENTITY, POINTS, CalibrationMap, calibration_map

Sample = tuple[NDArray[np.float64], NDArray[np.int8]]


def sample(rows: int, seed: int, *, bend: float = 1.0) -> Sample:
    """Scores, and outcomes whose probability is the score to a power: for 1 the scores are calibrated."""
    random = np.random.default_rng(seed)
    scores = random.beta(1, 3, rows)
    return scores, (random.random(rows) < scores**bend).astype(np.int8)


samples = st.builds(
    lambda pairs: (np.array([score for score, _ in pairs]) / 20, np.array([hit for _, hit in pairs], dtype=np.int8)),
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 1)), min_size=1, max_size=60),
)


@given(samples)
def test_the_map_never_falls_and_keeps_every_row_and_every_positive(drawn: Sample) -> None:
    scores, target = drawn
    found = calibration_map(scores, target)

    assert (np.diff(found.scores) > 0).all()
    assert (np.diff(found.probabilities) > 0).all()
    assert found.rows.sum() == len(scores)
    assert (found.rows * found.probabilities).sum() == pytest.approx(target.sum())
    assert ((found.probabilities >= 0) & (found.probabilities <= 1)).all()


@given(samples)
def test_its_points_are_the_blocks_of_scikit_learns_isotonic_regression(drawn: Sample) -> None:
    scores, target = drawn
    fitted = IsotonicRegression(y_min=0, y_max=1).fit(scores, target).predict(scores)

    assert calibration_map(scores, target).probabilities == pytest.approx(np.unique(fitted.round(9)), abs=1e-8)


def test_a_few_dozen_points_find_the_probabilities_behind_scores_that_are_wrong() -> None:
    scores, target = sample(20_000, 1, bend=2)
    found = calibration_map(scores, target)
    grid = np.linspace(0.05, 0.6, 12)

    assert len(found.scores) <= POINTS
    assert found.rows.min() >= 20_000 // POINTS
    assert np.abs(found.calibrated(grid) - grid**2).max() < 0.05
    assert np.abs(found.calibrated(scores) - scores**2).mean() < 0.01


def test_outside_its_points_the_ends_count() -> None:
    found = CalibrationMap(np.array([0.2, 0.6]), np.array([0.1, 0.5]), np.array([10, 10]))

    assert found.calibrated(np.array([0.0, 0.4, 1.0])) == pytest.approx([0.1, 0.3, 0.5])
    assert IDENTITY.calibrated(np.array([0.0, 0.123, 1.0])) == pytest.approx([0, 0.123, 1])


def test_maps_of_other_rows_vary_as_the_drawn_ones_do() -> None:
    scores, _ = sample(5_000, 0)
    others = [calibration_map(*sample(2_000, seed)).calibrated(scores).mean() for seed in range(1, 61)]
    random, one = np.random.default_rng(1), calibration_map(*sample(2_000, 99))
    drawn = [one.drawn(random).calibrated(scores).mean() for _ in range(200)]

    assert np.mean(drawn) == pytest.approx(one.calibrated(scores).mean(), abs=0.002)
    assert np.std(drawn) == pytest.approx(np.std(others), rel=0.25)


def test_a_stored_map_is_the_same() -> None:
    found = calibration_map(*sample(1_000, 3))
    again = CalibrationMap.from_dict(json.loads(json.dumps(found.to_dict())))

    assert again.calibrated(np.linspace(0, 1, 50)) == pytest.approx(found.calibrated(np.linspace(0, 1, 50)), abs=1e-5)
    assert again.rows.tolist() == found.rows.tolist()
