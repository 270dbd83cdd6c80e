"""Whether a model is as good for some groups of candidates as it is for all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobchange import contract
from jobchange.contract.bins import bin_of
from jobchange.statistics.concordance import expected_auc
from jobchange.statistics.interval import Interval
from jobchange.statistics.intervals import proportion, roc_auc
from jobchange.training.dataset import Dataset
from jobchange.training.evaluate import Evaluation

Groups = Mapping[tuple[str, str], NDArray[np.bool_]]
"""Which rows are in each group, by column and level, in the contract's order."""


@dataclass(frozen=True)
class Slice:
    """The candidates in one of the contract's bins of a column, by their out-of-fold probabilities.

    `expected_auc` is the ROC-AUC that these probabilities imply if they are right: the more alike a group's candidates
    are, the lower. `observed` is the share that was looking for a job, `predicted` the mean probability, `selected` the
    share called at the threshold; the other rates are among those who were looking, and who were not. None without such
    rows.
    """

    column: str
    level: str
    rows: int
    roc_auc: Interval | None
    expected_auc: float | None
    observed: Interval
    predicted: float
    selected: Interval
    true_positive_rate: Interval | None
    false_positive_rate: Interval | None

    def to_dict(self) -> dict[str, Any]:
        return {
            name: value.to_dict() if isinstance(value, Interval) else value for name, value in self.__dict__.items()
        }


def slices(dataset: Dataset, evaluation: Evaluation) -> list[Slice]:
    """Every slice that has rows, in the contract's order."""
    return measure(groups(dataset), dataset.target, evaluation.probabilities, evaluation.threshold)


def groups(dataset: Dataset) -> Groups:
    """The groups by gender, education and experience."""
    found: dict[tuple[str, str], NDArray[np.bool_]] = {}
    for name in contract.GROUPED:
        column = contract.BY_NAME[name]
        bins = np.array([bin_of(column, value) for value in dataset.columns[name]])
        found |= {(name, level): bins == position for position, level in enumerate(column.bins)}
    return found


def measure(groups: Groups, target: NDArray[np.int8], predicted: NDArray[np.float64], threshold: float) -> list[Slice]:
    """The slice of each group that has rows."""
    return [_slice(*name, target[rows], predicted[rows], threshold) for name, rows in groups.items() if rows.any()]


def _slice(
    column: str, level: str, target: NDArray[np.int8], predicted: NDArray[np.float64], threshold: float
) -> Slice:
    called = predicted >= threshold
    looking, others = called[target == 1], called[target == 0]
    expected = expected_auc(predicted, predicted)
    return Slice(
        column=column,
        level=level,
        rows=len(target),
        roc_auc=roc_auc(target, predicted),
        expected_auc=round(expected.auc, 6) if expected else None,
        observed=proportion(target),
        predicted=round(float(predicted.mean()), 6),
        selected=proportion(called),
        true_positive_rate=proportion(looking) if len(looking) else None,
        false_positive_rate=proportion(others) if len(others) else None,
    )
