"""Intervals: equal to what others compute, and right as often as they say."""

from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import log_loss, roc_auc_score

from jobchange.monitoring.outcomes import FEWEST
from jobchange.statistics import performance
from jobchange.statistics.calibration import calibration_error, calibration_interval
from jobchange.statistics.interval import Interval
from jobchange.statistics.intervals import (
    log_loss_difference,
    mean,
    proportion,
    resampled,
    roc_auc,
    roc_auc_difference,
)
from jobchange.statistics.performance import log_losses


def sample(rows: int, random: np.random.Generator) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    """Outcomes, and the probabilities that they were drawn with."""
    probability = random.beta(1, 3, rows)
    return (random.random(rows) < probability).astype(np.int8), probability


def test_the_area_is_scikit_learns_with_ties_too() -> None:
    target, predicted = sample(500, np.random.default_rng(1))

    for scores in (predicted, predicted.round(1)):
        interval = roc_auc(target, scores)
        assert interval is not None
        assert interval.value == pytest.approx(roc_auc_score(target, scores), abs=1e-12)
        assert interval.low < interval.value < interval.high


def test_delongs_interval_of_an_example_worked_by_hand() -> None:
    target = np.array([0, 0, 0, 0, 1, 1, 1, 1], dtype=np.int8)
    predicted = np.array([0.1, 0.4, 0.35, 0.8, 0.3, 0.7, 0.75, 0.9])
    # For each positive the share of negatives below it, for each negative the share of positives above it.
    positives = [0.25, 0.75, 0.75, 1.0]
    negatives = [1.0, 0.75, 0.75, 0.25]
    half = 1.959964 * np.sqrt(np.var(positives, ddof=1) / 4 + np.var(negatives, ddof=1) / 4)

    interval = roc_auc(target, predicted)

    assert interval is not None
    assert (interval.value, interval.low) == pytest.approx((0.6875, 0.6875 - half), abs=1e-6)


def test_delongs_interval_holds_the_true_area_19_times_out_of_20() -> None:
    random = np.random.default_rng(2)
    truth = roc_auc_score(*sample(400_000, random))

    hits = 0
    for _ in range(400):
        interval = roc_auc(*sample(300, random))
        assert interval is not None
        hits += interval.low <= truth <= interval.high

    assert 0.92 <= hits / 400 <= 0.98


def test_the_same_scores_do_not_differ_and_noise_makes_them_worse() -> None:
    target, predicted = sample(2_000, np.random.default_rng(3))
    noisy = predicted + np.random.default_rng(4).normal(0, 0.2, 2_000)

    assert roc_auc_difference(target, predicted, predicted) == Interval(0, 0, 0)
    difference = roc_auc_difference(target, noisy, predicted)
    assert difference.high < 0
    assert difference.value == pytest.approx(roc_auc_score(target, noisy) - roc_auc_score(target, predicted))


def scored_twice(
    rows: int, random: np.random.Generator
) -> tuple[NDArray[np.int8], NDArray[np.float64], NDArray[np.float64]]:
    """Outcomes, and two models' probabilities, one of them worse, that have much in common."""
    target, probability = sample(rows, random)
    return target, probability, np.clip(probability + random.normal(0, 0.08, rows), 0.01, 0.99)


def test_the_intervals_of_a_difference_are_those_of_the_bootstrap_and_narrower_than_those_of_the_two() -> None:
    random = np.random.default_rng(9)
    target, ours, theirs = scored_twice(1_500, random)
    drawn: list[list[float]] = []
    for _ in range(200):
        rows = random.integers(len(target), size=len(target))
        outcome = target[rows]
        drawn.append(
            [
                (performance.auc(ours[rows], outcome == 1) or 0) - (performance.auc(theirs[rows], outcome == 1) or 0),
                float((log_losses(outcome, ours[rows]) - log_losses(outcome, theirs[rows])).mean()),
            ]
        )

    found = roc_auc_difference(target, ours, theirs), log_loss_difference(target, ours, theirs)

    assert found[1].value == pytest.approx(log_loss(target, ours) - log_loss(target, theirs))
    for interval, deviation in zip(found, np.std(drawn, axis=0, ddof=1), strict=True):
        assert interval.high - interval.value == pytest.approx(1.96 * deviation, rel=0.2)
    alone = roc_auc(target, ours)
    assert alone is not None
    assert found[0].high - found[0].low < 0.5 * (alone.high - alone.low)


@pytest.mark.large
def test_the_intervals_of_a_difference_hold_the_true_one_19_times_out_of_20() -> None:
    random = np.random.default_rng(10)
    measures = (roc_auc_difference, log_loss_difference)
    many = scored_twice(400_000, random)
    truths = [measure(*many).value for measure in measures]

    hits = np.zeros(2)
    for _ in range(400):
        few = scored_twice(500, random)
        for at, (measure, truth) in enumerate(zip(measures, truths, strict=True)):
            interval = measure(*few)
            hits[at] += interval.low <= truth <= interval.high

    assert (hits / 400 >= 0.92).all()
    assert (hits / 400 <= 0.98).all()


