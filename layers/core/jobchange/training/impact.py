"""Adverse impact of a new model: how often it calls the candidates of each group, and how well its features show who is
in which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobchange import contract
from jobchange.statistics.impact import FourFifths, Impact, Selected, impacts
from jobchange.statistics.interval import Interval
from jobchange.statistics.intervals import roc_auc
from jobchange.training.dataset import Dataset
from jobchange.training.evaluate import Evaluation
from jobchange.training.fit import fit, probabilities
from jobchange.training.slices import Groups, groups

_LEAST = 30
"""Candidates of each of two groups, without whom nothing can be said of that."""


@dataclass(frozen=True)
class ColumnImpact:
    """The groups of one column: `called` by the threshold, and `above_median` by whose probability is above that of
    half of all candidates, as New York City's Local Law 144 asks for scores. The group of `unknown` candidates isn't
    compared."""

    column: str
    called: list[Impact]
    above_median: list[Impact]
    unknown: int

    def to_dict(self) -> dict[str, Any]:
        return {
            "column": self.column,
            "called": [each.to_dict() for each in self.called],
            "above_median": [each.to_dict() for each in self.above_median],
            "unknown": self.unknown,
        }


@dataclass(frozen=True)
class Proxy:
    """How well the features show who is in which of two groups of the protected column, and how well the model's
    probability does, as ROC-AUCs on candidates not trained on: 0.5 is not at all, with 1 they might as well be the
    column itself."""

    column: str
    level: str
    other: str
    features: Interval
    probability: Interval

    def to_dict(self) -> dict[str, Any]:
        return {
            name: value.to_dict() if isinstance(value, Interval) else value for name, value in self.__dict__.items()
        }


def impact(dataset: Dataset, evaluation: Evaluation) -> list[ColumnImpact]:
    """The impact by each column of the slices, over out-of-fold probabilities."""
    return measure(groups(dataset), evaluation.probabilities, evaluation.threshold)


def measure(groups: Groups, predicted: NDArray[np.float64], threshold: float) -> list[ColumnImpact]:
    """The same for groups of candidates with these probabilities."""
    called, above_median = predicted >= threshold, predicted > np.median(predicted)
    found = []
    for column, of_column in groupby(groups.items(), key=lambda each: each[0][0]):
        members = {level: rows for (_, level), rows in of_column}
        unknown = members.pop(contract.MISSING_BIN, np.zeros(0, dtype=np.bool_))
        found.append(
            ColumnImpact(column, _impacts(members, called), _impacts(members, above_median), int(unknown.sum()))
        )
    return found


def _impacts(members: Mapping[str, NDArray[np.bool_]], selected: NDArray[np.bool_]) -> list[Impact]:
    return impacts({level: Selected(int(rows.sum()), int(selected[rows].sum())) for level, rows in members.items()})


def warnings(found: Sequence[ColumnImpact]) -> list[str]:
    """A sentence about each column with groups that are called less than four fifths as often as others."""
    sentences = []
    for each in found:
        below = [group for group in each.called if group.verdict is FourFifths.BELOW]
        if below:
            named = ", ".join(f"{group.group} ({group.ratio.value:.2f})" for group in below if group.ratio)
            sentences.append(
                f"By {contract.BY_NAME[each.column].label.lower()}, these groups are called less than four fifths as "
                f"often as the group that is called most often: {named}."
            )
    return sentences


def proxy(dataset: Dataset, evaluation: Evaluation, seed: int) -> Proxy | None:
    """How well the features show who is in which of the protected column's two largest groups, by the same kind of
    model, trained on one half and tested on the other; None where one of them has fewer than 30 candidates."""
    levels = {
        level: rows
        for (column, level), rows in groups(dataset).items()
        if column == contract.PROTECTED and level != contract.MISSING_BIN
    }
    one, other = sorted(levels, key=lambda level: levels[level].sum())[-2:]
    if levels[one].sum() < _LEAST:
        return None
    rows = np.flatnonzero(levels[one] | levels[other])
    target, features = levels[one][rows].astype(np.int8), dataset.features[rows]
    halves = np.random.default_rng(seed).permutation(len(rows)) % 2
    held_out = np.empty(len(rows))
    for half in (0, 1):
        held_out[halves == half] = probabilities(
            fit(features[halves != half], target[halves != half], seed), features[halves == half]
        )
    by_features, by_probability = roc_auc(target, held_out), roc_auc(target, evaluation.probabilities[rows])
    assert by_features is not None  # noqa: S101
    assert by_probability is not None  # noqa: S101
    return Proxy(contract.PROTECTED, one, other, by_features, by_probability)
