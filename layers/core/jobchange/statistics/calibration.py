"""Whether probabilities are as frequent as they say: bins of equal width, and the error over them."""

import numpy as np
from numpy.typing import NDArray

BINS = 15


def calibration_error(target: NDArray[np.int8], predicted: NDArray[np.float64]) -> float:
    """The expected calibration error: |share of positives - mean probability| over 15 bins of equal width, weighted by
    their rows (Guo et al., On calibration of modern neural networks, 2017)."""
    bins = calibration_bins(predicted)
    return float(np.abs(np.bincount(bins, weights=target - predicted)).sum() / len(target))


def calibration_chance(predicted: NDArray[np.float64]) -> float:
    """The calibration error that perfect probabilities stay below in all but about one of a thousand samples: in a bin
    the outcomes differ from their probabilities by a normal amount of variance sum p (1 - p), whose absolute value has
    the mean sqrt(2 / pi) and the variance 1 - 2 / pi of it."""
    variances = np.bincount(calibration_bins(predicted), weights=predicted * (1 - predicted))
    mean = np.sqrt(2 / np.pi * variances).sum()
    return float((mean + 3 * np.sqrt((1 - 2 / np.pi) * variances.sum())) / len(predicted))


def calibration_bins(predicted: NDArray[np.float64]) -> NDArray[np.int64]:
    """The bin of each probability."""
    return np.minimum((predicted * BINS).astype(np.int64), BINS - 1)
