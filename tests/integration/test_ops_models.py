"""The operators' routes about models: what they do, who may, what is answered and what is written down."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from jobchange.access import tokens
from jobchange.aws import clients
from jobchange.registry import lifecycle
from jobchange.registry.artifact import TrainedModel
from jobchange.settings import settings
from jobchange.store import models, runs
from tests.support.functions import Context, load_handler
from tests.support.operator_calls import called

pytestmark = pytest.mark.usefixtures("aws")

Post = Callable[..., tuple[int, Any]]


@pytest.fixture
def call() -> Post:
    """Call a route as API Gateway does; gives the status and the document."""
    app = load_handler("ops").app
    issued = {role: tokens.issue(f"an {role}", role=role, source="api", days=1) for role in ("user", "operator")}

    def call(method: str, resource: str, body: Any = None, *, role: str = "operator", version: str = "") -> Any:
        authorization = f"Bearer {issued.get(role, role)}"
        answer = app(called(method, resource, body, authorization=authorization, version=version), Context())
        return answer["statusCode"], json.loads(answer["body"])

    return call


@pytest.mark.parametrize(
    ("site", "origin"), [("https://page.example/a/index.html", "https://page.example"), ("", None)]
)
def test_only_the_projects_own_page_may_read_an_answer(
    site: str, origin: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_URL", site)
    settings.cache_clear()
    answer = load_handler("ops").app(called("POST", "/ops/models/rollback"), Context())

    assert answer["statusCode"] == 401
    assert answer["headers"].get("Access-Control-Allow-Origin") == origin


def versions(trained: TrainedModel) -> tuple[str, str]:
    older = replace(trained, profile={**trained.profile, "trained_at": "2026-01-01T00:00:00.000Z"})
    return lifecycle.register(older), lifecycle.register(trained)


def failing(trained: TrainedModel) -> str:
    gates = [{**gate, "passed": False, "sentence": "Not good."} for gate in trained.gates]
    return lifecycle.register(replace(trained, card={**trained.card, "gates": gates}))


def last_run() -> tuple[str, str, str]:
    run = runs.list_newest(limit=1)[0][0]
    return run["kind"], run["status"], run["reason"]


def test_a_model_is_promoted_challenged_withdrawn_and_rolled_back(call: Post, trained: TrainedModel) -> None:
    first, second = versions(trained)

    assert call("POST", "/ops/models/{version}/promote", version=first) == (
        200,
        {"champion": first, "challenger": None, "previous": None},
    )
    assert last_run() == ("operator", "SUCCEEDED", f"an operator: promote {first}")
    assert call("POST", "/ops/models/{version}/challenge", version=second)[1]["challenger"] == second
    assert last_run()[2] == f"an operator: challenge with {second}"
    assert call("DELETE", "/ops/challenger")[1]["challenger"] is None
    assert call("POST", "/ops/models/{version}/promote", {"force": False, "reason": None}, version=second)[0] == 200
    assert call("POST", "/ops/models/rollback") == (
        200,
        {"champion": first, "challenger": None, "previous": second},
    )
    assert last_run() == ("operator", "SUCCEEDED", "an operator: roll back")
    assert models.get(first).promotions[-1]["by"] == "an operator"


def test_a_failed_model_needs_force_and_a_reason(call: Post, trained: TrainedModel) -> None:
    version = failing(trained)

    for body in (None, "", {}, {"force": True}, {"reason": "we must"}, {"force": True, "reason": ""}):
        status, problem = call("POST", "/ops/models/{version}/promote", body, version=version)
        assert (status, problem["title"]) == (409, "Conflict")
        assert "Not good." in problem["detail"]
        assert last_run()[1] == "FAILED"
    assert models.aliases().champion is None

    body = {"force": True, "reason": "the other one is worse"}
    assert call("POST", "/ops/models/{version}/promote", body, version=version)[0] == 200
    assert models.get(version).reason == "the other one is worse"


@pytest.mark.parametrize(
    "body",
    [
        "{not json",
        "[" * 5_000,
        "[]",
        {"force": "yes"},
        {"force": True, "reason": 5},
        {"force": True, "reason": "x" * 501},
        {"version": "other"},
        '{"force": true, "reason": "' + "x" * 10_000 + '"}',
    ],
    ids=["broken", "deep", "list", "text for yes", "number", "long", "unknown", "huge"],
)
def test_a_body_that_cannot_be_used_is_refused_and_changes_nothing(
    call: Post, trained: TrainedModel, body: Any
) -> None:
    version = failing(trained)

    status, problem = call("POST", "/ops/models/{version}/promote", body, version=version)

    assert status in (400, 413)
    assert problem["detail"]
    assert models.aliases().champion is None


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (None, None),
        ({"missed": None}, None),
        ({"missed": 5}, ("cost", 5)),
        ({"capacity": 0.05}, ("capacity", 0.05)),
    ],
)
def test_a_training_gets_the_rule_that_was_declared(
    call: Post, monkeypatch: pytest.MonkeyPatch, body: Any, rule: tuple[str, float] | None
) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(clients.functions(), "invoke", lambda Payload, **_: sent.append(json.loads(Payload)))  # noqa: N803

    assert call("POST", "/ops/train", body)[0] == 202

    (message,) = sent
    declared = message["threshold_rule"]
    assert (declared and (declared["kind"], declared["value"])) == rule


@pytest.mark.parametrize(
    "body",
    [
        {"missed": 0},
        {"missed": "3"},
        {"capacity": 1.5},
        {"missed": 3, "capacity": 0.1},
        '{"missed": 1' + "0" * 400 + "}",
    ],
)
def test_a_rule_that_cannot_be_meant_starts_no_training(call: Post, body: Any) -> None:
    assert call("POST", "/ops/train", body)[0] == 400


def test_what_is_not_there_is_reported(call: Post) -> None:
    assert call("POST", "/ops/models/{version}/promote", version="none")[0] == 404
    assert call("POST", "/ops/models/{version}/challenge", version="none")[0] == 404
    assert call("POST", "/ops/models/rollback")[0] == 409
    assert call("DELETE", "/ops/challenger")[0] == 200


@pytest.mark.parametrize(("role", "status"), [("user", 403), ("jc_forged", 401), ("", 401)])
def test_nobody_but_an_operator_does_any_of_it(call: Post, trained: TrainedModel, role: str, status: int) -> None:
    first, second = versions(trained)
    lifecycle.promote(first, by="test")
    lifecycle.promote(second, by="test")
    before = models.aliases()

    for method, resource in (
        ("POST", "/ops/models/{version}/promote"),
        ("POST", "/ops/models/{version}/challenge"),
        ("DELETE", "/ops/challenger"),
        ("POST", "/ops/models/rollback"),
        ("POST", "/ops/models/{version}/threshold"),
        ("POST", "/ops/train"),
    ):
        assert call(method, resource, role=role, version=first)[0] == status
    assert models.aliases() == before
    assert runs.list_newest(limit=5)[0] == []