def test_with_a_single_row_of_an_outcome_there_is_no_area() -> None:
    assert roc_auc(np.array([0, 0, 1], dtype=np.int8), np.array([0.1, 0.2, 0.3])) is None


def test_wilsons_interval_of_a_textbook_example() -> None:
    # 81 of 263 (Newcombe, Two-sided confidence intervals for the single proportion, 1998, table I).
    interval = proportion(np.array([1] * 81 + [0] * 182))

    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)
    assert proportion(np.zeros(20)).low == 0
    assert proportion(np.zeros(20)).high == pytest.approx(0.1611, abs=1e-4)


def test_a_widened_interval_is_wider_and_one_of_one_is_the_same() -> None:
    interval = Interval(0.5, 0.4, 0.7)

    wide = interval.widened(20)
    assert interval.widened(1).high == pytest.approx(0.7)
    assert wide.low < 0.4
    assert wide.high > 0.7


def test_the_bootstrap_agrees_with_delong() -> None:
    target, predicted = sample(1_500, np.random.default_rng(5))

    found = resampled(lambda t, p: {"auc": float(roc_auc_score(t, p))}, target, predicted, seed=1)["auc"]
    exact = roc_auc(target, predicted)

    assert exact is not None
    assert found.value == pytest.approx(exact.value)
    assert found.high - found.low == pytest.approx(exact.high - exact.low, rel=0.35)


@pytest.mark.large
def test_the_bootstrap_holds_the_true_loss_19_times_out_of_20_as_the_rate_varies_too() -> None:
    random = np.random.default_rng(7)
    truth = _losses(*sample(400_000, random))

    found = [resampled(_losses, *sample(500, random), seed=trial) for trial in range(300)]

    for name, value in truth.items():
        hits = sum(each[name].low <= value <= each[name].high for each in found)
        assert 0.91 <= hits / 300 <= 0.98, name


def _losses(target: NDArray[np.int8], predicted: NDArray[np.float64]) -> dict[str, float]:
    right = np.where(target == 1, predicted, 1 - predicted)
    return {"log_loss": float(-np.log(right + 1e-12).mean()), "brier": float(((1 - right) ** 2).mean())}


def test_a_sample_always_holds_both_outcomes() -> None:
    target = np.array([1, *([0] * 30)], dtype=np.int8)

    found = resampled(lambda t, p: {"auc": float(roc_auc_score(t, p))}, target, np.linspace(1, 0, 31), seed=1)

    assert found["auc"].value == 1


def test_a_mean_is_as_sure_as_its_standard_error() -> None:
    assert mean(np.array([1.0, 2.0, 3.0])).high == pytest.approx(2 + 1.959964 / np.sqrt(3))


@pytest.mark.large
@pytest.mark.parametrize("factor", [1.0, 1.3])
def test_the_calibration_interval_holds_the_true_error_19_times_out_of_20(factor: float) -> None:
    random = np.random.default_rng(8)
    _, probability = sample(400_000, random)
    truth = calibration_error(probability, _sharpened(probability, factor))  # type: ignore[arg-type]

    found = []
    for _ in range(120):
        target, probability = sample(1_000, random)
        found.append(calibration_interval(target, _sharpened(probability, factor)))

    assert 0.91 <= np.mean([each.low <= truth <= each.high for each in found]) <= 0.99
    # Less biased than the plain error is.
    assert np.mean([each.value for each in found]) == pytest.approx(truth, abs=0.012)


def _sharpened(probability: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
    odds: NDArray[np.float64] = (probability / (1 - probability)) ** factor
    return odds / (1 + odds)


def test_the_calibration_interval_of_what_cannot_be_chance_is_far_from_zero() -> None:
    target = np.array([1, 0, 0, 0] * 250, dtype=np.int8)

    right = calibration_interval(target, np.full(1_000, 0.25))
    assert (right.value, right.low) == (0, 0)
    assert right.high < 0.03
    wrong = calibration_interval(target, np.full(1_000, 0.95))
    assert wrong.value == pytest.approx(0.7)
    assert wrong.low == pytest.approx(0.7 - 1.96 * 0.75**0.5 / 1000**0.5, abs=0.03)


def test_the_interval_of_an_area_is_far_too_narrow_below_the_fewest_that_a_group_must_have() -> None:
    random = np.random.default_rng(3)
    shift = 0.95
    truth = NormalDist().cdf(shift / np.sqrt(2))

    def held(positives: int) -> float:
        target = np.repeat(np.array([1, 0], dtype=np.int8), [positives, 3 * positives])
        found = [roc_auc(target, random.normal(target * shift)) for _ in range(1000)]
        return float(np.mean([each is not None and each.low <= truth <= each.high for each in found]))

    assert held(FEWEST) > 0.91
    assert held(FEWEST // 4) < 0.9
