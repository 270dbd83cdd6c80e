"""Which features a model lives by: how much worse it ranks candidates when one of them is shuffled."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobchange.contract.encoder import FEATURES
from jobchange.training.evaluate import Evaluation
from jobchange.training.fit import one_thread

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
    from sklearn.inspection import permutation_importance

    losses = []
    with one_thread():
        for fold, model in enumerate(evaluation.models):
            tested = features[evaluation.folds == fold], target[evaluation.folds == fold]
            shuffled = permutation_importance(
                model, *tested, scoring="roc_auc", n_repeats=REPEATS, random_state=seed + fold
            )
            losses.append(shuffled["importances"])
    by_feature = zip(FEATURES, np.hstack(losses), strict=True)
    found = [Importance(name, float(each.mean()), float(each.std(ddof=1))) for name, each in by_feature]
    return sorted(found, key=lambda each: -each.mean)
