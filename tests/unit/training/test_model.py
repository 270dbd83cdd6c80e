"""Training: honest metrics, the same model from the same data, and ONNX that says what scikit-learn says."""

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from data.generate import generate
from infra import ROOT
from jobchange import contract
from jobchange.contract.encoder import FEATURES
from jobchange.errors import Unprocessable
from jobchange.registry.artifact import TrainedModel
from jobchange.registry.threshold import CAPACITY, COST, ThresholdRule
from jobchange.statistics.calibration import calibration_error
from jobchange.training import trees
from jobchange.training.dataset import Dataset
from jobchange.training.evaluate import QUANTILES, cross_validate, quantiles
from jobchange.training.export import export
from jobchange.training.fit import fit, probabilities
from jobchange.training.train import train
from tests.support.labelled import dataset_of


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return dataset_of("".join(generate(3_000, seed=9)).splitlines())


@pytest.fixture(scope="module")
def model(dataset: Dataset) -> Any:
    return fit(dataset.features, dataset.target, seed=1)


@pytest.fixture(scope="module")
def exported(model: Any) -> bytes:
    return export(model)


@pytest.fixture(scope="module")
def session(exported: bytes) -> InferenceSession:
    return InferenceSession(exported, providers=["CPUExecutionProvider"])


@pytest.fixture(scope="module")
def edges(model: Any) -> list[float]:
    """Every threshold of the trees with its neighbours in float32, where rounding would show."""
    nodes = np.concatenate([tree.nodes for (tree,) in model._predictors])
    near = nodes["num_threshold"][nodes["is_leaf"] == 0].astype(np.float32)
    near = np.unique(near[np.isfinite(near)])
    infinity = np.float32(np.inf)
    return list(np.concatenate([near, np.nextafter(near, infinity), np.nextafter(near, -infinity)]).tolist())


@pytest.mark.large
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_onnx_agrees_with_scikit_learn_within_a_millionth(
    model: Any, exported: bytes, session: InferenceSession, edges: list[float], data: st.DataObject
) -> None:
    number = st.just(np.nan) | st.sampled_from(edges) | st.floats(-2, 1_100, width=32)
    rows = data.draw(arrays(np.float32, (5, len(FEATURES)), elements=number, fill=st.nothing()))

    log_odds, probability = session.run(["log_odds", "probability"], {"features": rows})

    np.testing.assert_allclose(probability[:, 0], probabilities(model, rows), rtol=0, atol=1e-6)
    np.testing.assert_allclose(log_odds[:, 0], model.decision_function(rows), rtol=0, atol=1e-5)
    # Where the runtime isn't at hand, numpy says the same.
    np.testing.assert_allclose(trees.probabilities(exported, rows), probability[:, 0], rtol=0, atol=1e-6)


def test_onnx_agrees_with_scikit_learn_on_all_of_the_training_rows(
    model: Any, session: InferenceSession, dataset: Dataset
) -> None:
    (probability,) = session.run(["probability"], {"features": dataset.features})

    np.testing.assert_allclose(probability[:, 0], probabilities(model, dataset.features), rtol=0, atol=1e-6)


def test_the_same_data_and_seed_give_the_same_model(dataset: Dataset, model: Any) -> None:
    assert export(fit(dataset.features, dataset.target, seed=1)) == export(model)


def test_of_a_column_in_which_nobody_has_a_value_nothing_is_learned(dataset: Dataset) -> None:
    features = dataset.features[:500].copy()
    features[:, 3] = np.nan

    model = fit(features, dataset.target[:500], seed=1)

    predicted = probabilities(model, features)
    session = InferenceSession(export(model), providers=["CPUExecutionProvider"])
    for value in (np.nan, 0, 5):
        features[:, 3] = value
        np.testing.assert_array_equal(probabilities(model, features), predicted)
        (probability,) = session.run(["probability"], {"features": features})
        np.testing.assert_allclose(probability[:, 0], predicted, rtol=0, atol=1e-6)


@pytest.mark.large
def test_every_row_is_tested_once_by_a_model_that_has_not_seen_it(dataset: Dataset) -> None:
    progress: list[str] = []
    shuffled = np.random.default_rng(3).permutation(dataset.target)

    evaluation = cross_validate(dataset.features, shuffled, 1, progress.append)

    # A model tested on its own training rows would do far better than chance here.
    assert evaluation.metrics["roc_auc"] == pytest.approx(0.5, abs=0.05)
    assert len(progress) == len(set(evaluation.folds.tolist())) == 5
    shares = [shuffled[evaluation.folds == fold].mean() for fold in range(5)]
    assert max(shares) - min(shares) < 0.01


@given(missed=st.floats(0.01, 1_000))
def test_a_threshold_by_cost_is_where_a_call_is_worth_as_much_as_none(missed: float) -> None:
    threshold = ThresholdRule(COST, missed).threshold([0.1, 0.9])

    assert missed * threshold == pytest.approx(1 - threshold)


