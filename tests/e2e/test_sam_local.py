"""Each function run once by `sam local`, in a container beside LocalStack, with the event that is committed for it."""

import json
import os
from collections.abc import Callable
from typing import Any

import pytest

from infra import ROOT
from tests.support.stack import EMBEDDED, Stack, infra

pytestmark = pytest.mark.skipif(EMBEDDED, reason="a container can't reach the embedded emulator, which is on loopback")
SAMPLE = ROOT / "data" / "hr_data_sample.csv"


def answered(status: int, *words: str) -> Callable[[Any], bool]:
    return lambda payload: payload["statusCode"] == status and all(word in payload["body"] for word in words)


EXPECTED: dict[str, Callable[[Any], bool]] = {
    "validate": lambda payload: payload == {},
    "dispatch": lambda payload: payload.keys() == {"files", "parts"},
    "score": lambda payload: payload == {"batchItemFailures": []},
    "api": answered(200, '"probability"', '"will_change"'),
    "authorize": lambda payload: payload["context"]["role"] == "user",
    "ops": answered(404, "There is no model unknown"),
    "train": lambda payload: payload.keys() == {"version"},
    "data_request": lambda payload: payload == {"batchItemFailures": []},
    "watch": lambda payload: isinstance(payload, dict),
    "forward_alert": lambda payload: payload is None,
}


@pytest.fixture(scope="module")
def sample(stack: Stack) -> None:
    """The object that the validation's event tells of, scored so that a part of it can be scored again."""
    stack.scored(SAMPLE.name, SAMPLE.read_bytes())


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("function", EXPECTED)
def test_a_function_answers_its_event_in_a_container(stack: Stack, function: str) -> None:
    environment = os.environ | {"STACK": stack.outputs["stack"], "PYTHONPATH": str(ROOT / "layers" / "core")}

    payload = json.loads(infra("invoke", function, environment=environment))

    assert EXPECTED[function](payload), payload
