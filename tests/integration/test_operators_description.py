"""The operators' routes are described beside the API's: the ops function has these routes, and answers so."""

import json
from functools import partial
from typing import Any

import jsonschema
import pytest

from jobchange.access import tokens
from jobchange.alerting.watch import watch
from jobchange.aws import clients
from jobchange.aws.messages import ScorePart
from jobchange.aws.queues import Queue
from jobchange.contract import Criticality
from jobchange.monitoring.check import Check, CheckResult
from jobchange.privacy import erasure_requests
from jobchange.registry import lifecycle
from jobchange.registry.artifact import TrainedModel
from jobchange.store import alerts, runs
from jobchange.store.files import Status
from jobchange.store.outbox import AlertState
from tests.support.file_records import an_upload, claimed, finish
from tests.support.functions import Context, load_handler
from tests.support.operator_calls import called
from tests.support.queues import bury, queues
from tests.support.rest import call as call_api

__all__ = ["queues"]
IN_PATH = ("version", "file_id", "enrollee_id")
pytestmark = pytest.mark.usefixtures("queues")


@pytest.fixture
def described() -> dict[str, Any]:
    found: dict[str, Any] = call_api("GET", "/openapi.json").json
    return found


def call(method: str, path: str, body: Any = None, **parameters: str) -> tuple[int, Any, str]:
    """Call a route as an operator; the status, the document and its media type."""
    token = tokens.issue("ops", role="operator", source="api", days=1)
    answer = load_handler("ops").app(
        called(method, path, body, authorization=f"Bearer {token}", **parameters), Context()
    )
    # The gateway takes an answer without a type for JSON.
    media_type = answer["headers"].get("Content-Type", "application/json")
    return answer["statusCode"], json.loads(answer["body"]), media_type


def check(described: dict[str, Any], method: str, path: str, body: Any = None, **parameters: str) -> int:
    """Call a route and hold its answer to the description; the status."""
    status, document, media_type = call(method, path, body, **parameters)
    operation = described["paths"][path][method.lower()]
    schema = operation["responses"][str(status)]["content"][media_type]["schema"]
    jsonschema.validate(document, {**schema, "components": described["components"]})
    properties = described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]["properties"]
    assert set(document) <= set(properties)
    return status


def test_the_ops_function_has_the_routes_that_are_described(described: dict[str, Any]) -> None:
    routes = {(method, path) for path, methods in load_handler("ops").app.routes.items() for method in methods}

    assert routes == {
        (method.upper(), path)
        for path, methods in described["paths"].items()
        if path.startswith("/ops/")
        for method in methods
    }


def test_no_route_takes_other_parameters_in_its_query_than_those_described(described: dict[str, Any]) -> None:
    operations = {
        (method.upper(), path): operation
        for path, methods in described["paths"].items()
        if path.startswith("/ops/")
        for method, operation in methods.items()
    }
    authorization = f"Bearer {tokens.issue('ops', role='operator', source='api', days=1)}"

    for (method, path), operation in operations.items():
        event = called(method, path, authorization=authorization, query="enrollee=4711", **dict.fromkeys(IN_PATH, "1"))
        answer = load_handler("ops").app(event, Context())

        assert answer["statusCode"] == 422
        document = json.loads(answer["body"])
        schema = operation["responses"]["422"]["content"]["application/problem+json"]["schema"]
        jsonschema.validate(document, {**schema, "components": described["components"]})
        known = [each["name"] for each in operation.get("parameters", []) if each["in"] == "query"]
        reason = f"There is no such parameter. This address takes {', '.join(known) or 'none'}."
        assert document["errors"] == [{"row": None, "field": "enrollee", "reason": reason}]
    # The run keeps neither the name nor the value of what was sent.
    recorded = runs.list_newest(limit=50, cursor=None)[0]
    assert len(recorded) == len(operations)
    assert all("enrollee" not in run["reason"] and "4711" not in run["reason"] for run in recorded)


