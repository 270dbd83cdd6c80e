"""Whoever tries to get in, further in, or something out: refused or harmless."""

import gzip
import json
import time
from typing import Any

import pytest

from jobchange.access import tokens
from jobchange.aws import clients
from jobchange.contract import Criticality
from jobchange.contract.candidate import EXAMPLE
from jobchange.store import claims, source_objects
from jobchange.store.files import RowCounts, Status, Validation
from jobchange.store.lake_layout import bad_key
from tests.support.functions import Context, load_handler
from tests.support.rest import call

pytestmark = pytest.mark.usefixtures("aws")

INJECTED = "\r\nSet-Cookie: a=b\r\n\r\n<script>alert(1)</script>"
FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "<script>alert(1)</script>", "'; DROP TABLE x; --", "{{7*7}}"]


@pytest.fixture
def token(aws: None) -> str:  # noqa: ARG001
    return tokens.issue("recruiting", "user", "api", 1)


def test_forged_truncated_and_changed_tokens_are_refused(token: str) -> None:
    for wrong in ("jc_" + "B" * 43, token[:-1], token + "=", token.lower(), token[3:], f"{token},{token}", "*", "null"):
        assert call("GET", "/files", token=wrong).status == 401
    assert call("GET", "/files", token=token).status == 200


def test_a_revoked_token_is_refused_within_a_minute(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call("GET", "/files", token=token).status == 200
    tokens.revoke("recruiting")
    later = time.monotonic() + 60
    monkeypatch.setattr("time.monotonic", lambda: later)

    assert call("GET", "/files", token=token).status == 401


@pytest.mark.parametrize("scheme", ["Basic", "Token", "Bearer,", "BearerX"])
def test_only_a_bearer_token_counts(token: str, scheme: str) -> None:
    assert call("GET", "/files", headers={"Authorization": f"{scheme} {token}"}).status == 401


def test_a_token_anywhere_but_in_its_header_is_none(token: str) -> None:
    assert call("GET", "/files", access_token=token, token_=token, Authorization=f"Bearer {token}").status == 401
    for name in ("X-Api-Key", "Cookie", "X-Authorization", "Proxy-Authorization"):
        assert call("GET", "/files", headers={name: f"Bearer {token}"}).status == 401


def test_what_the_gateway_says_of_the_caller_is_not_believed() -> None:
    """Only some gateways call the authorizer, and anybody who may invoke the function may write such a context."""
    event = {
        "resource": "/{proxy+}",
        "path": "/files",
        "httpMethod": "GET",
        "headers": {},
        "requestContext": {"authorizer": {"name": "x", "role": "operator", "source": "api"}},
        "body": None,
    }

    assert load_handler("api").handler(event, Context())["statusCode"] == 401


def test_a_stranger_does_not_get_a_large_body_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    def parsed(*_: Any, **__: Any) -> None:
        raise AssertionError("parsed before the token was looked at")

    monkeypatch.setattr("json.loads", parsed)
    answer = call("POST", "/predictions/predict", "[" * 5_000_000)
    monkeypatch.undo()

    assert answer.status == 401


def test_an_operator_may_do_what_a_user_may_and_a_user_is_no_operator(token: str) -> None:
    operator = tokens.issue("ops", "operator", "api", 1)

    assert call("GET", "/runs", token=operator).status == 200
    assert promote(token) == 403
    assert promote(operator) == 404
    assert promote("jc_forged") == promote("") == 401


def promote(token: str) -> int:
    event = {
        "resource": "/ops/models/{version}/promote",
        "path": "/ops/models/x/promote",
        "httpMethod": "POST",
        "headers": {"Authorization": f"Bearer {token}"},
        "multiValueHeaders": {"Authorization": [f"Bearer {token}"]},
        "multiValueQueryStringParameters": None,
        "pathParameters": {"version": "x"},
        "stageVariables": None,
        "requestContext": {"resourcePath": "/ops/models/{version}/promote", "httpMethod": "POST"},
        "body": None,
        "isBase64Encoded": False,
    }
    status: int = load_handler("ops").app(event, Context())["statusCode"]
    return status


ARN = "arn:aws:execute-api:eu-west-1:123456789012:abc/prod/GET/files"


def authorize(token: str) -> Any:
    return load_handler("ops").authorize({"type": "TOKEN", "authorizationToken": token, "methodArn": ARN}, None)


def test_the_authorizer_lets_a_valid_token_pass_to_the_whole_stage_as_its_answer_is_remembered(token: str) -> None:
    answer = authorize(f"Bearer {token}")

    (statement,) = answer["policyDocument"]["Statement"]
    assert statement["Effect"] == "Allow"
    assert statement["Resource"] == ["arn:aws:execute-api:eu-west-1:123456789012:abc/prod/*/*"]
    assert answer["context"] == {"name": "recruiting", "role": "user", "source": "api"}
    assert answer["principalId"] == "recruiting"


@pytest.mark.parametrize("wrong", ["", "Bearer ", "Bearer jc_forged", "x" * 5000])
def test_the_authorizer_denies_every_other_text_the_whole_stage_and_does_not_fail(wrong: str) -> None:
    answer = authorize(wrong)

    (statement,) = answer["policyDocument"]["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Resource"] == ["arn:aws:execute-api:eu-west-1:123456789012:abc/prod/*/*"]
    assert answer["context"] == {}


@pytest.mark.parametrize("header", ["Origin", "Host", "X-Request-Id", "X-Forwarded-Proto", "Idempotency-Key", "Accept"])
def test_no_header_comes_back_out_of_a_request(token: str, header: str) -> None:
    answer = call("POST", "/predictions/predict", [EXAMPLE], token=token, headers={header: f"x{INJECTED}"})

    assert answer.status in (422, 503)
    assert "set-cookie" not in answer.headers
    assert all("\n" not in value and "script" not in value for value in answer.headers.values())
    assert "<script" not in answer.body


@pytest.mark.parametrize(
    "host", ["[2001:db8::1]", "[2001:db8::1]:443", "a:b:c", "a:99999999999", ":", "", "a b", "é.example", "x" * 9000]
)
def test_any_host_may_be_called(host: str) -> None:
    for extra in ({}, {"X-Forwarded-Port": "abc"}, {"X-Forwarded-Proto": "javascript"}):
        assert call("GET", "/health", headers={"Host": host, **extra}).status == 200


TRAVERSALS = [
    *("..%2F..%2Fmodels", "%2e%2e%2fraw", "..\\..\\raw", "....//", "%00", "a%0d%0ab", "*", "f" * 64, "%F0%9F%98%80"),
    *("{{7*7}}", "%3Cscript%3E", "' OR 1=1", "%C3%28", "~", "."),
]


@pytest.mark.parametrize("id_", TRAVERSALS)
@pytest.mark.parametrize("path", ["/files/{}", "/files/{}/report", "/files/{}/bad", "/predictions/{}"])
def test_an_id_leads_nowhere_but_to_what_it_names(token: str, path: str, id_: str) -> None:
    answer = call("GET", path.format(id_), token=token)

    assert answer.status in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_and_scripts_are_not_taken_for_values_and_not_repeated(token: str, text: str) -> None:
    for field in ("city", "gender", "company_size", "enrollee_id", text):
        answer = call("POST", "/predictions/predict", [{**EXAMPLE, field: text}], token=token)

        assert answer.status == 422
        assert answer.headers["content-type"] == "application/problem+json"
        if field != text:
            assert text not in answer.body


def test_a_file_of_any_name_is_saved_under_it_and_adds_no_header(token: str) -> None:
    name = 'x";\r\nSet-Cookie: a=b; ü.csv'
    upload = source_objects.SourceObject(
        file_id="f" * 32, bucket="b", key=f"raw/{name}", version_id=None, size=1, uploaded_at="2026-01-01T00:00:00.000Z"
    )
    claim = claims.claim(upload, champion=None, challenger=None)
    assert claim
    claims.finish(
        claim,
        validation=Validation(status=Status.REJECTED, criticality=Criticality.OK, rows=RowCounts(total=1, bad=1)),
        findings={},
    )

    link = call("GET", f"/files/{'f' * 32}/bad", token=token).json["url"]

    disposition = link.split("response-content-disposition=")[1].split("&")[0]
    assert "%0D" not in disposition.upper()
    assert disposition.startswith("attachment%3B%20filename%2A%3DUTF-8%27%27x")


def test_bad_rows_and_report_come_with_the_types_that_make_them_what_they_are(token: str) -> None:
    from jobchange.quality.ingest import ingest

    key = "raw/candidates.csv.gz"
    clients.s3().put_object(Bucket="test-lake", Key=key, Body=gzip.compress(_damaged()))
    upload = source_objects.SourceObject(
        file_id="e" * 32, bucket="test-lake", key=key, version_id=None, size=1, uploaded_at="2026-01-01T00:00:00.000Z"
    )
    ingest(upload)

    assert call("GET", f"/files/{'e' * 32}", token=token).json["rows"]["bad"] == 1
    bad = clients.s3().get_object(Bucket="test-lake", Key=bad_key("e" * 32, "candidates.csv.gz"))
    assert bad["ContentType"] == "text/csv; charset=utf-8"
    report = clients.s3().get_object(Bucket="test-lake", Key=f"reports/{'e' * 32}.html")
    assert report["ContentType"] == "text/html; charset=utf-8"


def _damaged() -> bytes:
    from data.generate import generate

    lines = "".join(generate(3, seed=1)).splitlines()
    return "\n".join([*lines[:-1], lines[-1].replace("city_", "=1+1")]).encode()


def test_metrics_of_a_request_tell_nothing_of_the_candidates_or_the_caller(
    token: str, champion: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert champion
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "tested")
    call("POST", "/predictions/predict", [EXAMPLE, EXAMPLE], token=token)

    (line,) = (line for line in capsys.readouterr().out.splitlines() if "_aws" in line)
    metrics = json.loads(line)
    assert metrics["predictions"] == [2]
    assert metrics["predict_duration_ms"][0] > 0
    assert set(metrics) - {"service"} == {"_aws", "predictions", "predict_duration_ms"}
