"""The AUC that a model's own probabilities imply for some candidates."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Expected:
    """The AUC that probabilities imply, and the standard deviation that a measured one has about it by chance."""

    auc: float
    deviation: float


def expected_auc(scores: NDArray[np.float64], probabilities: NDArray[np.float64]) -> Expected | None:
    """What the AUC of scores, (candidates,), will be if each candidate is positive with its probability, (candidates,):
    the chance that of a positive and a negative one the positive has the higher score, equal ones counting half (the
    model-based concordance of van Klaveren et al., A new concordance measure for risk prediction models in external
    validation settings, 2016). None where the probabilities leave no chance of both outcomes.

    The candidates are taken as they are: if those who are known of were chosen by their scores, the AUC is that of the
    chosen. So the deviation is that of the outcomes alone, by the delta method on the AUC as a function of them.
    """
    places = np.unique(scores, return_inverse=True)[1]
    positive, negative = probabilities, 1 - probabilities
    by_score = np.bincount(places, weights=positive), np.bincount(places, weights=negative)
    positives, negatives = by_score[0].sum(), by_score[1].sum()
    pairs = positives * negatives - (positive * negative).sum()
    if pairs <= 1e-9:
        return None
    below = (np.cumsum(by_score[1]) - by_score[1] / 2)[places] - negative / 2
    above = positives - (np.cumsum(by_score[0]) - by_score[0] / 2)[places] - positive / 2
    auc = float((positive * below).sum() / pairs)
    slopes = (below - above - auc * (negatives - positives)) / pairs
    return Expected(auc, float(np.sqrt((slopes**2 * positive * negative).sum())))
