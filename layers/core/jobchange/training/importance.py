"""Which features a model lives by: how much worse it ranks candidates when one of them is shuffled."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jobchange.contract.encoder import FEATURES
from jobchange.statistics import performance
from jobchange.training.evaluate import Evaluation
from jobchange.training.fit import probabilities

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

REPEATS = 3


@dataclass(frozen=True)
class Importance:
    """The mean loss of ROC-AUC without a feature, and its standard deviation over folds and repeats."""

    feature: str
    mean: float
    deviation: float


def importances(
    evaluation: Evaluation, features: NDArray[np.float32], target: NDArray[np.int8], seed: int
) -> list[Importance]:
    """The features by permutation importance, the largest first (Breiman, Random forests, 2001; on held-out rows as
    Fisher et al., All models are wrong, but many are useful, 2019, ask for): each fold's model is tested on the fold it
    hasn't seen, with one column shuffled."""
    losses = []
    for fold, model in enumerate(evaluation.models):
        tested = evaluation.folds == fold
        losses.append(_losses(model, features[tested], target[tested] == 1, seed + fold))
    by_feature = zip(FEATURES, np.hstack(losses), strict=True)
    found = [Importance(name, float(each.mean()), float(each.std(ddof=1))) for name, each in by_feature]
    return sorted(found, key=lambda each: -each.mean)


def _losses(
    model: "HistGradientBoostingClassifier", features: NDArray[np.float32], changed: NDArray[np.bool_], seed: int
) -> NDArray[np.float64]:
    """What each column's shuffling costs of the ROC-AUC, (features, repeats).

    A column's repeats are predicted at once: on few rows a call costs more than its rows.
    """
    random = np.random.default_rng(seed)
    orders = [random.permutation(len(features)) for _ in range(REPEATS)]

    def aucs(rows: NDArray[np.float32]) -> NDArray[np.float64]:
        repeats = probabilities(model, rows).reshape(-1, len(features))
        return np.array([performance.auc(each, changed) for each in repeats], dtype=np.float64)

    def shuffled(column: int) -> NDArray[np.float32]:
        copies = np.tile(features, (REPEATS, 1))
        copies[:, column] = np.concatenate([features[order, column] for order in orders])
        return copies

    left = np.array([aucs(shuffled(column)) for column in range(features.shape[1])])
    losses: NDArray[np.float64] = aucs(features) - left
    return losses
