"""How good a model is on candidates it hasn't seen, by stratified cross-validation."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jobchange.registry.threshold import DEFAULT, ThresholdRule
from jobchange.statistics import performance
from jobchange.statistics.calibration import calibration_interval, corrected_calibration_error
from jobchange.statistics.interval import Interval
from jobchange.statistics.intervals import resampled
from jobchange.training.fit import fit, probabilities

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

FOLDS = 5
QUANTILES = 1_001
"""A thousandth of the rows between one and the next."""

Metrics = dict[str, float]
"""By name: roc_auc, pr_auc, log_loss, brier, ece, f1, balanced_accuracy."""


@dataclass(frozen=True)
class Evaluation:
    """What cross-validation found.

    `probabilities` are out-of-fold, one for each row; `folds` says in which fold a row was tested, and so by which of
    `models`. `metrics` are over all rows at once, with their intervals, `by_fold` over each fold, all at the same
    `threshold`.
    """

    probabilities: NDArray[np.float64]
    folds: NDArray[np.int8]
    models: "tuple[HistGradientBoostingClassifier, ...]"
    threshold: float
    metrics: Metrics
    intervals: dict[str, Interval]
    by_fold: list[Metrics]


def cross_validate(
    features: NDArray[np.float32],
    target: NDArray[np.int8],
    seed: int,
    progress: Callable[[str], None],
    rule: ThresholdRule = DEFAULT,
) -> Evaluation:
    """Fit and test `FOLDS` times; every class needs at least that many rows. Nothing is resampled before or between:
    a copy of a test row among the training rows would make any model look good.

    The rows are dealt into folds by what they hold, so that the order in which they come changes nothing.
    """
    from sklearn.model_selection import StratifiedKFold

    predicted = np.empty(len(target))
    folds = np.empty(len(target), dtype=np.int8)
    models = []
    order = np.lexsort((target, *features.T))
    splits = StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(features, target[order])
    for fold, (train, test) in enumerate((order[train], order[test]) for train, test in splits):
        models.append(fit(features[train], target[train], seed))
        predicted[test] = probabilities(models[-1], features[test])
        folds[test] = fold
        progress(f"fold {fold + 1} of {FOLDS}: ROC-AUC {performance.auc(predicted[test], target[test] == 1):.4f}")
    threshold = rule.threshold(quantiles(predicted))
    intervals = resampled(partial(measure, threshold=threshold), target, predicted, seed)
    intervals["ece"] = calibration_interval(target, predicted)
    by_fold = [measure(target[folds == fold], predicted[folds == fold], threshold) for fold in range(FOLDS)]
    metrics = {name: interval.value for name, interval in intervals.items()}
    return Evaluation(predicted, folds, tuple(models), threshold, metrics, intervals, by_fold)


def quantiles(predicted: NDArray[np.float64]) -> list[float]:
    """The quantiles of some probabilities, from the lowest to the highest in `QUANTILES` - 1 steps of equally many,
    rounded down to six decimals: who has a quantile reaches it."""
    found = np.quantile(predicted, np.linspace(0, 1, QUANTILES))
    rounded: list[float] = (np.floor(found * 1e6) / 1e6).tolist()
    return rounded


def measure(target: NDArray[np.int8], predicted: NDArray[np.float64], threshold: float) -> Metrics:
    """The metrics of some predictions, rounded to six decimals."""
    from sklearn import metrics

    called = predicted >= threshold
    measured = {
        "roc_auc": performance.auc(predicted, target == 1),
        "pr_auc": metrics.average_precision_score(target, predicted),
        "log_loss": metrics.log_loss(target, predicted),
        "brier": metrics.brier_score_loss(target, predicted),
        "ece": corrected_calibration_error(target, predicted),
        "f1": metrics.f1_score(target, called),
        "balanced_accuracy": metrics.balanced_accuracy_score(target, called),
    }
    return {name: round(float(value), 6) for name, value in measured.items() if value is not None}
