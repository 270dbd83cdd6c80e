"""How sure a measured figure is: each interval holds the true value 19 times out of 20, unless it says otherwise."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIGNIFICANCE = 0.05
RESAMPLES = 50
"""Enough for a standard deviation within a tenth of itself."""


@dataclass(frozen=True)
class Interval:
    """A figure and the ends of its interval."""

    value: float
    low: float
    high: float

    def widened(self, among: int) -> "Interval":
        """As wide as it takes for `among` such intervals to hold all together (Bonferroni)."""
        factor = deviations(SIGNIFICANCE / among) / deviations()
        low, high = ((end - self.value) * factor + self.value for end in (self.low, self.high))
        return Interval(self.value, low, high)

    def to_dict(self) -> dict[str, float]:
        """To six decimals."""
        return {"value": round(self.value, 6), "low": round(self.low, 6), "high": round(self.high, 6)}


def deviations(significance: float = SIGNIFICANCE) -> float:
    """Half the width of a two-sided normal interval, in standard deviations: 1.96 for 0.05."""
    return NormalDist().inv_cdf(1 - significance / 2)


def proportion(hits: NDArray[Any]) -> Interval:
    """The share of ones in an array that isn't empty; see `share`."""
    return share(int(hits.sum()), len(hits))


def share(hits: int, rows: int) -> Interval:
    """Some of one or more rows as their share, by Wilson's score interval, which holds near 0 and 1 too (Wilson,
    Probable inference, the law of succession, and statistical inference, 1927)."""
    value, z = hits / rows, deviations()
    centre = (value + z**2 / (2 * rows)) / (1 + z**2 / rows)
    half = z / (1 + z**2 / rows) * math.sqrt(value * (1 - value) / rows + z**2 / (4 * rows**2))
    return Interval(value, max(0.0, centre - half), min(1.0, centre + half))


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


def resampled(
    measure: Callable[[NDArray[np.int8], NDArray[np.float64]], dict[str, float]],
    target: NDArray[np.int8],
    predicted: NDArray[np.float64],
    seed: int,
) -> dict[str, Interval]:
    """Every figure of `measure` with the normal interval of the bootstrap: the rows are drawn again, so that the share
    of positives varies too, and the figures' standard deviation is taken (Efron and Tibshirani, An introduction to the
    bootstrap, 1993, chapter 13). Samples without one of the outcomes are drawn again. Fitting again on other rows would
    vary more; that is what the figures of the folds show."""
    random = np.random.default_rng(seed)
    drawn: list[dict[str, float]] = []
    while len(drawn) < RESAMPLES:
        rows = random.integers(len(target), size=len(target))
        if 0 < target[rows].sum() < len(target):
            drawn.append(measure(target[rows], predicted[rows]))
    intervals = {}
    for name, value in measure(target, predicted).items():
        half = deviations() * float(np.std([each[name] for each in drawn], ddof=1))
        intervals[name] = Interval(value, max(0.0, value - half), value + half)
    return intervals


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
