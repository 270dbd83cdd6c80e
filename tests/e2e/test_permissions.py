"""A stack on which permissions count, as on AWS: of its functions, its gateway, and its buckets."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.stack import Stack, deployed, embedded_only, patiently, request

pytestmark = embedded_only("LocalStack's community edition checks no permission, and calls no authorizer")

_REFUSED = "The token is missing, unknown or expired. Ask for a new one."
"""The gateway's own words (template.yaml); the function has others."""


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with deployed("roles") as (stack, _):
        yield stack


def logged(stack: Stack, function: str) -> list[str]:
    """What a function has logged."""
    logs, group = stack.aws("logs"), stack.resources[f"{function.removesuffix('Function')}Logs"]
    try:
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        return [event["message"] for page in pages for event in page["events"]]
    except logs.exceptions.ResourceNotFoundException:
        return []


def invoke(stack: Stack, function: str) -> dict[str, Any]:
    answer: dict[str, Any] = stack.aws("lambda").invoke(FunctionName=stack.resources[function], Payload=b"{}")
    return answer


def test_a_function_given_anothers_role_fails_and_its_log_says_that_access_was_denied(stack: Stack) -> None:
    functions, mine = stack.aws("lambda"), stack.resources["DispatchFunction"]
    own = functions.get_function_configuration(FunctionName=mine)
    # The emulator starts a function again, with the keys of its role, when its time limit is set.
    limit = own["Timeout"]
    anothers = functions.get_function_configuration(FunctionName=stack.resources["AuthorizeFunction"])["Role"]
    assert "FunctionError" not in invoke(stack, "DispatchFunction")

    functions.update_function_configuration(FunctionName=mine, Role=anothers, Timeout=limit)
    refused = invoke(stack, "DispatchFunction")
    functions.update_function_configuration(FunctionName=mine, Role=own["Role"], Timeout=limit)

    assert "FunctionError" in refused
    for _ in patiently("the refusal to be in the log"):
        if any("AccessDenied" in line for line in logged(stack, "DispatchFunction")):
            break
    assert "FunctionError" not in invoke(stack, "DispatchFunction")


@pytest.mark.parametrize("token", [None, "jc_forged"])
def test_a_call_without_a_valid_token_is_refused_by_the_gateway_itself(stack: Stack, token: str | None) -> None:
    answer = stack.call("GET", "/runs", token=token)

    assert answer.status == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["detail"] == _REFUSED


def test_what_the_gateway_refuses_reaches_no_function_and_is_no_failure_of_the_authorizer(stack: Stack) -> None:
    for _ in range(3):
        assert stack.call("GET", "/runs", token="jc_guessed").status == 401

    assert not any("jc_guessed" in line or "/runs" in line for line in logged(stack, "ApiFunction"))
    assert not any('"level":"ERROR"' in line for line in logged(stack, "AuthorizeFunction"))


def test_nobody_reads_or_lists_the_lake_without_credentials_and_everybody_reads_the_page(stack: Stack) -> None:
    stack.drop("private.csv", b"enrollee_id\n")
    lake = f"{stack.outputs['endpoint_url']}/{stack.outputs['lake_bucket']}"

    for address in (lake, f"{lake}/raw/private.csv", f"{lake}/raw/nothing.csv", f"{lake}?versions"):
        assert request(address, "GET", None, {}).status == 403
    assert request(f"{lake}/raw/mine.csv", "PUT", b"x", {}).status == 403
    page = stack.outputs["site_url"]
    assert request(page, "GET", None, {}).status == 200
    assert request(page, "PUT", b"x", {}).status == 403
    assert request(page.removesuffix("index.html"), "GET", None, {}).status == 403
