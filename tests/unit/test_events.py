"""The events that are committed for trying functions out."""

import json

import pytest

from infra import ROOT
from infra.build.template import read_template, short_name

FUNCTIONS = [
    short_name(name)
    for name, each in read_template()["Resources"].items()
    if each["Type"] == "AWS::Serverless::Function"
]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_has_an_event_to_try_it_out_with(function: str) -> None:
    event = json.loads((ROOT / "tests" / "events" / f"{function}.json").read_text())

    assert isinstance(event, dict)


def test_no_event_holds_a_token() -> None:
    for path in (ROOT / "tests" / "events").glob("*.json"):
        assert "jc_" not in path.read_text()
