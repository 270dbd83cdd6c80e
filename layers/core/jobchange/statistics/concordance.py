"""The AUC that a model's own probabilities imply for some candidates, and whether a live AUC falls short of it."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FALSE_ALARMS = 0.01
"""How often a model that is as good as it says may ever be called worse, however often one looks."""
TUNED_TO = 1_000
"""The number of outcomes at which the bound over all looks is tightest."""


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


def shortfall_by_chance(deviation: float, outcomes: int) -> float:
    """How far a measured figure with a standard deviation may fall below the true one after `outcomes` outcomes, so
    that it ever does at any number of them with a probability of 0.01 at most: looks cost nothing more, at whatever
    times they are taken.

    The one-sided asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (Time-uniform
    central limit theory and asymptotic confidence sequences, 2024), by Robbins's normal mixture, whose parameter is
    chosen so that it is tightest at `TUNED_TO` outcomes: 3.4 standard deviations there, where a single look would take
    2.3.
    """
    time = _AT_TIGHTEST * outcomes / TUNED_TO
    return deviation * math.sqrt(2 * (1 + 1 / time) * math.log(1 + math.sqrt(time + 1) / (2 * FALSE_ALARMS)))


_AT_TIGHTEST = 11.0
"""The mixture's intrinsic time at which its bound, for 0.01, is narrowest in standard deviations."""
