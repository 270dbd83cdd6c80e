"""Whether probabilities are as frequent as they say: bins of equal width, and the error over them."""

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from jobchange.statistics.interval import Interval, deviations

BINS = 15


def calibration_error(target: NDArray[np.int8], predicted: NDArray[np.float64]) -> float:
    """The expected calibration error: |share of positives - mean probability| over 15 bins of equal width, weighted by
    their rows (Guo et al., On calibration of modern neural networks, 2017). Chance adds to it, the more the fewer rows
    there are; see `calibration_interval`."""
    return float(np.abs(_gaps(target, predicted)).sum())


def calibration_interval(target: NDArray[np.int8], predicted: NDArray[np.float64]) -> Interval:
    """The expected calibration error without what chance adds to it, and its interval.

    Each bin's gap is the true one plus a normal error, so its absolute value is folded normal, and even that of perfect
    probabilities has a mean above 0 (on this bias: Roelofs et al., Mitigating bias in calibration error estimation,
    2022). The true gaps are taken for c times the observed ones: the value is the error of the c under which the
    observed error is the expected one, and the ends are those of the c under which it is 1.96 standard deviations above
    or below that. What chance explains gives 0.
    """
    z = deviations()
    return Interval(*_errors_under(target, predicted, 0, z, -z))


def corrected_calibration_error(target: NDArray[np.int8], predicted: NDArray[np.float64]) -> float:
    """The value of `calibration_interval`, without its ends."""
    (value,) = _errors_under(target, predicted, 0)
    return value


def calibration_bins(predicted: NDArray[np.float64]) -> NDArray[np.int64]:
    """The bin of each probability."""
    return np.minimum((predicted * BINS).astype(np.int64), BINS - 1)


def _gaps(target: NDArray[np.int8], predicted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each bin, (positives - sum of probabilities) as a share of all rows."""
    return np.bincount(calibration_bins(predicted), weights=target - predicted, minlength=BINS) / len(target)


def _errors_under(target: NDArray[np.int8], predicted: NDArray[np.float64], *zs: float) -> list[float]:
    """The error under which the observed one is z standard deviations above the expected one, for each z."""
    gaps = _gaps(target, predicted)
    spread = np.bincount(calibration_bins(predicted), weights=(target - predicted) ** 2, minlength=BINS)
    errors = np.sqrt(spread) / len(target)
    observed = float(np.abs(gaps).sum())
    return [_explaining(observed, gaps, errors, z) * observed for z in zs]


_MOST = 16.0


def _explaining(observed: float, gaps: NDArray[np.float64], errors: NDArray[np.float64], z: float) -> float:
    """The factor of the gaps under which `observed` is z standard deviations above the expected error; 0 if it is less
    than that without any gap."""

    def at(factor: float) -> float:
        mean, variance = _folded(factor * gaps, errors)
        return float(mean.sum() + z * math.sqrt(variance.sum()))

    low, high = 0.0, _MOST
    if at(low) >= observed:
        return low
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if at(middle) < observed else (low, middle)
    return low


def _folded(
    means: NDArray[np.float64], deviations: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The means and variances of the absolute values of normal variables."""
    ratios = np.divide(means, deviations, out=np.zeros_like(means), where=deviations > 0)
    within = np.array([1 - 2 * NormalDist().cdf(-each) for each in ratios])
    folded = deviations * math.sqrt(2 / math.pi) * np.exp(-(ratios**2) / 2) + means * within
    folded = np.where(deviations > 0, folded, np.abs(means))
    return folded, np.maximum(means**2 + deviations**2 - folded**2, 0)
