"""The impact of a model on groups: counted as anybody would count, warned of, and never a reason to refuse."""

import numpy as np
import pytest
from numpy.typing import NDArray

from data.generate import generate
from jobchange import contract
from jobchange.registry.artifact import TrainedModel
from jobchange.statistics.impact import FourFifths
from jobchange.training.dataset import Dataset
from jobchange.training.evaluate import Evaluation
from jobchange.training.impact import impact, measure, proxy, warnings
from tests.support.labelled import dataset_of

FEMALE, MALE = contract.BY_NAME["gender"].levels[:2]


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return dataset_of("".join(generate(2_500, seed=9)).splitlines())


def evaluated(dataset: Dataset, predicted: NDArray[np.float64], threshold: float = 0.3) -> Evaluation:
    return Evaluation(predicted, np.zeros(len(dataset), dtype=np.int8), (), threshold, {}, {}, [])


def test_the_rates_are_those_of_the_groups_and_who_is_unknown_is_left_out(dataset: Dataset) -> None:
    predicted = np.random.default_rng(1).random(len(dataset))

    gender, education, experience = impact(dataset, evaluated(dataset, predicted))

    assert [each.column for each in (gender, education, experience)] == ["gender", "education_level", "experience"]
    genders = dataset.columns["gender"]
    assert gender.unknown == genders.count(None) > 0
    for called, above in zip(gender.called, gender.above_median, strict=True):
        members = np.array([value == called.group for value in genders])
        assert called.rows == above.rows == members.sum()
        assert called.selected == (predicted[members] >= 0.3).sum()
        assert above.selected == (predicted[members] > np.median(predicted)).sum()
    assert sum(each.rows for each in gender.called) + gender.unknown == len(dataset)


def test_a_group_that_is_called_too_rarely_is_warned_of() -> None:
    rows = 2_000
    women = np.arange(rows) < rows // 2
    predicted = np.where(women, 0.2, 0.4)
    predicted[:400], predicted[-100:] = 0.5, 0.1

    found = measure({("gender", FEMALE): women, ("gender", MALE): ~women}, predicted, 0.3)

    assert found[0].called[0].verdict is FourFifths.BELOW
    (sentence,) = warnings(found)
    assert sentence == (
        "By gender, these groups are called less than four fifths as often as the group that is called most often: "
        "Female (0.44)."
    )
    assert warnings(measure({("gender", FEMALE): women, ("gender", MALE): ~women}, np.full(rows, 0.5), 0.3)) == []


def test_features_that_tell_who_is_a_woman_are_found_out(dataset: Dataset) -> None:
    women = np.array([value == FEMALE for value in dataset.columns["gender"]])
    features = dataset.features.copy()
    telling = Dataset(dataset.columns, 0, {}, "")
    features[:, 0] = np.where(women, 0.9, 0.5)
    telling.__dict__["features"] = features
    predicted = np.random.default_rng(2).random(len(dataset))

    plain, revealed = (proxy(each, evaluated(each, predicted), 1) for each in (dataset, telling))

    assert plain is not None
    assert revealed is not None
    assert {plain.level, plain.other} == {FEMALE, MALE}
    # Little in generated candidates tells women from men.
    assert plain.features.low < 0.55
    assert revealed.features.value > 0.99
    assert plain.probability.low < 0.5 < plain.probability.high


def test_of_too_few_there_is_nothing_to_tell() -> None:
    few = dataset_of("".join(generate(80, seed=9)).splitlines())

    assert proxy(few, evaluated(few, np.linspace(0, 1, 80)), 1) is None


def test_the_card_shows_the_impact_and_its_warnings(trained: TrainedModel) -> None:
    page = trained.page.decode()

    assert [each["column"] for each in trained.card["impact"]] == ["gender", "education_level", "experience"]
    assert trained.status == "PASSED"
    assert trained.card["warnings"]
    for sentence in trained.card["warnings"]:
        assert sentence.replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;") in page
    assert "below four fifths" in page
    assert "This page isn't such an audit" in page
