"""How sure a figure is that was measured over arrays; each interval holds the true value 19 times out of 20."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobchange.statistics.interval import Interval, deviations, share
from jobchange.statistics.performance import log_losses

RESAMPLES = 50
"""Enough for a standard deviation within a tenth of itself."""
_RESAMPLED_DEVIATIONS = 2.0096
"""Student's t for so many: a standard deviation of 50 is itself not certain."""


def proportion(hits: NDArray[Any]) -> Interval:
    """The share of ones in an array that isn't empty; see `share`."""
    return share(int(hits.sum()), len(hits))


def mean(values: NDArray[np.float64]) -> Interval:
    """The mean of more than one value, by its standard error."""
    centre = float(values.mean())
    half = deviations() * float(values.std(ddof=1)) / math.sqrt(len(values))
    return Interval(centre, centre - half, centre + half)


def roc_auc(target: NDArray[np.int8], predicted: NDArray[np.float64]) -> Interval | None:
    """The area under the ROC curve by DeLong's variance (DeLong, DeLong and Clarke-Pearson, Comparing the areas under
    two or more correlated receiver operating characteristic curves, 1988); None where one of the outcomes has fewer
    than two rows."""
    if np.bincount(target, minlength=2).min() < 2:
        return None
    positives, negatives = _placements(target, predicted)
    area = float(positives.mean())
    half = deviations() * math.sqrt(_variance(positives, negatives))
    return Interval(area, max(0.0, area - half), min(1.0, area + half))


def roc_auc_difference(target: NDArray[np.int8], ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> Interval:
    """The AUC of `ours` less that of `theirs` on the same rows. What the two have in common cancels out (DeLong et al.,
    1988, for correlated curves), so the interval is far narrower than those of the two."""
    positives, negatives = (
        our - their for our, their in zip(_placements(target, ours), _placements(target, theirs), strict=True)
    )
    difference = float(positives.mean())
    half = deviations() * math.sqrt(_variance(positives, negatives))
    return Interval(difference, difference - half, difference + half)


def log_loss_difference(target: NDArray[np.int8], ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> Interval:
    """The log loss of `ours` less that of `theirs` on the same rows: the mean of the rows' differences."""
    return mean(log_losses(target, ours) - log_losses(target, theirs))


def resampled(
    measure: Callable[[NDArray[np.int8], NDArray[np.float64]], dict[str, float]],
    target: NDArray[np.int8],
    predicted: NDArray[np.float64],
    seed: int,
) -> dict[str, Interval]:
    """Every figure of `measure` with the normal interval of the bootstrap: the rows are drawn again, so that the share
    of positives varies too, and the figures' standard deviation is taken (Efron and Tibshirani, An introduction to the
    bootstrap, 1993, chapter 13). Samples without one of the outcomes are drawn again. Fitting again on other rows would
    vary more; that is what the figures of the folds show.

    Figures between 0 and 1 are taken as log odds, in which they are less skewed (for the PR-AUC: Boyd, Eng and Page,
    Area under the precision-recall curve: point estimates and confidence intervals, 2013)."""
    random = np.random.default_rng(seed)
    drawn: list[dict[str, float]] = []
    while len(drawn) < RESAMPLES:
        rows = random.integers(len(target), size=len(target))
        if 0 < target[rows].sum() < len(target):
            drawn.append(measure(target[rows], predicted[rows]))
    return {
        name: _spread(value, np.array([each[name] for each in drawn]))
        for name, value in measure(target, predicted).items()
    }


def _spread(value: float, drawn: NDArray[np.float64]) -> Interval:
    """The interval of a figure that isn't negative, from its values in the samples."""
    if not 0 < min(value, drawn.min()) <= max(value, drawn.max()) < 1:
        half = _RESAMPLED_DEVIATIONS * float(drawn.std(ddof=1))
        return Interval(value, max(0.0, value - half), value + half)
    half = _RESAMPLED_DEVIATIONS * float(np.log(drawn / (1 - drawn)).std(ddof=1))
    odds = value / (1 - value)
    low, high = odds * math.exp(-half), odds * math.exp(half)
    return Interval(value, low / (1 + low), high / (1 + high))


def _placements(
    target: NDArray[np.int8], predicted: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """For each positive the share of negatives below it, and for each negative the share of positives above it; equal
    ones count half."""
    positives, negatives = predicted[target == 1], predicted[target == 0]
    return _share_below(positives, negatives), 1 - _share_below(negatives, positives)


def _share_below(values: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    order = np.sort(others)
    share: NDArray[np.float64] = (order.searchsorted(values, "left") + order.searchsorted(values, "right")) / 2
    return share / len(others)


def _variance(positives: NDArray[np.float64], negatives: NDArray[np.float64]) -> float:
    return float(positives.var(ddof=1) / len(positives) + negatives.var(ddof=1) / len(negatives))
