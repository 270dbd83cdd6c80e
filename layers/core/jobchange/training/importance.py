"""Which features a model lives by: how much worse it ranks candidates when one of them is shuffled."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobchange.contract.encoder import FEATURES
from jobchange.training.evaluate import Evaluation
from jobchange.training.fit import probabilities

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
    from sklearn.metrics import roc_auc_score

    random = np.random.default_rng(seed)
    losses: dict[str, list[float]] = {name: [] for name in FEATURES}
    for fold, model in enumerate(evaluation.models):
        tested = evaluation.folds == fold
        rows, outcomes = features[tested], target[tested]
        whole = roc_auc_score(outcomes, evaluation.probabilities[tested])
        for position, name in enumerate(FEATURES):
            for _ in range(REPEATS):
                shuffled = rows.copy()
                shuffled[:, position] = random.permutation(rows[:, position])
                losses[name].append(whole - roc_auc_score(outcomes, probabilities(model, shuffled)))
    found = [Importance(name, float(np.mean(each)), float(np.std(each, ddof=1))) for name, each in losses.items()]
    return sorted(found, key=lambda each: -each.mean)
