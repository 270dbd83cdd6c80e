"""The API through the gateway of the embedded stack."""

from typing import Any

import pytest

from tests.support.candidates import CANDIDATE
from tests.support.stack import Stack, request

OPEN = ("/health", "/docs", "/openapi.json")
CLOSED = ("/files", "/files/0", "/runs", "/model", "/contract", "/predictions/past", "/predictions/0")


def predict(stack: Stack, body: Any, **options: Any) -> Any:
    return stack.call("POST", "/predictions/predict", body, **options)


def test_one_candidate_is_scored_and_found_again_under_its_source(stack: Stack) -> None:
    answer = predict(stack, [CANDIDATE], token="page_token")

    assert answer.status == 200, answer
    (prediction,) = answer.json["predictions"]
    assert prediction["source"] == "webapp"
    assert prediction["enrollee_id"] == 4711
    assert prediction["will_change"] in (True, False)
    assert 0 < prediction["probability"] < 1
    found = stack.get(f"/predictions/{prediction['id']}")
    assert prediction.items() <= found.items()
    assert len(found["explanation"]) == 10
    assert prediction in list(stack.predictions(source="webapp"))
    assert prediction not in list(stack.predictions(source="api"))
    assert prediction in stack.get("/candidates/4711/predictions")["predictions"]


def test_many_candidates_are_answered_in_their_order(stack: Stack) -> None:
    candidates = [{**CANDIDATE, "enrollee_id": number + 1, "training_hours": number + 1} for number in range(200)]

    answer = predict(stack, candidates)

    assert answer.status == 200, answer
    assert [each["enrollee_id"] for each in answer.json["predictions"]] == list(range(1, 201))
    assert {each["source"] for each in answer.json["predictions"]} == {"api"}
    assert len({each["id"] for each in answer.json["predictions"]}) == 200


def test_a_candidate_without_what_may_be_missing_is_scored_and_a_misspelling_repaired(stack: Stack) -> None:
    required = ("city", "city_development_index", "relevent_experience", "training_hours")
    sparse = {name: CANDIDATE[name] for name in required} | {"company_size": "Oct-49"}

    answer = predict(stack, [sparse])

    assert answer.status == 200, answer
    (prediction,) = answer.json["predictions"]
    assert prediction["enrollee_id"] is None
    assert prediction["features"]["company_size"] == "10/49"
    assert prediction["features"]["gender"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("education_level", "Doctor"),
        ("training_hours", "a lot"),
        ("training_hours", "36"),
        ("training_hours", 0),
        ("city_development_index", 1.5),
        ("city", None),
        ("relevent_experience", ""),
        ("favourite_colour", "blue"),
        ("gender", {"nested": []}),
    ],
)
def test_a_wrong_value_is_refused_by_row_and_field(stack: Stack, field: str, value: Any) -> None:
    answer = predict(stack, [CANDIDATE, {**CANDIDATE, field: value}])

    assert answer.status == 422, answer
    assert answer.headers["Content-Type"] == "application/problem+json"
    (error,) = answer.json["errors"]
    assert (error["row"], error["field"]) == (1, field)
    assert error["reason"]


def test_a_missing_field_is_refused_by_row_and_field(stack: Stack) -> None:
    answer = predict(stack, [{name: value for name, value in CANDIDATE.items() if name != "training_hours"}])

    assert answer.status == 422
    assert [(error["row"], error["field"]) for error in answer.json["errors"]] == [(0, "training_hours")]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([CANDIDATE] * 1001, 422),
        ([], 422),
        (CANDIDATE, 422),
        ("candidates", 422),
        (b"{not json", 400),
        (b"", 400),
        (b"\xff\xfe", 400),
        ([{**CANDIDATE, "gender": "x" * 1_100_000}], 413),
    ],
    ids=["1001", "none", "no list", "text", "broken", "no body", "no utf-8", "over 1 MB"],
)
def test_a_body_that_cannot_be_used_is_a_problem_document(stack: Stack, body: Any, status: int) -> None:
    answer = predict(stack, body)

    assert answer.status == status, answer
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["status"] == status
    assert answer.json["detail"]


@pytest.mark.parametrize(
    "query",
    [
        {"source": "elsewhere"},
        {"limit": 0},
        {"limit": 1001},
        {"limit": "many"},
        {"start": "yesterday"},
        {"start": "2026-02-01", "end": "2026-01-01"},
        {"cursor": "nonsense"},
    ],
)
def test_a_query_that_cannot_be_answered_is_a_problem_document(stack: Stack, query: dict[str, Any]) -> None:
    answer = stack.call("GET", "/predictions/past", **query)

    assert answer.status in (400, 422), answer
    assert answer.json["detail"]


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("token", [None, "", "jc_forged", "x" * 3000])
def test_nobody_reads_anything_without_a_token(stack: Stack, path: str, token: str | None) -> None:
    assert stack.call("GET", path, token=token).status == 401


@pytest.mark.parametrize("path", OPEN)
def test_liveness_and_description_need_no_token(stack: Stack, path: str) -> None:
    answer = stack.call("GET", path, token=None)

    assert answer.status == 200
    assert answer.body


@pytest.mark.parametrize("path", [*OPEN, "/docs/start.js", "/files", "/model", "/files/none"])
def test_head_passes_the_gateway_where_get_does(stack: Stack, path: str) -> None:
    for token in ("user_token", None):
        got, asked = (stack.call(method, path, token=token) for method in ("GET", "HEAD"))

        assert asked.status == got.status
        assert asked.headers["Content-Type"] == got.headers["Content-Type"]
        assert asked.body == b""


def test_a_misspelt_parameter_is_refused_at_both_addresses(stack: Stack) -> None:
    answer = stack.call("GET", "/files", limmit=1)

    assert answer.status == 422
    (error,) = answer.json["errors"]
    assert error["field"] == "limmit"
    assert "Did you mean “limit”?" in error["reason"]
    answer = stack.operate("GET", "/ops/dlq", queue="score")
    assert answer.status == 422
    assert [error["field"] for error in answer.json["errors"]] == ["queue"]


def test_the_form_is_the_contract(stack: Stack) -> None:
    from jobchange import contract

    answer = stack.get("/contract")

    assert [column["name"] for column in answer["columns"]] == list(contract.NAMES)
    assert answer["cities"] == dict(contract.CITIES)
    assert answer["limits"]["candidates"] == 1000


def test_an_operator_promotes_a_version_and_a_user_may_not(stack: Stack) -> None:
    version = predict(stack, [CANDIDATE]).json["predictions"][0]["model_version"]
    url = f"{stack.outputs['ops_url']}/ops/models/{version}/promote"

    def post(token: str) -> int:
        headers = {"Authorization": f"Bearer {stack.outputs[token]}", "Content-Type": "application/json"}
        return request(url, "POST", b"", headers).status

    assert post("user_token") == 403
    assert post("operator_token") == 200
    run = stack.get("/runs", limit=1)["runs"][0]
    assert (run["kind"], run["reason"]) == ("operator", f"demo operator: promote {version}")


def test_the_page_and_its_addresses_of_the_apis_are_served(stack: Stack) -> None:
    page = request(stack.outputs["site_url"], "GET", None, {})
    config = request(stack.outputs["site_url"].replace("index.html", "config.json"), "GET", None, {})

    assert page.status == 200
    assert "text/html" in page.headers["Content-Type"]
    assert config.json == {name: stack.outputs[name] for name in ("api_url", "ops_url")}
