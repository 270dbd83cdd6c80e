"""What holds for every address of the API: who may call, how errors look, what the headers say."""

import re
import time
from typing import Any

import jsonschema
import pytest

from jobchange import contract
from jobchange.access import tokens
from jobchange.contract.candidate import Candidate
from jobchange.settings import settings
from jobchange.store import prediction_listings
from tests.support.rest import STAGE, call, loaded_at_start

pytestmark = pytest.mark.usefixtures("aws")

OPEN = ["/health", "/docs", "/openapi.json"]
CLOSED = [
    ("GET", "/predictions/past"),
    ("GET", "/predictions/export"),
    ("GET", "/predictions/x"),
    ("POST", "/predictions/predict"),
    ("GET", "/candidates/1/predictions"),
    ("GET", "/candidates/1/outcomes"),
    ("POST", "/uploads"),
    ("GET", "/files"),
    ("GET", "/files/x"),
    ("GET", "/files/x/report"),
    ("GET", "/files/x/bad"),
    ("GET", "/files/x/scored"),
    ("GET", "/files/x/predictions"),
    ("GET", "/runs"),
    ("GET", "/state"),
    ("GET", "/alerts"),
    ("GET", "/model"),
    ("GET", "/models"),
    ("GET", "/models/x"),
    ("GET", "/models/x/thresholds"),
    ("GET", "/models/x/against/x"),
    ("GET", "/models/x/card"),
    ("POST", "/outcomes"),
    ("GET", "/stats/predictions"),
    ("GET", "/stats/quality"),
    ("GET", "/stats/drift"),
    ("GET", "/stats/queues"),
    ("GET", "/stats/requests"),
    ("GET", "/stats/scores"),
    ("GET", "/stats/impact"),
    ("GET", "/stats/live"),
    ("GET", "/stats/estimates"),
    ("GET", "/contract"),
    ("GET", "/me"),
]
OPERATORS = [
    ("GET", "/ops/dlq"),
    ("POST", "/ops/dlq/redrive"),
    ("POST", "/ops/alerts/acknowledge"),
    ("POST", "/ops/alerts/resolve"),
    ("POST", "/ops/files/x/replay"),
    ("GET", "/ops/candidates/1"),
    ("DELETE", "/ops/candidates/1"),
    ("POST", "/ops/models/x/promote"),
    ("POST", "/ops/models/x/challenge"),
    ("POST", "/ops/models/x/threshold"),
    ("DELETE", "/ops/challenger"),
    ("POST", "/ops/models/rollback"),
    ("GET", "/ops/train"),
    ("POST", "/ops/train"),
]
"""Described here, answered by the ops function."""


@pytest.fixture
def token(aws: None) -> str:  # noqa: ARG001
    return tokens.issue("recruiting", "user", "api", 1)


def description() -> dict[str, Any]:
    found: dict[str, Any] = call("GET", "/openapi.json").json
    return found


def operations() -> dict[tuple[str, str], dict[str, Any]]:
    """What is described, by method and an address with every placeholder filled."""
    return {
        (
            method.upper(),
            re.sub(r"{\w+}", "x", path.replace("{enrollee_id}", "1")),
        ): operation
        for path, methods in description()["paths"].items()
        for method, operation in methods.items()
    }


def test_these_are_all_the_routes() -> None:
    assert set(operations()) == {*CLOSED, *OPERATORS, ("GET", "/health")}


@pytest.mark.parametrize(("method", "path"), OPERATORS)
def test_the_operators_routes_are_described_and_not_answered_here(method: str, path: str) -> None:
    operator = tokens.issue("ops", "operator", "api", 1)

    assert call(method, path, token=operator).status == 404
    assert call(method, path).status == 401


def test_the_operators_routes_have_an_address_and_a_tag_of_their_own() -> None:
    described = description()
    for path, methods in described["paths"].items():
        for operation in methods.values():
            ours = path.startswith("/ops/")
            assert ("operators" in operation["tags"]) == ours
            assert [server["url"] for server in operation.get("servers", [])] == (["{ops_url}"] if ours else [])
    named = {tag for methods in described["paths"].values() for each in methods.values() for tag in each["tags"]}
    assert {tag["name"] for tag in described["tags"]} == named
    tag = described["tags"][-1]
    assert tag["name"] == "operators"
    assert "operator's token" in tag["description"]


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_nobody_gets_anything_without_a_token(method: str, path: str) -> None:
    for given in (None, "", "Basic dXNlcjpwYXNz", "Bearer", "Bearer ", "Bearer jc_forged", "jc_forged", "x" * 5000):
        headers = {} if given is None else {"Authorization": given}
        answer = call(method, path, [{}] if method == "POST" else None, headers=headers)

        assert answer.status == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"


