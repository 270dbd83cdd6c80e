"""Train a model: cross-validate, fit to all rows, export, describe."""

import platform
from collections.abc import Callable
from typing import Any

import numpy as np

from jobchange import contract, times
from jobchange.artifact import Trained
from jobchange.errors import Unprocessable
from jobchange.training.dataset import Dataset
from jobchange.training.evaluate import FOLDS, Evaluation, cross_validate
from jobchange.training.export import export
from jobchange.training.fit import SETTINGS, fit
from jobchange.training.profile import profile

SEED = 20_260_101
"""Any number would do; the same one always, so that the same data give the same model."""


def train(dataset: Dataset, *, seed: int = SEED, progress: Callable[[str], None] = lambda _: None) -> Trained:
    """Train on labelled candidates; `progress` gets a sentence after each step.

    Raises Unprocessable when either outcome has fewer rows than there are folds.
    """
    if np.bincount(dataset.target, minlength=2).min() < FOLDS:
        raise Unprocessable(f"Training needs at least {FOLDS} candidates of each outcome.")
    evaluation = cross_validate(dataset.features, dataset.target, seed, progress)
    model = fit(dataset.features, dataset.target, seed)
    progress(f"final model: {len(dataset):,} rows, {model.n_iter_} trees")
    trained_at = times.now()
    described = profile(model, dataset, evaluation, seed=seed, trained_at=trained_at)
    return Trained(export(model), described, _card(dataset, evaluation, seed, trained_at))


def _card(dataset: Dataset, evaluation: Evaluation, seed: int, trained_at: str) -> dict[str, Any]:
    import onnx
    import sklearn

    return {
        "trained_at": trained_at,
        "metrics": evaluation.metrics,
        "metrics_by_fold": evaluation.by_fold,
        "threshold": evaluation.threshold,
        "data": {
            "rows": len(dataset),
            "positives": int(dataset.target.sum()),
            "left_out": dict(dataset.left_out),
            "sha256": dataset.sha256,
        },
        "features": [column.name for column in contract.FEATURES],
        "contract_version": contract.VERSION,
        "settings": {**SETTINGS, "folds": FOLDS, "seed": seed},
        "versions": {
            "python": platform.python_version(),
            "scikit-learn": sklearn.__version__,
            "numpy": np.__version__,
            "onnx": onnx.__version__,
        },
    }
