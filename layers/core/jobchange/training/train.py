"""Train a model: cross-validate, fit to all rows, export, hold it to its gates, describe."""

from collections.abc import Callable

import numpy as np

from jobchange import times
from jobchange.errors import Unprocessable
from jobchange.registry import folds
from jobchange.registry.artifact import TrainedModel
from jobchange.registry.threshold import DEFAULT, ThresholdRule
from jobchange.training import card_html, gates
from jobchange.training.background import background
from jobchange.training.card import card
from jobchange.training.dataset import Dataset
from jobchange.training.evaluate import FOLDS, cross_validate
from jobchange.training.export import export
from jobchange.training.fit import fit, probabilities
from jobchange.training.gates import EvaluatedModel
from jobchange.training.importance import importances
from jobchange.training.incumbent import Incumbent
from jobchange.training.profile import profile
from jobchange.training.slices import slices

SEED = 20_260_101
"""Any number would do; the same one always, so that the same data give the same model."""


def train(
    dataset: Dataset,
    *,
    seed: int = SEED,
    rule: ThresholdRule = DEFAULT,
    champion: Incumbent | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> TrainedModel:
    """Train on labelled candidates; `rule` says how the threshold is chosen, `champion` what the model is compared
    with, and `progress` gets a sentence after each step. What comes out may have failed its gates.

    Raises Unprocessable when either outcome has fewer rows than there are folds.
    """
    if np.bincount(dataset.target, minlength=2).min() < FOLDS:
        raise Unprocessable(f"Training needs at least {FOLDS} candidates of each outcome.")
    evaluation = cross_validate(dataset.features, dataset.target, seed, progress, rule)
    model = fit(dataset.features, dataset.target, seed)
    progress(f"final model: {len(dataset):,} rows, {model.n_iter_} trees")
    described = profile(model, dataset, evaluation, rule=rule, seed=seed, trained_at=times.now())
    important = importances(evaluation, dataset.features, dataset.target, seed)
    progress("importance of each feature measured")
    groups = slices(dataset, evaluation)
    onnx = export(model)
    population = background(onnx, dataset.features)
    progress("training rows counted for explanations")
    rows = np.vstack([dataset.features, np.array(described["probes"]["rows"], dtype=np.float32)])
    candidate = EvaluatedModel(onnx, rows, probabilities(model, rows), evaluation, groups)
    checked = gates.check(candidate, dataset, champion)
    progress(f"gates: {sum(gate['passed'] for gate in checked)} of {len(checked)} passed")
    model_card = card(
        dataset,
        evaluation,
        described,
        importances=important,
        slices=groups,
        gates=checked,
        average=population.average,
        seed=seed,
    )
    return card_html.with_page(
        TrainedModel(
            onnx=onnx,
            profile=described,
            card=model_card,
            page=b"",
            background=population.dumps(),
            folds=folds.dumps(dataset.fingerprints, evaluation.probabilities, dataset.target == 1),
        )
    )
