"""How good probabilities turned out to be, once it is known what happened."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobchange.statistics.calibration import BINS, calibration_bins, calibration_error


@dataclass(frozen=True)
class CalibrationBin:
    """The predictions with a probability from `low` to below `high` (the last bin includes 1)."""

    low: float
    high: float
    mean_probability: float
    observed_rate: float
    outcomes: int


@dataclass(frozen=True)
class Performance:
    """Measures over `outcomes` predictions. `auc` is None unless both kinds of outcome are there; the others are None
    without any."""

    outcomes: int
    auc: float | None
    brier: float | None
    ece: float | None
    calibration: list[CalibrationBin]


def measure(probabilities: NDArray[np.float64], changed: NDArray[np.bool_]) -> Performance:
    """The measures of probabilities, (predictions,), against what happened, (predictions,).

    `brier` is the mean squared error (Brier, Verification of forecasts expressed in terms of probability, 1950), `ece`
    the expected calibration error (see `calibration_error`).
    """
    count = len(changed)
    return Performance(
        outcomes=count,
        auc=auc(probabilities, changed),
        brier=float(np.mean((probabilities - changed) ** 2)) if count else None,
        ece=calibration_error(changed.astype(np.int8), probabilities) if count else None,
        calibration=_calibration(probabilities, changed),
    )


def auc(probabilities: NDArray[np.float64], changed: NDArray[np.bool_]) -> float | None:
    """The area under the ROC curve: how probably somebody who changed job had the higher probability than somebody who
    didn't, ties counting half; None unless there are both.

    By the rank formula, (R - p (p + 1) / 2) / (p q), with R the sum of the ranks of the p who changed (equal values
    share their mean rank) and q the number of the others (Mann and Whitney, On a test of whether one of two random
    variables is stochastically larger than the other, 1947).
    """
    positives = int(changed.sum())
    negatives = len(changed) - positives
    if not positives or not negatives:
        return None
    _, places, counts = np.unique(probabilities, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    return float((ranks[places[changed]].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def log_losses(target: NDArray[np.int8], predicted: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each probability costs beside what happened, (rows,): its negative logarithm, or that of its complement; a
    probability of 0 counts as the least above it."""
    losses: NDArray[np.float64] = -np.log(
        np.clip(np.where(target == 1, predicted, 1 - predicted), np.finfo(float).eps, None)
    )
    return losses


def _calibration(probabilities: NDArray[np.float64], changed: NDArray[np.bool_]) -> list[CalibrationBin]:
    """The bins of equal width that hold something."""
    bins = calibration_bins(probabilities)
    return [
        CalibrationBin(
            low=place / BINS,
            high=(place + 1) / BINS,
            mean_probability=float(probabilities[bins == place].mean()),
            observed_rate=float(changed[bins == place].mean()),
            outcomes=int((bins == place).sum()),
        )
        for place in np.unique(bins).tolist()
    ]