def test_an_expired_token_is_refused(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call("GET", "/contract", token=token).status == 200
    later = time.time() + 86_401
    monkeypatch.setattr("time.time", lambda: later)

    assert call("GET", "/contract", token=token).status == 401


def test_a_token_in_the_address_is_no_token(token: str) -> None:
    assert call("GET", "/contract", access_token=token, token_=token).status == 401


@pytest.mark.parametrize("path", OPEN)
def test_liveness_and_description_need_no_token(path: str) -> None:
    assert call("GET", path).status == 200


def test_an_unknown_address_and_a_wrong_method_are_problem_documents(token: str) -> None:
    for method, path, status in [
        *(("GET", "/nothing", 404), ("GET", "/", 404), ("GET", "/docs/../app.py", 404), ("GET", "/docs/app.py", 404)),
        ("POST", "/health", 405),
    ]:
        answer = call(method, path, token=token)
        assert (answer.status, answer.json["status"]) == (status, status)
        assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(("method", "path"), [*CLOSED, ("GET", "/health")])
def test_a_parameter_that_a_route_does_not_take_is_refused_with_those_it_takes(
    token: str, method: str, path: str
) -> None:
    operation = operations()[method, path]
    known = sorted(each["name"] for each in operation.get("parameters", []) if each["in"] == "query")
    misspelt = [f"{name[:-1]}{name[-1] * 2}" for name in known] or ["limitt"]

    query: dict[str, Any] = dict.fromkeys(misspelt, "1")

    answer = call(method, path, [{}] if method == "POST" else None, token=token, **query)

    assert answer.status == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "422" in operation["responses"]
    assert [each["field"] for each in answer.json["errors"]] == sorted(misspelt)
    for error in answer.json["errors"]:
        assert error["row"] is None
        assert (", ".join(known) or "takes none") in error["reason"]
        assert ("Did you mean" in error["reason"]) == bool(known)
    for meant in known:
        assert any(f"Did you mean “{meant}”?" in error["reason"] for error in answer.json["errors"])


def test_a_parameter_like_none_that_is_known_gets_no_guess(token: str) -> None:
    query: dict[str, Any] = {"x" * 5000: "1", "LIMIT": "1"}

    answer = call("GET", "/runs", token=token, **query)

    far, near = sorted(answer.json["errors"], key=lambda error: str(error["field"]), reverse=True)
    assert far == {
        "row": None,
        "field": "x" * 64,
        "reason": "There is no such parameter. This address takes cursor, limit.",
    }
    assert near["reason"] == ("There is no such parameter. Did you mean “limit”? This address takes cursor, limit.")


def test_no_pattern_is_shown_where_a_text_is_refused(token: str) -> None:
    for answer in (
        call("POST", "/uploads", {"name": "offer.pdf"}, token=token),
        call("GET", "/files", token=token, upload_id="?"),
        call("POST", "/predictions/predict", [{}], token=token, headers={"Idempotency-Key": "two words"}),
    ):
        assert answer.status == 422
        assert answer.json["errors"]
        assert not any("^" in error["reason"] or "pattern" in error["reason"] for error in answer.json["errors"])


@pytest.mark.parametrize("path", [*OPEN, "/docs/start.js", *(path for method, path in CLOSED if method == "GET")])
def test_head_is_answered_as_get_without_a_body(token: str, path: str) -> None:
    for given in (token, None):
        got, asked = (call(method, path, token=given) for method in ("GET", "HEAD"))

        assert asked.status == got.status
        assert asked.headers == got.headers
        assert got.body
        assert asked.body == ""


def test_head_is_no_way_to_what_only_post_does(token: str) -> None:
    answer = call("HEAD", "/outcomes", token=token)

    assert (answer.status, answer.headers["allow"], answer.body) == (405, "POST", "")


def test_head_of_what_fails_has_no_body_either(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(prediction_listings, "list_newest", broken)
    answer = call("HEAD", "/predictions/past", token=token)

    assert (answer.status, answer.body) == (500, "")


def test_an_unexpected_error_is_answered_without_detail_and_logged_without_values(
    token: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError("SECRET")

    monkeypatch.setattr(prediction_listings, "list_newest", broken)

    answer = call("GET", "/predictions/past", token=token)

    assert answer.status == 500
    assert answer.json["title"] == "Internal server error"
    assert answer.headers["x-request-id"] in answer.json["detail"]
    (line,) = (vars(record) for record in caplog.records if record.name == "jobchange")
    assert "SECRET" not in answer.body + str(line)
    assert line["error"] == "RuntimeError"
    assert "broken" in line["where"][-1]


def test_every_answer_is_marked_and_never_stored(token: str) -> None:
    for answer in (call("GET", "/contract", token=token), call("GET", "/contract"), call("GET", "/nothing")):
        assert answer.headers["x-request-id"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_only_the_sites_origin_may_call_from_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    site = "https://site.example"
    monkeypatch.setenv("SITE_URL", site and f"{site}/bucket/index.html")
    settings.cache_clear()
    asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}

    preflight = call("OPTIONS", "/predictions/predict", headers={"Origin": site, **asking})
    assert "HEAD" in preflight.headers["access-control-allow-methods"]
    assert preflight.status == 200
    assert preflight.headers["access-control-allow-origin"] == site
    assert call("GET", "/contract", headers={"Origin": site}).headers["access-control-allow-origin"] == site
    assert "idempotency-key" in preflight.headers["access-control-allow-headers"].lower()
    for other in ("https://evil.example", "null", f"{site}.evil.example", ""):
        refused = call("OPTIONS", "/predictions/predict", headers={"Origin": other, **asking})
        assert refused.status in (400, 401)
        assert refused.headers["content-type"] == "application/problem+json"
        assert "access-control-allow-origin" not in call("GET", "/health", headers={"Origin": other}).headers


def test_the_page_may_read_every_problem_too(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    site = "https://site.example"
    monkeypatch.setenv("SITE_URL", f"{site}/")
    settings.cache_clear()

    def broken(**_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(prediction_listings, "list_newest", broken)
    for path, given, status in (("/files", None, 401), ("/nothing", token, 404), ("/predictions/past", token, 500)):
        answer = call("GET", path, token=given, headers={"Origin": site})
        assert answer.status == status
        assert answer.headers["access-control-allow-origin"] == site


def test_without_a_site_no_origin_may_call() -> None:
    assert "access-control-allow-origin" not in call("GET", "/health", headers={"Origin": ""}).headers


def test_the_description_is_found_behind_any_stage() -> None:
    page = call("GET", "/docs")
    addresses = re.findall(r'(?:href|src)="([^"]+)"', page.body)

    # Relative addresses: the browser resolves them against the page's own, whatever stands before /docs.
    assert {"openapi.json", "docs/start.js", "docs/swagger-ui.css", "docs/swagger-ui-bundle.js"} < set(addresses)
    for address in addresses:
        if address != "data:,":
            assert call("GET", f"/{address}").status == 200
    assert "url: 'openapi.json'" in call("GET", "/docs/start.js").body
    assert description()["servers"] == [{"url": "."}]
    assert f"/{STAGE}" not in page.body
    assert page.headers["content-type"].startswith("text/html")


def test_the_description_asks_no_other_host_and_runs_no_script_of_the_page() -> None:
    page = call("GET", "/docs")
    rules = dict(rule.strip().split(" ", 1) for rule in page.headers["content-security-policy"].split(";"))

    assert "http" not in page.body + page.headers["content-security-policy"]
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self'"
    assert re.findall(r"<script[^>]*>(.*?)</script>", page.body) == ["", ""]


def test_every_reference_in_the_description_leads_somewhere() -> None:
    text = call("GET", "/openapi.json").body
    schemas = description()["components"]["schemas"]
    references = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}

    assert references <= set(schemas)
    assert "HTTPValidationError" not in schemas
    assert set(schemas["Candidate"]["properties"]) == set(contract.NAMES)


def answers(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """What a route is described to answer when all is well."""
    return [answer for status, answer in operation["responses"].items() if status.startswith("2")]


def test_every_schema_that_is_taken_or_given_has_an_example_that_keeps_to_it() -> None:
    described = description()
    schemas = described["components"]["schemas"]
    for path, methods in described["paths"].items():
        for operation in methods.values():
            for body in (*answers(operation), *filter(None, [operation.get("requestBody")])):
                if set(body["content"]) == {"text/csv"}:
                    continue
                schema = body["content"]["application/json"]["schema"]
                # A list's entries, or what a body may be beside null.
                schema = schema.get("items", schema.get("anyOf", [schema])[0])
                named = schema["$ref"].rsplit("/", 1)[1]
                assert schemas[named].get("examples"), f"{path}: {named} has no example"
    for name, schema in schemas.items():
        for example in schema.get("examples", []):
            jsonschema.validate(example, {**schema, "components": described["components"]})
            assert set(example) <= set(schema["properties"]), name


def test_every_closed_route_describes_its_answer_its_problems_and_its_token() -> None:
    for path, methods in description()["paths"].items():
        for operation in methods.values():
            assert answers(operation)
            for answer in answers(operation):
                (kind,) = answer["content"]
                assert kind == ("text/csv" if path == "/predictions/export" else "application/json")
                assert answer["content"][kind]["schema"]
            if path != "/health":
                assert operation["security"]
                assert {"401", "500"} <= set(operation["responses"])


def test_the_form_is_the_contract(token: str) -> None:
    form = call("GET", "/contract", token=token).json

    assert [column["name"] for column in form["columns"]] == list(contract.NAMES)
    for shown, declared in zip(form["columns"], contract.COLUMNS, strict=True):
        assert set(shown) == {
            *("name", "kind", "label", "help", "group", "levels", "labels", "minimum"),
            *("maximum", "nullable", "feature", "required", "optional"),
        }
        assert shown["optional"] == (not Candidate.model_fields[declared.name].is_required())
        assert shown["levels"] == list(declared.levels)
        assert shown["labels"] == dict(declared.labels)
        assert (shown["minimum"], shown["maximum"]) == (declared.minimum, declared.maximum)
    assert form["cities"] == dict(contract.CITIES)
    assert form["limits"] == {"candidates": 1000, "bytes": 1048576}
    assert form["version"] == contract.VERSION


def test_whoever_does_not_score_loads_nothing_of_the_model() -> None:
    assert loaded_at_start("numpy", "onnxruntime", "pandas", "boto3") == set()