def test_what_is_asked_of_models_is_answered_as_described(
    described: dict[str, Any], trained: TrainedModel, rival: TrainedModel
) -> None:
    first, second = lifecycle.register(trained), lifecycle.register(rival)

    forced = {"force": True, "reason": "the other one is worse"}
    promote, challenge = "/ops/models/{version}/promote", "/ops/models/{version}/challenge"

    assert check(described, "POST", promote, version=first) == 200
    assert check(described, "POST", promote, forced, version=second) == 200
    assert check(described, "POST", promote, version="none") == 404
    assert check(described, "POST", promote, {"force": 1}, version=first) == 400
    assert check(described, "POST", promote, {"reason": "x" * 10_000}, version=first) == 413
    threshold = "/ops/models/{version}/threshold"
    assert check(described, "POST", threshold, {"missed": 5, "reason": "Two more callers."}, version=first) == 200
    assert check(described, "POST", threshold, {"capacity": 0.1, "reason": "One less."}, version=first) == 200
    for wrong in (None, {"reason": "x"}, {"missed": 5}, {"missed": 5, "reason": "x" * 501}):
        assert check(described, "POST", threshold, wrong, version=first) == 400
    assert check(described, "POST", threshold, {"missed": 5, "reason": "x"}, version="none") == 404
    assert check(described, "POST", challenge, version=first) == 200
    assert check(described, "POST", challenge, version=second) == 409
    assert check(described, "DELETE", "/ops/challenger") == 200
    assert check(described, "POST", "/ops/models/rollback") == 200


def test_a_training_is_started_as_described(described: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients.functions(), "invoke", lambda **_: None)

    assert check(described, "GET", "/ops/train") == 200
    assert check(described, "POST", "/ops/train") == 202
    assert check(described, "POST", "/ops/train", {"missed": 3}) == 202
    assert check(described, "POST", "/ops/train", {"fast": True}) == 400
    assert check(described, "POST", "/ops/train", {"missed": 0}) == 400


def test_dead_letters_are_shown_and_redriven_as_described(described: dict[str, Any]) -> None:
    bury(Queue.SCORE, ScorePart(file_id="f1", part=1))
    bury(Queue.INGEST, "no JSON")

    assert check(described, "GET", "/ops/dlq") == 200
    assert check(described, "POST", "/ops/dlq/redrive", {"queue": "score"}) == 200
    assert check(described, "POST", "/ops/dlq/redrive", {"queue": "other"}) == 400


def test_alerts_are_acknowledged_and_resolved_as_described(described: dict[str, Any]) -> None:
    def fails() -> CheckResult:
        return CheckResult(failing=True, figures={}, sentence="It fails.")

    check_of = partial(Check, name="lag", title="Lag", criticality=Criticality.MAJOR, what_to_do="Look.", view="files")
    watch([check_of(find=fails)])
    (alert,), _ = alerts.list_newest(AlertState.OPEN, limit=1)

    for path in ("/ops/alerts/acknowledge", "/ops/alerts/resolve"):
        assert check(described, "POST", path, {"id": alert.id}) == 200
        assert check(described, "POST", path, {"id": "none"}) == 404
        assert check(described, "POST", path, {"name": alert.id}) == 400
        assert check(described, "POST", path, {"id": "x" * 10_000}) == 413


def test_a_replay_and_an_erasure_are_answered_as_described(
    described: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure_requests, "PATIENCE_SECONDS", 0)
    claim = claimed(an_upload("f1"))

    assert check(described, "POST", "/ops/files/{file_id}/replay", file_id="f1") == 409
    finish(claim, parts=0, status=Status.REJECTED)
    assert check(described, "POST", "/ops/files/{file_id}/replay", file_id="f1") == 202
    assert check(described, "POST", "/ops/files/{file_id}/replay", file_id="none") == 404
    assert check(described, "DELETE", "/ops/candidates/{enrollee_id}", enrollee_id="4711") == 202
    assert check(described, "DELETE", "/ops/candidates/{enrollee_id}", enrollee_id="none") == 404
    assert check(described, "GET", "/ops/candidates/{enrollee_id}", enrollee_id="4711") == 200
    assert check(described, "GET", "/ops/candidates/{enrollee_id}", enrollee_id="none") == 404
    assert check(described, "GET", "/ops/candidates/{enrollee_id}", query="cursor=none", enrollee_id="4711") == 400


def test_what_a_promotion_may_say_is_what_the_function_takes(described: dict[str, Any]) -> None:
    promotion = described["components"]["schemas"]["Promotion"]["properties"]
    (text, _) = promotion["reason"]["anyOf"]

    assert set(promotion) == {"force", "reason"}
    longest = {"force": True, "reason": "x" * text["maxLength"]}
    assert call("POST", "/ops/models/{version}/promote", longest, version="none")[0] == 404
    longer = {"force": True, "reason": "x" * (text["maxLength"] + 1)}
    assert call("POST", "/ops/models/{version}/promote", longer, version="none")[0] == 400
