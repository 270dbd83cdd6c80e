"""How good a model is on candidates it hasn't seen, by stratified cross-validation."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobchange.training.fit import fit, probabilities

FOLDS = 5
CALIBRATION_BINS = 15

Metrics = dict[str, float]
"""By name: roc_auc, pr_auc, log_loss, brier, ece, f1, balanced_accuracy."""


@dataclass(frozen=True)
class Evaluation:
    """What cross-validation found.

    `probabilities` are out-of-fold, one for each row, and `folds` says in which fold a row was tested. `metrics` are
    over all rows at once, `by_fold` over each fold, all at the same `threshold`.
    """

    probabilities: NDArray[np.float64]
    folds: NDArray[np.int8]
    threshold: float
    metrics: Metrics
    by_fold: list[Metrics]


def cross_validate(
    features: NDArray[np.float32], target: NDArray[np.int8], seed: int, progress: Callable[[str], None]
) -> Evaluation:
    """Fit and test `FOLDS` times; every class needs at least that many rows. Nothing is resampled."""
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold

    predicted = np.empty(len(target))
    folds = np.empty(len(target), dtype=np.int8)
    splits = StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(features, target)
    for fold, (train, test) in enumerate(splits):
        predicted[test] = probabilities(fit(features[train], target[train], seed), features[test])
        folds[test] = fold
        progress(f"fold {fold + 1} of {FOLDS}: ROC-AUC {roc_auc_score(target[test], predicted[test]):.4f}")
    threshold = best_threshold(target, predicted)
    by_fold = [measure(target[folds == fold], predicted[folds == fold], threshold) for fold in range(FOLDS)]
    return Evaluation(predicted, folds, threshold, measure(target, predicted, threshold), by_fold)


def best_threshold(target: NDArray[np.int8], predicted: NDArray[np.float64]) -> float:
    """The threshold, to three decimals, from which on a candidate is called; it maximises the balanced accuracy, as
    Youden's J does (Youden, Index for rating diagnostic tests, 1950)."""
    from sklearn.metrics import roc_curve

    false_positives, true_positives, thresholds = roc_curve(target, predicted)
    return round(float(thresholds[np.argmax(true_positives - false_positives)]), 3)


def measure(target: NDArray[np.int8], predicted: NDArray[np.float64], threshold: float) -> Metrics:
    """The metrics of some predictions, rounded to six decimals."""
    from sklearn import metrics

    called = predicted >= threshold
    measured = {
        "roc_auc": metrics.roc_auc_score(target, predicted),
        "pr_auc": metrics.average_precision_score(target, predicted),
        "log_loss": metrics.log_loss(target, predicted),
        "brier": metrics.brier_score_loss(target, predicted),
        "ece": calibration_error(target, predicted),
        "f1": metrics.f1_score(target, called),
        "balanced_accuracy": metrics.balanced_accuracy_score(target, called),
    }
    return {name: round(float(value), 6) for name, value in measured.items()}


def calibration_error(target: NDArray[np.int8], predicted: NDArray[np.float64]) -> float:
    """The expected calibration error: |share of positives - mean probability| over 15 bins of equal width, weighted by
    their rows (Guo et al., On calibration of modern neural networks, 2017)."""
    bins = np.minimum((predicted * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    return float(np.abs(np.bincount(bins, weights=target - predicted)).sum() / len(target))