@given(share=st.floats(0.001, 1), rows=st.integers(1, 3_000))
def test_a_threshold_by_capacity_fills_its_places_and_no_more(share: float, rows: int) -> None:
    predicted = np.random.default_rng(rows).beta(0.5, 1.5, rows)

    called = np.mean(predicted >= ThresholdRule(CAPACITY, share).threshold(quantiles(predicted)))

    assert called == pytest.approx(share, abs=1 / rows + 2 / QUANTILES)


@pytest.mark.parametrize(
    ("kind", "value"),
    [(COST, 0), (COST, -1), (COST, 1_001), (COST, float("nan")), (CAPACITY, 0.0009), (CAPACITY, 2)],
)
def test_a_rule_that_cannot_be_meant_is_refused(kind: Any, value: float) -> None:
    with pytest.raises(ValueError, match=r"0\.001 to 1"):
        ThresholdRule(kind, value)


def test_a_rule_is_read_as_it_was_declared() -> None:
    for rule, sentence in (
        (ThresholdRule(COST, 3), "A missed candidate counts as much as 3 false alarms."),
        (ThresholdRule(COST, 1), "A missed candidate counts as much as 1 false alarm."),
        (ThresholdRule(CAPACITY, 0.125), "12.5% of all candidates can be called, the most probable ones."),
    ):
        assert rule.sentence == sentence
        assert ThresholdRule.read(json.loads(json.dumps(rule.declared()))) == rule


@pytest.mark.large
def test_the_order_of_the_rows_changes_neither_metrics_nor_threshold(dataset: Dataset) -> None:
    rows, rule = 1_000, ThresholdRule(CAPACITY, 0.3)
    order = np.random.default_rng(4).permutation(rows)
    features, target = dataset.features[:rows], dataset.target[:rows]

    first, second = (
        cross_validate(features[by], target[by], 1, lambda _: None, rule) for by in (np.arange(rows), order)
    )

    # To the last digits, in which sums of floats depend on their order.
    assert first.metrics == pytest.approx(second.metrics, abs=1e-12)
    assert first.threshold == second.threshold
    np.testing.assert_array_equal(first.probabilities[order], second.probabilities)


def test_the_calibration_error_is_the_gap_between_probability_and_share() -> None:
    target = np.array([1, 0, 0, 0] * 25, dtype=np.int8)

    assert calibration_error(target, np.full(100, 0.25)) == pytest.approx(0)
    assert calibration_error(target, np.full(100, 0.95)) == pytest.approx(0.7)
    assert calibration_error(target, np.ones(100)) == pytest.approx(0.75)


def test_the_profile_says_what_the_model_was_trained_on(trained: TrainedModel) -> None:
    profile = trained.profile

    assert profile["rows"] == trained.card["data"]["rows"] == sum(profile["scores"])
    assert set(profile["histograms"]) == {column.name for column in contract.COLUMNS if column.bins}
    for name, counts in profile["histograms"].items():
        assert len(counts) == len(contract.BY_NAME[name].bins)
        assert sum(counts) == profile["rows"]
    assert profile["quantiles"] == sorted(profile["quantiles"])
    assert len(profile["quantiles"]) == QUANTILES
    assert (profile["threshold"], profile["threshold_rule"]["kind"]) == (0.25, "cost")
    assert profile["threshold_rule"] == trained.card["threshold_rule"]
    assert json.loads(json.dumps(profile, allow_nan=False)) == profile
    assert json.loads(json.dumps(trained.card, allow_nan=False)) == trained.card


def test_the_probes_try_every_feature_missing(trained: TrainedModel) -> None:
    probes = trained.profile["probes"]

    rows: NDArray[np.float32] = np.array(probes["rows"], dtype=np.float32)
    assert rows.shape == (len(probes["probabilities"]), len(FEATURES))
    assert np.isnan(rows[0]).all()
    assert np.isnan(rows[1:]).any(axis=0).all()


@pytest.mark.large
def test_training_needs_neither_pandas_nor_the_models_runtime() -> None:
    # The function that trains has no room for them.
    script = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name in ("pandas", "onnxruntime"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
from data.generate import generate
from tests.support.labelled import dataset_of
from jobchange.training.run import train
assert train(dataset_of("".join(generate(300, 5)).splitlines())).onnx
"""
    subprocess.run([sys.executable, "-c", script], check=True, env={"PYTHONPATH": ":".join(sys.path)}, cwd=ROOT)


def test_too_few_candidates_of_one_outcome_are_refused() -> None:
    header, *rows = "".join(generate(200, seed=1)).splitlines()
    unwanted = [row for row in rows if row.endswith("0.0")]

    with pytest.raises(Unprocessable, match="each outcome"):
        train(dataset_of([header, *unwanted]))
