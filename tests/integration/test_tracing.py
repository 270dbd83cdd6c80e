"""Traces where X-Ray is, and nothing of its SDK where it isn't."""

from typing import Any

import pytest

from jobchange.aws import telemetry
from jobchange.settings import settings
from tests.support.functions import Context
from tests.support.rest import loaded_at_start

pytestmark = pytest.mark.usefixtures("aws")


def greet(event: dict[str, Any], _: Any) -> str:
    return f"hello {event['name']}"


@pytest.mark.parametrize("tracing", ["Active", "PassThrough"])
def test_a_function_answers_the_same_traced_or_not(tracing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACING", tracing)
    settings.cache_clear()
    telemetry._tracing.cache_clear()

    assert telemetry.handler(greet)({"name": "x"}, Context()) == "hello x"
    assert (telemetry._tracing(greet) is greet) == (tracing == "PassThrough")
    telemetry._tracing.cache_clear()


def test_where_nobody_takes_traces_the_sdk_is_not_loaded() -> None:
    assert loaded_at_start("aws_xray_sdk") == set()
