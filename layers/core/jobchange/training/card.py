"""The model card (Mitchell et al., Model cards for model reporting, 2019) as JSON: all that is known of a model."""

import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobchange import contract
from jobchange.registry.artifact import Profile
from jobchange.statistics.calibration import calibration_bins
from jobchange.statistics.intervals import proportion
from jobchange.statistics.operating_points import LabelledScores, operating_points
from jobchange.store.models import Gate
from jobchange.training.dataset import Dataset
from jobchange.training.evaluate import FOLDS, Evaluation
from jobchange.training.fit import SETTINGS
from jobchange.training.impact import impact, proxy, warnings
from jobchange.training.importance import Importance
from jobchange.training.slices import Slice

PURPOSE = (
    "It estimates how likely it is that a candidate in data science is looking for a new job, so that recruiters can "
    "decide whom to talk to first."
)
USES = (
    "Deciding in which order to talk to the candidates on your books.",
    "Seeing what makes it likely or unlikely that a candidate is looking, feature by feature.",
    "Planning: the probabilities of many candidates add up to how many of them are looking.",
)
NOT_FOR = (
    "Deciding alone about a person: to hire, to refuse, to dismiss or to pay. It ranks whom to talk to; people decide.",
    "Watching your own employees.",
    "Candidates of other professions, or of places unlike those it was trained on: see the drift of each file.",
)
EXPLANATIONS = (
    "A contribution is the feature's exact Shapley value: how much its value moves the candidate away from the mean of "
    "all training rows, averaged over every order in which the features could become known. It says what the model "
    "goes by, and isn't advice about what to change."
)
LIMITS = (
    "It knows what is in the file and nothing else. What it finds goes together with a change of job; it isn't "
    "proven to be the cause.",
    "It never sees gender, but other columns may hint at it: how much they do, and how often each group is called, is "
    "shown below.",
    "It is most certain where the company's size is missing or the city's index is low. Both describe circumstances "
    "rather than intentions, and may differ for reasons that aren't the candidate's.",
    "Every figure holds for candidates like those it was trained on. How good it is for today's is shown by the "
    "outcomes that users report.",
)


def card(
    dataset: Dataset,
    evaluation: Evaluation,
    profile: Profile,
    *,
    importances: Sequence[Importance],
    slices: Sequence[Slice],
    gates: list[Gate],
    average: float,
    seed: int,
) -> dict[str, Any]:
    """The card of a model, as JSON values; `average` is its mean probability of the training rows."""
    import onnx
    import sklearn

    impacts, gender = impact(dataset, evaluation), proxy(dataset, evaluation, seed)
    return {
        "trained_at": profile["trained_at"],
        "purpose": PURPOSE,
        "uses": list(USES),
        "not_for": list(NOT_FOR),
        "limits": list(LIMITS),
        "metrics": evaluation.metrics,
        "intervals": {name: interval.to_dict() for name, interval in evaluation.intervals.items()},
        "metrics_by_fold": evaluation.by_fold,
        "threshold": evaluation.threshold,
        "threshold_rule": profile["threshold_rule"],
        "confusion": _confusion(dataset.target == 1, evaluation.probabilities >= evaluation.threshold),
        "operating_points": _operating_points(profile),
        "gates": gates,
        "warnings": warnings(impacts),
        "calibration": _calibration(dataset.target, evaluation.probabilities),
        "importances": [
            {"feature": each.feature, "mean": round(each.mean, 6), "deviation": round(each.deviation, 6)}
            for each in importances
        ],
        "explanations": {"method": EXPLANATIONS, "average": round(average, 6)},
        "slices": [each.to_dict() for each in slices],
        "impact": [each.to_dict() for each in impacts],
        "proxy": gender and gender.to_dict(),
        "data": {
            "rows": len(dataset),
            "positives": int(dataset.target.sum()),
            "outcomes": dataset.outcomes,
            "left_out": dict(dataset.left_out),
            "files": [
                {"name": PurePath(each.name).name, "rows": each.total, "used": each.used} for each in dataset.files
            ],
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


def _confusion(looking: NDArray[np.bool_], called: NDArray[np.bool_]) -> dict[str, int]:
    """How many rows are in each cell of the confusion matrix."""
    return {
        "true_positives": int((called & looking).sum()),
        "false_positives": int((called & ~looking).sum()),
        "false_negatives": int((~called & looking).sum()),
        "true_negatives": int((~called & ~looking).sum()),
    }


def _operating_points(profile: Profile) -> dict[str, Any]:
    """Of everybody: how many of the rows are called at each threshold, and how many of those are looking."""
    points = operating_points(LabelledScores(**profile["labelled_scores"][0]), [])
    return {"thresholds": list(points.thresholds), **asdict(points.everybody)}


def _calibration(target: NDArray[np.int8], predicted: NDArray[np.float64]) -> list[dict[str, Any]]:
    """The bins of the calibration error that have rows: their mean probability, and what was observed."""
    bins = calibration_bins(predicted)
    points = []
    for position in np.unique(bins):
        rows = bins == position
        points.append(
            {
                "rows": int(rows.sum()),
                "predicted": round(float(predicted[rows].mean()), 6),
                "observed": proportion(target[rows]).to_dict(),
            }
        )
    return points
