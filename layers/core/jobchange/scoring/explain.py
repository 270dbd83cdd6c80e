"""Why a candidate got a score: each feature's share of the difference to the training population."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobchange.contract.encoder import FEATURES, encode
from jobchange.registry import loader
from jobchange.registry.artifact import BACKGROUND_FILE
from jobchange.registry.background import Background


@dataclass(frozen=True)
class Contribution:
    """How much a feature's value moves a candidate away from the training population: `contribution` in log-odds,
    `points` in probability (0.05 is five percentage points)."""

    feature: str
    value: str | float | None
    contribution: float
    points: float


@dataclass(frozen=True)
class Explanation:
    """A candidate's contributions, those of most points first.

    `base` is the mean of the training rows' log-odds, and with the `contribution`s adds up to the candidate's;
    `average` is the mean of their probabilities, and with the `points` adds up to the candidate's.
    """

    base: float
    average: float
    contributions: list[Contribution]


@lru_cache(maxsize=4)
def background(version: str) -> Background:
    """The population of a registered version; kept in this process, as versions never change. Raises ModelRefused when
    it isn't there, as for a version of an older release, or isn't the registered one."""
    (body,) = loader.read(version, BACKGROUND_FILE)
    return Background.loads(body)


def explain(candidate: Mapping[str, Any], background: Background) -> Explanation:
    """The Shapley contributions of a candidate's features (canonical values).

    The players are the features; a coalition's worth is the mean of the log-odds over all training rows, each with the
    candidate's values for the features in the coalition and its own for the others (Shapley, A value for n-person
    games, 1953; Štrumbelj and Kononenko, Explaining prediction models and individual predictions with feature
    contributions, 2014; Sundararajan and Najmi, The many Shapley values for model explanation, 2020):

        contribution(i) = sum over coalitions S without i of |S|! (n - |S| - 1)! / n! · (worth(S + i) - worth(S))

    They are exact, and cost the same whatever the number of training rows, since at each leaf only the rows' patterns
    of met conditions matter (Lundberg et al., From local explanations to global understanding with explainable AI for
    trees, 2020).

    The points are Shapley values too, of worths that are probabilities:

        worth(S) in probability = sigmoid(worth(S)) + (average - sigmoid(base)) · rest(S)

    The second term is there because the mean of probabilities isn't the probability at the mean log-odds; it vanishes
    as features become known: rest(S) is the share of the population's variance that is due to the features outside of
    S. Against the exact values, for which all rows would have to be kept and scored in every coalition, the points of a
    feature are off by 0.003 on average.
    """
    (encoded,) = encode([candidate])
    worths = _worths(encoded, background)
    contributions, points = _weights() @ worths, _points(worths, background)
    found = [
        # Rounded to what anybody reads, so that a feature without effect isn't shown as 1e-16; adding 0 turns -0 into
        # 0.
        Contribution(name, candidate.get(name), round(contribution, 9) + 0.0, round(share, 9) + 0.0)
        for name, contribution, share in zip(FEATURES, contributions.tolist(), points.tolist(), strict=True)
    ]
    found.sort(key=lambda each: -abs(each.points))
    return Explanation(float(worths[0]), background.average, found)


def _points(worths: NDArray[np.float64], background: Background) -> NDArray[np.float64]:
    """The features' points, by the coalitions' worths in log-odds."""
    probabilities = 1 / (1 + np.exp(-worths))
    points: NDArray[np.float64]
    points = _weights() @ probabilities - (background.average - probabilities[0]) * background.shares
    return points


def _worths(encoded: NDArray[np.float32], background: Background) -> NDArray[np.float64]:
    """Each coalition's worth in log-odds, (2^features,).

    In a coalition S, a training row ends in a leaf if the candidate meets the leaf's conditions on the features in S,
    and the row those on the others. So what counts of a leaf and a group of rows is which conditions only the candidate
    meets, and which only the rows do; where both fail the same one, no coalition leads there. Of each feature that
    makes three cases, and so a sum of leaf values for each of 3^features cases.
    """
    count = len(FEATURES)
    outside = background.outside(encoded)
    bits = (outside @ (1 << np.arange(count))).astype(np.uint16)
    groups = np.flatnonzero(bits[background.leaf] & background.failed == 0)
    leaf = background.leaf[groups]
    cases = _ternary()[background.failed[groups]] + 2 * (outside @ _ternary()[1 << np.arange(count)])[leaf]
    values = background.value[leaf] * background.rows[groups] / background.population
    worths: NDArray[Any] = np.bincount(cases, values, minlength=3**count)
    for feature in range(count):
        # 0: both meet the condition, 1: only the candidate does, 2: only the rows do.
        both_one_other = worths.reshape(2**feature, 3, -1)
        worths = both_one_other[:, :1] + both_one_other[:, 2:0:-1]
    return worths.reshape(-1) + background.intercept


@cache
def _ternary() -> NDArray[np.int64]:
    """Each set of features, by its bits, as a number with a digit 0 or 1 to the base of three for each feature, the
    first feature's being the highest, (2^features,)."""
    count = len(FEATURES)
    sets = np.arange(2**count)[:, np.newaxis] >> np.arange(count) & 1
    digits: NDArray[np.int64] = sets @ 3 ** np.arange(count)[::-1]
    return digits


@cache
def _weights() -> NDArray[np.float64]:
    """The matrix that turns the coalitions' worths into contributions, (features, 2^features): a coalition counts for
    the features in it, and against the others. A coalition's number has the first feature as its highest bit."""
    count = len(FEATURES)
    members = np.arange(2**count)[:, np.newaxis] >> np.arange(count)[::-1] & 1 == 1
    sizes = members.sum(axis=1)
    orders = np.array([factorial(size) * factorial(count - 1 - size) for size in range(count)]) / factorial(count)
    joined = np.append(np.nan, orders)[sizes]
    left = np.append(orders, np.nan)[sizes]
    weights: NDArray[np.float64] = np.where(members, joined[:, np.newaxis], -left[:, np.newaxis]).T
    return weights
