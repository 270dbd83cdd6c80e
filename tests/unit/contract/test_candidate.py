"""The request model says no to everything the contract doesn't allow, and reads the rest as ingestion does."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from jobchange import contract
from jobchange.contract import Column, Issue, Kind
from jobchange.contract.candidate import EXAMPLE, Candidate

CATEGORIES = [column for column in contract.STORED if not column.numeric]
NUMBERS = [column for column in contract.COLUMNS if column.numeric and column.name != contract.LABEL]
REQUIRED = [column for column in contract.STORED if not column.nullable]


def by_name(column: Column) -> str:
    return column.name


def candidate(**values: Any) -> Candidate:
    return Candidate(**(EXAMPLE | values))


def issue(**values: Any) -> str:
    """The one thing that is wrong with the example when it has these values."""
    with pytest.raises(ValidationError) as raised:
        candidate(**values)
    (error,) = raised.value.errors()
    assert error["loc"] == tuple(values)
    return error["type"]


def test_the_example_is_a_valid_candidate_of_every_column_but_the_label() -> None:
    assert candidate().features == {name: value for name, value in EXAMPLE.items() if name != contract.IDENTIFIER}
    assert set(EXAMPLE) == set(contract.NAMES) - {contract.LABEL}


@pytest.mark.parametrize("column", CATEGORIES, ids=by_name)
def test_every_level_is_accepted_as_it_is(column: Column) -> None:
    for level in column.levels:
        assert candidate(**{column.name: level}).features[column.name] == level


@pytest.mark.parametrize("column", CATEGORIES, ids=by_name)
def test_known_misspellings_and_padding_are_repaired_as_in_files(column: Column) -> None:
    for text, level in column.repairs.items():
        assert candidate(**{column.name: f" {text} "}).features[column.name] == level


@given(text=st.text(max_size=20), column=st.sampled_from(CATEGORIES))
def test_any_text_is_read_as_ingestion_cleans_it_or_refused(text: str, column: Column) -> None:
    reading = contract.read(column, text)
    if reading.issue is None:
        assert candidate(**{column.name: text}).features[column.name] == reading.value
    else:
        assert issue(**{column.name: text}) == reading.issue


def test_a_whole_number_is_read_as_the_level_of_that_name() -> None:
    assert candidate(experience=5).features["experience"] == "5"
    assert candidate(experience=5.0).features["experience"] == "5"
    assert candidate(last_new_job=1.0).features["last_new_job"] == "1"
    assert issue(experience=21) == Issue.UNKNOWN_CATEGORY
    assert issue(experience=True) == Issue.UNKNOWN_CATEGORY
    assert issue(experience=5.5) == Issue.UNKNOWN_CATEGORY
    assert issue(gender=1) == Issue.UNKNOWN_CATEGORY


@pytest.mark.parametrize("column", [column for column in contract.STORED if column.nullable], ids=by_name)
def test_what_may_be_missing_is_null_left_out_or_spelled_so(column: Column) -> None:
    without = {name: value for name, value in EXAMPLE.items() if name != column.name}
    assert Candidate(**without).features[column.name] is None
    for spelling in (None, "", " ", "NaN", "n/a"):
        assert candidate(**{column.name: spelling}).features[column.name] is None


@pytest.mark.parametrize("column", REQUIRED, ids=by_name)
def test_what_is_required_is_missed(column: Column) -> None:
    assert issue(**{column.name: None}) == Issue.MISSING_VALUE
    with pytest.raises(ValidationError) as raised:
        Candidate(**{name: value for name, value in EXAMPLE.items() if name != column.name})
    (error,) = raised.value.errors()
    assert (error["type"], error["loc"]) == ("missing", (column.name,))


def test_a_candidate_needs_no_number() -> None:
    assert candidate(enrollee_id=None).enrollee_id is None
    assert Candidate(**{name: value for name, value in EXAMPLE.items() if name != "enrollee_id"}).enrollee_id is None


@pytest.mark.parametrize("column", NUMBERS, ids=by_name)
def test_a_number_is_a_number_within_its_range(column: Column) -> None:
    assert column.minimum is not None
    assert column.maximum is not None
    for inside in (column.minimum, column.maximum):
        assert getattr(candidate(**{column.name: inside}), column.name) == inside
    for outside in (column.minimum - 1, column.maximum + 1, 10**400, -(10**400)):
        assert issue(**{column.name: outside}) == Issue.OUT_OF_RANGE
    no_numbers: list[Any] = ["1", "", True, [1], {}, math.nan, math.inf]
    for wrong in no_numbers:
        assert issue(**{column.name: wrong}) == Issue.WRONG_TYPE


def test_an_integer_may_be_written_with_a_point_but_not_with_a_fraction() -> None:
    hours = candidate(training_hours=36.0).features["training_hours"]
    assert (hours, type(hours)) == (36, int)
    assert issue(training_hours=36.5) == Issue.WRONG_TYPE


def test_the_label_is_accepted_and_ignored() -> None:
    assert "target" not in candidate(target=1).features
    assert "target" not in candidate(target="whatever").features


def test_an_unknown_field_is_refused_by_name() -> None:
    assert issue(favourite_colour="blue") == "extra_forbidden"


def test_everything_wrong_is_reported_at_once() -> None:
    with pytest.raises(ValidationError) as raised:
        candidate(gender="X", training_hours="12", city=None, colour="blue")
    wrong = {error["loc"] for error in raised.value.errors()}
    assert wrong == {("gender",), ("training_hours",), ("city",), ("colour",)}


def test_a_refusal_says_what_would_be_right() -> None:
    with pytest.raises(ValidationError) as raised:
        candidate(gender="{value}")
    (error,) = raised.value.errors()
    assert error["msg"] == "Not a valid value. Choose one of: Female, Male, Other; or leave it out."


def test_a_near_miss_is_named() -> None:
    with pytest.raises(ValidationError) as raised:
        candidate(education_level="masters")
    (error,) = raised.value.errors()
    assert error["msg"].endswith("Did you mean “Masters”?")


def test_the_schema_describes_every_column_with_its_levels_and_range() -> None:
    properties = Candidate.model_json_schema()["properties"]

    assert list(properties) == list(contract.NAMES)
    for column in contract.STORED:
        described = properties[column.name]
        assert described["title"] == column.label
        assert described["description"] == column.help
        if column.numeric:
            assert (described["minimum"], described["maximum"]) == (column.minimum, column.maximum)
        else:
            assert [level for level in described["enum"] if level is not None] == list(column.levels)
            assert (None in described["enum"]) == column.nullable
    assert properties["training_hours"]["type"] == Kind.INTEGER.value


def test_features_survive_json() -> None:
    assert json.loads(json.dumps(candidate().features)) == candidate().features
