"""What is stored with a model: probes to check it, histograms to measure drift, quantiles to rank by."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jobchange import contract
from jobchange.contract import Column, Kind
from jobchange.contract.bins import histogram
from jobchange.contract.encoder import FEATURES, HASH
from jobchange.registry.artifact import SCORE_BINS, GroupScores, Probes, Profile
from jobchange.registry.threshold import ThresholdRule
from jobchange.statistics.isotonic import calibration_map
from jobchange.training.dataset import Dataset
from jobchange.training.evaluate import Evaluation, quantiles
from jobchange.training.fit import probabilities
from jobchange.training.slices import groups

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

PROBES = 32


def profile(
    model: "HistGradientBoostingClassifier",
    dataset: Dataset,
    evaluation: Evaluation,
    *,
    rule: ThresholdRule,
    seed: int,
    trained_at: str,
) -> Profile:
    """The profile of a model fitted to `dataset`; `trained_at` is RFC 3339."""
    scores = np.histogram(evaluation.probabilities, bins=SCORE_BINS, range=(0, 1))[0]
    return {
        "contract_version": contract.VERSION,
        "encoder_hash": HASH,
        "features": list(FEATURES),
        "threshold": evaluation.threshold,
        "threshold_rule": rule.declared(),
        "probes": _probes(model, dataset, seed),
        "histograms": {
            column.name: list(histogram(column, _values(column, dataset))) for column in contract.COLUMNS if column.bins
        },
        "scores": scores.tolist(),
        "calibration": calibration_map(evaluation.probabilities, dataset.target).to_dict(),
        "labelled_scores": _labelled_scores(dataset, evaluation),
        "quantiles": quantiles(evaluation.probabilities),
        "rows": len(dataset),
        "trained_at": trained_at,
    }


def _probes(model: "HistGradientBoostingClassifier", dataset: Dataset, seed: int) -> Probes:
    """Rows that look like candidates but are nobody: each value is drawn for itself. In the first one all is missing,
    and in each of the next ones one feature, so that every missing direction is tried."""
    random = np.random.default_rng(seed)
    rows = np.stack([random.choice(values, PROBES) for values in dataset.features.T], axis=1)
    rows[0] = np.nan
    for feature in range(len(FEATURES)):
        rows[1 + feature, feature] = np.nan
    return {
        "rows": [[None if np.isnan(value) else float(value) for value in row] for row in rows],
        "probabilities": probabilities(model, rows).tolist(),
    }


def _labelled_scores(dataset: Dataset, evaluation: Evaluation) -> list[GroupScores]:
    """Of everybody, and of each group that has rows."""

    def counted(column: str | None, level: str | None, members: NDArray[np.bool_]) -> GroupScores:
        looking = members & (dataset.target == 1)
        counts = [_hundredths(evaluation.probabilities[rows]) for rows in (members, looking)]
        return {"column": column, "level": level, "rows": counts[0], "looking": counts[1]}

    everybody = counted(None, None, np.ones(len(dataset), dtype=np.bool_))
    return [everybody, *(counted(*name, members) for name, members in groups(dataset).items() if members.any())]


def _hundredths(probabilities: NDArray[np.float64]) -> list[int]:
    counts: list[int] = np.histogram(probabilities, bins=100, range=(0, 1))[0].tolist()
    return counts


def _values(column: Column, dataset: Dataset) -> list[Any]:
    """Canonical values: numbers as numbers."""
    values = dataset.columns[column.name]
    if not column.numeric:
        return list(values)
    number = int if column.kind is Kind.INTEGER else float
    return [None if value is None else number(float(value)) for value in values]
