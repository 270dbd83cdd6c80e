"""Contributions are exact Shapley values against a whole population: they add up, and agree with the definition."""

from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from data.generate import generate
from jobchange import contract
from jobchange.contract import Column
from jobchange.contract.encoder import FEATURES, encode
from jobchange.registry.artifact import INPUT, LOG_ODDS, TrainedModel
from jobchange.registry.background import Background
from jobchange.scoring.explain import explain
from jobchange.scoring.model import Model, _session
from jobchange.training.background import background
from jobchange.training.dataset import Dataset
from jobchange.training.export import export
from jobchange.training.fit import fit, probabilities
from tests.support.labelled import dataset_of

POPULATION = 30
CALLED_FROM = 0.25


@pytest.fixture(scope="module")
def model(trained: TrainedModel) -> Model:
    return Model("any", trained.profile, _session(trained.onnx))


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The rows that `trained` was trained on."""
    return dataset_of("".join(generate(600, seed=5)).splitlines())


@pytest.fixture(scope="module")
def unseen() -> list[dict[str, Any]]:
    columns = dataset_of("".join(generate(600, seed=55)).splitlines()).columns
    names = [column.name for column in contract.FEATURES]
    return [dict(zip(names, row, strict=True)) for row in zip(*(columns[name] for name in names), strict=True)]


@pytest.fixture(scope="module")
def whole(trained: TrainedModel) -> Background:
    return Background.loads(trained.background)


def log_odds(model: Model, encoded: NDArray[np.float32]) -> NDArray[np.float64]:
    (column,) = model._session.run([LOG_ODDS], {INPUT: encoded})
    return np.asarray(column[:, 0], dtype=np.float64)


def values(column: Column) -> st.SearchStrategy[Any]:
    if not column.numeric:
        return st.sampled_from([None, *column.levels])
    assert column.minimum is not None
    assert column.maximum is not None
    return st.floats(column.minimum, column.maximum) | st.integers(int(column.minimum), int(column.maximum))


candidates = st.fixed_dictionaries({column.name: values(column) for column in contract.FEATURES})


@settings(max_examples=50, deadline=None)
@given(candidate=candidates)
def test_contributions_add_up_to_the_prediction(model: Model, whole: Background, candidate: dict[str, Any]) -> None:
    explanation = explain(candidate, whole)

    encoded, found = encode([candidate]), explanation.contributions
    assert explanation.base + sum(each.contribution for each in found) == pytest.approx(
        log_odds(model, encoded)[0], abs=1e-5
    )
    assert explanation.average + sum(each.points for each in found) == pytest.approx(
        model.probabilities(encoded)[0], abs=1e-6
    )
    assert sorted(each.feature for each in found) == sorted(FEATURES)
    assert all(each.value == candidate[each.feature] for each in found)
    sizes = [abs(each.points) for each in found]
    assert sizes == sorted(sizes, reverse=True)


def test_base_and_average_are_the_means_of_the_training_rows(
    model: Model, whole: Background, dataset: Dataset, unseen: list[dict[str, Any]]
) -> None:
    explanation = explain(unseen[0], whole)

    assert explanation.base == pytest.approx(log_odds(model, dataset.features).mean(), abs=1e-6)
    assert explanation.average == pytest.approx(model.probabilities(dataset.features).mean(), abs=1e-6)


def test_contributions_are_what_shapleys_formula_says(
    model: Model, trained: TrainedModel, dataset: Dataset, unseen: list[dict[str, Any]]
) -> None:
    rows = dataset.features[:POPULATION]
    population = background(trained.onnx, rows)
    count = len(FEATURES)
    off = []
    for candidate in unseen[:5]:
        encoded = encode([candidate])[0]
        coalitions = [some for size in range(count + 1) for some in combinations(range(count), size)]
        mixed = np.stack([np.where(np.isin(np.arange(count), some), encoded, rows) for some in coalitions])
        scores = log_odds(model, mixed.reshape(-1, count)).reshape(len(coalitions), len(rows))
        worth = dict(zip(coalitions, scores.mean(axis=1), strict=True))
        chance = dict(zip(coalitions, (1 / (1 + np.exp(-scores))).mean(axis=1), strict=True))

        for each in explain(candidate, population).contributions:
            feature = FEATURES.index(each.feature)
            exact, exact_points = 0.0, 0.0
            for some in coalitions:
                if feature not in some:
                    weight = factorial(len(some)) * factorial(count - len(some) - 1) / factorial(count)
                    joined = tuple(sorted((*some, feature)))
                    exact += weight * (worth[joined] - worth[some])
                    exact_points += weight * (chance[joined] - chance[some])
            assert each.contribution == pytest.approx(exact, abs=1e-6)
            off.append(abs(each.points - exact_points))
    assert np.mean(off) < 0.01
    assert max(off) < 0.05


def test_the_first_reason_of_who_is_not_called_seldom_speaks_for(unseen: list[dict[str, Any]]) -> None:
    # Against one typical candidate, who was far below the average, it did so for four of five.
    dataset = dataset_of("".join(generate(4_000, seed=7)).splitlines())
    fitted = fit(dataset.features, dataset.target, seed=1)
    population = background(export(fitted), dataset.features)
    below = [
        each for each, p in zip(unseen, probabilities(fitted, encode(unseen)).tolist(), strict=True) if p < CALLED_FROM
    ]

    misleading = sum(explain(each, population).contributions[0].points > 0 for each in below)

    assert len(below) > 300
    assert misleading < 0.05 * len(below)


def test_a_feature_in_which_everybody_is_alike_has_no_part(trained: TrainedModel, dataset: Dataset) -> None:
    same = dataset.features.copy()
    same[:, FEATURES.index("training_hours")] = 40
    population = background(trained.onnx, same)

    contributions = explain({"training_hours": 40}, population).contributions

    hours = next(each for each in contributions if each.feature == "training_hours")
    assert (hours.contribution, hours.points) == (0.0, 0.0)
    assert not np.signbit([hours.contribution, hours.points]).any()


def test_a_background_survives_its_file(whole: Background) -> None:
    again = Background.loads(whole.dumps())

    assert again.dumps() == whole.dumps()
    assert (again.population, again.intercept, again.average) == (600, whole.intercept, whole.average)
    assert whole.rows.sum() == 600 * len(whole.value)


def test_a_population_is_ranked_from_0_to_1(model: Model) -> None:
    ranks = [model.above(probability) for probability in (0.0, *model.profile["quantiles"][1:-1:100], 1.0)]

    assert ranks == sorted(ranks)
    assert (ranks[0], ranks[-1]) == (0.0, 1.0)
    assert model.above(model.profile["quantiles"][500]) == pytest.approx(0.5, abs=0.01)
