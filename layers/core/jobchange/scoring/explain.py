"""Why a candidate got a score: each feature's share of the difference to a typical candidate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobchange.contract.encoder import FEATURES, encode
from jobchange.scoring.model import Model


@dataclass(frozen=True)
class Contribution:
    """How much a feature's value moves the log-odds away from the reference candidate's."""

    feature: str
    value: str | float | None
    contribution: float


def explain(candidates: Sequence[Mapping[str, Any]], model: Model) -> list[list[Contribution]]:
    """The exact Shapley contributions of each candidate's features (canonical values), the largest first.

    The players are the features; a coalition's worth is the log-odds of the candidate's values for the features in it
    and those of the profile's reference candidate for the others (Shapley, A value for n-person games, 1953, in the
    baseline form of Sundararajan and Najmi, The many Shapley values for model explanation, 2020):

        contribution(i) = sum over coalitions S without i of |S|! (n - |S| - 1)! / n! · (worth(S + i) - worth(S))

    Ten features make 1,024 coalitions, all scored at once. A candidate's contributions add up to the difference
    between its log-odds and the reference's.
    """
    (reference,) = encode([model.profile["reference"]])
    explained = []
    for candidate, encoded in zip(candidates, encode(candidates), strict=True):
        worths = model.log_odds(np.where(_coalitions(), encoded, reference))
        # Rounded to what anybody reads, so that a feature without effect isn't shown as 1e-16; adding 0 turns -0 into
        # 0.
        explained.append(_sorted(candidate, (_weights() @ worths).round(9) + 0.0))
    return explained


def _sorted(candidate: Mapping[str, Any], shares: NDArray[np.float64]) -> list[Contribution]:
    contributions = [
        Contribution(name, candidate.get(name), share) for name, share in zip(FEATURES, shares.tolist(), strict=True)
    ]
    return sorted(contributions, key=lambda each: -abs(each.contribution))


@cache
def _coalitions() -> NDArray[np.bool_]:
    """Every subset of the features, (2^features, features)."""
    count = len(FEATURES)
    subsets: NDArray[np.bool_] = (np.arange(2**count)[:, np.newaxis] >> np.arange(count)) & 1 == 1
    return subsets


@cache
def _weights() -> NDArray[np.float64]:
    """The matrix that turns the coalitions' worths into contributions, (features, 2^features): a coalition counts for
    the features in it, and against the others."""
    count = len(FEATURES)
    members = _coalitions()
    sizes = members.sum(axis=1)
    orders = np.array([factorial(size) * factorial(count - 1 - size) for size in range(count)]) / factorial(count)
    joined = np.append(np.nan, orders)[sizes]
    left = np.append(orders, np.nan)[sizes]
    weights: NDArray[np.float64] = np.where(members, joined[:, np.newaxis], -left[:, np.newaxis]).T
    return weights
