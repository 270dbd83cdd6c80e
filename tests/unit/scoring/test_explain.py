"""Contributions are exact Shapley values: they add up, and agree with the definition."""

from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobchange import contract
from jobchange.contract import Column
from jobchange.contract.encoder import FEATURES, encode
from jobchange.registry.artifact import TrainedModel
from jobchange.scoring.explain import explain
from jobchange.scoring.model import Model, _session


@pytest.fixture(scope="module")
def model(trained: TrainedModel) -> Model:
    return Model("any", trained.profile, _session(trained.onnx))


def values(column: Column) -> st.SearchStrategy[Any]:
    if not column.numeric:
        return st.sampled_from([None, *column.levels])
    assert column.minimum is not None
    assert column.maximum is not None
    return st.floats(column.minimum, column.maximum) | st.integers(int(column.minimum), int(column.maximum))


candidates = st.fixed_dictionaries({column.name: values(column) for column in contract.FEATURES})


@settings(max_examples=50, deadline=None)
@given(candidate=candidates)
def test_contributions_add_up_to_the_difference_in_log_odds(model: Model, candidate: dict[str, Any]) -> None:
    (contributions,) = explain([candidate], model)

    own, reference = model.log_odds(encode([candidate, model.profile["reference"]]))
    assert sum(each.contribution for each in contributions) == pytest.approx(own - reference, abs=1e-5)
    assert sorted(each.feature for each in contributions) == sorted(FEATURES)
    assert all(each.value == candidate[each.feature] for each in contributions)
    sizes = [abs(each.contribution) for each in contributions]
    assert sizes == sorted(sizes, reverse=True)


def test_a_contribution_is_what_shapleys_formula_says(model: Model) -> None:
    reference = model.profile["reference"]
    candidate = {
        "city_development_index": 0.624,
        "relevent_experience": "No relevent experience",
        "enrolled_university": "Full time course",
        "education_level": "High School",
        "major_discipline": None,
        "experience": "<1",
        "company_size": None,
        "company_type": None,
        "last_new_job": "never",
        "training_hours": 8,
    }

    def worth(coalition: tuple[str, ...]) -> float:
        mixed = {name: (candidate if name in coalition else reference)[name] for name in FEATURES}
        return float(model.log_odds(encode([mixed]))[0])

    (contributions,) = explain([candidate], model)

    count = len(FEATURES)
    for each in (contributions[0], contributions[-1]):
        others = [name for name in FEATURES if name != each.feature]
        expected = sum(
            factorial(size)
            * factorial(count - size - 1)
            / factorial(count)
            * (worth((*some, each.feature)) - worth(some))
            for size in range(count)
            for some in combinations(others, size)
        )
        assert each.contribution == pytest.approx(expected, abs=1e-6)


def test_the_reference_itself_has_nothing_to_explain(model: Model) -> None:
    (contributions,) = explain([model.profile["reference"]], model)

    assert [each.contribution for each in contributions] == [0.0] * len(FEATURES)
    assert not any(np.signbit(each.contribution) for each in contributions)
