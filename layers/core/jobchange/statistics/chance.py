"""What chance alone makes of a measure."""

import numpy as np
from numpy.typing import NDArray

from jobchange.statistics.calibration import calibration_bins


def mean_calibration_chance(predicted: NDArray[np.float64]) -> float:
    """The calibration error that perfect probabilities have on average: in a bin the outcomes differ from their
    probabilities by a normal amount of variance sum p (1 - p), whose absolute value has the mean sqrt(2 / pi) of its
    deviation."""
    variances = np.bincount(calibration_bins(predicted), weights=predicted * (1 - predicted))
    return float(np.sqrt(2 / np.pi * variances).sum() / len(predicted))
