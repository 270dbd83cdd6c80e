"""The model itself: histogram gradient boosting on the encoded features."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import ThreadpoolController

SETTINGS: Mapping[str, float | bool] = MappingProxyType(
    {
        "learning_rate": 0.08,
        "max_iter": 100,
        "max_leaf_nodes": 12,
        "min_samples_leaf": 40,
        "l2_regularization": 5.0,
        "max_features": 0.5,
        # All trees, always: a model's cost mustn't depend on a random validation set.
        "early_stopping": False,
    }
)
"""Chosen by cross-validation on the real data: three times as many smaller steps gain less than 0.001 ROC-AUC, at
three times the cost of every prediction. No class weights, since they ruin the calibration, and no categories as such,
since they gain nothing over the codes and ONNX can't express them."""


def fit(features: NDArray[np.float32], target: NDArray[np.int8], seed: int) -> "HistGradientBoostingClassifier":
    """Fit a classifier to encoded candidates, (rows, features) and (rows,); the same input gives the same model."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    # Where nobody has a value there is nothing to learn from; scikit-learn takes no such column.
    features = np.where(np.isnan(features).all(axis=0), np.float32(0), features)
    with one_thread():
        return HistGradientBoostingClassifier(**SETTINGS, random_state=seed).fit(features, target)


def probabilities(model: "HistGradientBoostingClassifier", features: NDArray[np.float32]) -> NDArray[np.float64]:
    """The probability of looking for a job change of each encoded candidate, by scikit-learn."""
    with one_thread():
        predicted: NDArray[np.float64] = model.predict_proba(features)[:, 1]
    return predicted


def one_thread() -> AbstractContextManager[object]:
    """Keeps scikit-learn to one thread. Several wait for each other in busy loops: hardly faster on two idle
    processors, and fifty times slower where something else runs as well, or in a function that gets a share of one."""
    limited: AbstractContextManager[object] = _threads().limit(limits=1, user_api="openmp")
    return limited


@cache
def _threads() -> "ThreadpoolController":
    """To find them takes some milliseconds."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
