"""How good a model is on candidates it hasn't seen, by stratified cross-validation."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jobchange.statistics import performance
from jobchange.statistics.calibration import calibration_interval
from jobchange.statistics.interval import Interval
from jobchange.statistics.intervals import resampled
from jobchange.training.fit import fit, probabilities

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

FOLDS = 5

Metrics = dict[str, float]
"""By name: roc_auc, pr_auc, log_loss, brier, ece, f1, balanced_accuracy."""


@dataclass(frozen=True)
class Cost:
    """What errors cost: a candidate who was looking and was missed, and a false alarm."""

    missed: float
    alarm: float


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
    cost: Cost | None = None,
) -> Evaluation:
    """Fit and test `FOLDS` times; every class needs at least that many rows. Nothing is resampled before or between:
    a copy of a test row among the training rows would make any model look good."""
    from sklearn.model_selection import StratifiedKFold

    predicted = np.empty(len(target))
    folds = np.empty(len(target), dtype=np.int8)
    models = []
    splits = StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(features, target)
    for fold, (train, test) in enumerate(splits):
        models.append(fit(features[train], target[train], seed))
        predicted[test] = probabilities(models[-1], features[test])
        folds[test] = fold
        progress(f"fold {fold + 1} of {FOLDS}: ROC-AUC {performance.auc(predicted[test], target[test] == 1):.4f}")
    threshold = best_threshold(target, predicted, cost)
    intervals = resampled(partial(measure, threshold=threshold), target, predicted, seed)
    intervals["ece"] = calibration_interval(target, predicted)
    by_fold = [measure(target[folds == fold], predicted[folds == fold], threshold) for fold in range(FOLDS)]
    metrics = {name: interval.value for name, interval in intervals.items()}
    return Evaluation(predicted, folds, tuple(models), threshold, metrics, intervals, by_fold)


def best_threshold(target: NDArray[np.int8], predicted: NDArray[np.float64], cost: Cost | None = None) -> float:
    """The threshold, to three decimals, from which on a candidate is called, so that the errors cost least.

    Without a declared cost both outcomes weigh the same, however rare one is, which maximises the balanced accuracy as
    Youden's J does (Youden, Index for rating diagnostic tests, 1950).
    """
    from sklearn.metrics import roc_curve

    false_positives, true_positives, thresholds = roc_curve(target, predicted)
    rows = np.bincount(target, minlength=2)
    missed, alarm = (cost.missed * rows[1], cost.alarm * rows[0]) if cost else (1, 1)
    # The first threshold is infinite, where nobody at all is called.
    best = 1 + int(np.argmin((missed * (1 - true_positives) + alarm * false_positives)[1:]))
    return round(float(thresholds[best]), 3)


def measure(target: NDArray[np.int8], predicted: NDArray[np.float64], threshold: float) -> Metrics:
    """The metrics of some predictions, rounded to six decimals."""
    from sklearn import metrics

    called = predicted >= threshold
    measured = {
        "roc_auc": performance.auc(predicted, target == 1),
        "pr_auc": metrics.average_precision_score(target, predicted),
        "log_loss": metrics.log_loss(target, predicted),
        "brier": metrics.brier_score_loss(target, predicted),
        "ece": calibration_interval(target, predicted).value,
        "f1": metrics.f1_score(target, called),
        "balanced_accuracy": metrics.balanced_accuracy_score(target, called),
    }
    return {name: round(float(value), 6) for name, value in measured.items() if value is not None}
