"""Quality before outcomes: what the outcomes say later, within the interval, as long as scores mean what they did."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import precision_score, recall_score, roc_auc_score

from jobchange.statistics.isotonic import IDENTITY, calibration_map
from jobchange.statistics.performance_estimation import Estimator, Quality

THRESHOLD = 0.268
MEASURES = ("rate", "auc", "precision", "recall")


def values(quality: Quality | None) -> list[float]:
    assert quality is not None
    return [getattr(quality, name).value for name in MEASURES]


def histogram(scores: NDArray[np.float64], bins: int = 100) -> list[int]:
    return [int(count) for count in np.histogram(scores, bins=bins, range=(0, 1))[0]]


def chances(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the scores of this model mean: it is too bold at both ends."""
    return 0.05 + 0.7 * scores


def candidates(rows: int, seed: int, shift: float = 0.0) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Scores and outcomes; a shift makes high scores more frequent, or less."""
    random = np.random.default_rng(seed)
    scores = random.beta(1.2 + shift, 3, rows)
    return scores, (random.random(rows) < chances(scores)).astype(np.int8)


def estimator(seed: int = 1, rows: int = 20_000) -> Estimator:
    return Estimator(calibration_map(*candidates(rows, seed)), THRESHOLD, 100)


@pytest.mark.parametrize("shift", [-0.6, 0.0, 1.5])
def test_it_is_what_many_outcomes_say_later_also_where_the_candidates_have_shifted(shift: float) -> None:
    scores, changed = candidates(200_000, 2, shift)
    called = scores >= THRESHOLD

    found = values(estimator().estimate(histogram(scores)))

    assert found == pytest.approx(
        [
            changed.mean(),
            roc_auc_score(changed, scores),
            precision_score(changed, called),
            recall_score(changed, called),
        ],
        abs=0.012,
    )


def test_bins_cost_less_than_a_hundredth_of_a_measure() -> None:
    scores, _ = candidates(2_000, 3)
    found = [values(Estimator(IDENTITY, THRESHOLD, bins).estimate(histogram(scores, bins))) for bins in (100, 5_000)]

    assert found[0] == pytest.approx(found[1], abs=0.005)


@pytest.mark.large
def test_the_measured_quality_is_within_the_interval_19_times_out_of_20() -> None:
    within = []
    for seed in range(10, 50):
        estimated = estimator(seed, rows=3_000).estimate(histogram(candidates(1_000, seed + 1_000)[0]))
        scores, changed = candidates(1_000, seed + 1_000)
        called = scores >= THRESHOLD
        measured = (
            changed.mean(),
            roc_auc_score(changed, scores),
            precision_score(changed, called),
            recall_score(changed, called),
        )
        for name, value in zip(MEASURES, measured, strict=True):
            interval = getattr(estimated, name)
            within.append(interval.low <= value <= interval.high)

    assert np.mean(within) > 0.88


def test_it_does_not_see_that_scores_mean_something_else_by_now() -> None:
    scores, changed = candidates(20_000, 4)
    spoiled = np.random.default_rng(5).permutation(changed)

    found = estimator().estimate(histogram(scores))

    assert found is not None
    assert found.auc is not None
    assert roc_auc_score(spoiled, scores) < 0.52 < found.auc.low


@settings(max_examples=40)
@given(st.lists(st.integers(0, 30), min_size=10, max_size=10), st.floats(0, 1))
def test_of_any_candidates_the_figures_are_shares_and_within_their_intervals(counts: list[int], cut: float) -> None:
    found = Estimator(IDENTITY, cut, 10).estimate(counts)

    if found is None:
        assert not sum(counts)
        return
    assert found.candidates == sum(counts)
    for name in MEASURES:
        interval = getattr(found, name)
        if interval is not None:
            assert 0 <= interval.low <= interval.value <= interval.high <= 1


def test_one_candidate_has_no_auc_and_nobody_called_no_precision() -> None:
    one = [0] * 10
    one[1] = 1
    found = Estimator(IDENTITY, 0.5, 10).estimate(one)

    assert found is not None
    assert (found.auc, found.precision) == (None, None)
    assert found.rate.value == pytest.approx(0.15)


def test_a_histogram_over_other_bins_is_refused() -> None:
    with pytest.raises(ValueError, match="10 bins instead of 100"):
        estimator().estimate([1] * 10)
