"""How good a model will turn out to be on candidates whose outcome isn't known yet, from their scores alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobchange.statistics.interval import Interval
from jobchange.statistics.isotonic import CalibrationMap

DRAWS = 200
"""Enough for the ends of an interval within a tenth of its width."""
_ENDS = (0.025, 0.975)
_POINTS = 10
"""At which the map is read within a bin."""
_SEED = 20_260_101


@dataclass(frozen=True)
class Quality:
    """Measures over some candidates: the share of positives, the AUC, and of those called the share of positives
    (precision), of the positives the share called (recall). None where there is nobody to measure by."""

    candidates: int
    rate: Interval
    auc: Interval | None
    precision: Interval | None
    recall: Interval | None


class Estimator:
    """Confidence-based performance estimation (CBPE; see NannyML's documentation, and Guillory et al., Predicting with
    confidence on unseen distributions, 2021) from histograms of scores over bins of equal width from 0 to 1.

    Each score stands for a positive with its calibrated probability and a negative with the rest; the expected table of
    verdicts by outcomes gives every measure. To apply the map to today's histogram is to weigh the training rows by the
    ratio of today's histogram to theirs, bin by bin, so that a shift of the candidates is accounted for as far as the
    scores show it.

    It holds as long as candidates with a given score are positive as often as in training. It can't see that this has
    changed (concept shift): only outcomes can show that.
    """

    def __init__(self, calibration: CalibrationMap, threshold: float, bins: int) -> None:
        self._bins = bins
        # Cells: the bins, of which the threshold cuts one in two.
        edges = np.unique(np.append(np.linspace(0, 1, bins + 1), threshold))
        low, high = edges[:-1], edges[1:]
        self._bin = np.minimum(((low + high) / 2 * bins).astype(np.int64), bins - 1)
        self._share = (high - low) * bins
        self._called = low >= threshold
        within = (np.arange(_POINTS) + 0.5) / _POINTS
        self._scores = low[:, None] + (high - low)[:, None] * within
        self._probabilities = calibration.calibrated(self._scores).mean(axis=1)
        random = np.random.default_rng(_SEED)
        # As other training rows might have had it.
        drawn = [calibration.drawn(random).calibrated(self._scores).mean(axis=1) for _ in range(DRAWS)]
        self._drawn = np.array(drawn)

    def estimate(self, histogram: Sequence[int]) -> Quality | None:
        """The quality to expect on the candidates of a histogram over the estimator's bins; None without any. In 19 of
        20 cases the measured one will be within the intervals: drawn are the outcomes of these candidates, and the
        rows that the map was learned from."""
        counts = self._counts(np.asarray(histogram, dtype=np.int64))
        if not counts.sum():
            return None
        random = np.random.default_rng(_SEED)
        positives = random.binomial(counts, self._drawn)
        expected = counts * self._probabilities

        def interval(measure: Callable[..., NDArray[np.float64]], alone: float = 0.0) -> Interval | None:
            value = float(np.minimum(measure(expected, counts - expected, alone), 1.0))
            drawn = measure(positives, counts - positives, 0.0)
            known = drawn[~np.isnan(drawn)]
            if np.isnan(value) or not len(known):
                return None
            low, high = np.quantile(known, _ENDS)
            return Interval(value, min(float(low), value), max(float(high), value))

        rate = interval(_rate)
        assert rate is not None  # noqa: S101
        return Quality(
            candidates=int(counts.sum()),
            rate=rate,
            auc=interval(_auc, float((expected * (1 - self._probabilities)).sum())),
            precision=interval(self._precision),
            recall=interval(self._recall),
        )

    def _counts(self, histogram: NDArray[np.int64]) -> NDArray[np.int64]:
        """Candidates by cell; those of the bin that the threshold cuts are shared out by the widths of its parts."""
        if len(histogram) != self._bins:
            raise ValueError(f"{len(histogram)} bins instead of {self._bins}")
        counts: NDArray[np.int64] = np.floor(histogram[self._bin] * self._share + 0.5).astype(np.int64)
        cut = np.flatnonzero(self._bin[1:] == self._bin[:-1])
        counts[cut + 1] = histogram[self._bin[cut]] - counts[cut]
        return counts

    def _precision(
        self, positives: NDArray[np.float64], negatives: NDArray[np.float64], _: float
    ) -> NDArray[np.float64]:
        return _rate(positives[..., self._called], negatives[..., self._called])

    def _recall(self, positives: NDArray[np.float64], _: NDArray[np.float64], __: float) -> NDArray[np.float64]:
        return _ratio(positives[..., self._called].sum(axis=-1), positives.sum(axis=-1))


def _rate(positives: NDArray[np.float64], negatives: NDArray[np.float64], _: float = 0.0) -> NDArray[np.float64]:
    return _ratio(positives.sum(axis=-1), (positives + negatives).sum(axis=-1))


def _auc(positives: NDArray[np.float64], negatives: NDArray[np.float64], alone: float) -> NDArray[np.float64]:
    """Of tables of positives and negatives by cell, (…, cells). Where these are expected numbers, `alone` is what the
    pairs of a candidate with itself add up to: they aren't pairs of two."""
    below = negatives.cumsum(axis=-1) - negatives / 2
    pairs = positives.sum(axis=-1) * negatives.sum(axis=-1) - alone
    return _ratio((positives * below).sum(axis=-1) - alone / 2, pairs)


def _ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """NaN where there is nothing to divide by."""
    positive = whole > 1e-9
    ratio: NDArray[np.float64] = np.where(positive, part / np.where(positive, whole, 1), np.nan)
    return ratio
