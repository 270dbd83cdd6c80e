"""What a browser on another site may do: nothing. What the page may do: call both APIs, read their refusals, upload."""

from urllib.parse import urlsplit

import pytest

from tests.support.stack import EMBEDDED, Answer, Stack, request

OTHER = "https://other.example"
_ALLOWED = "Access-Control-Allow-Origin"

gateway = pytest.mark.skipif(EMBEDDED, reason="the embedded emulator sends preflights that SAM made no headers")


@pytest.fixture
def site(stack: Stack) -> str:
    """The page's origin."""
    address = urlsplit(stack.outputs["site_url"])
    return f"{address.scheme}://{address.netloc}"


def asks(url: str, origin: str, method: str, headers: str = "authorization,content-type") -> Answer:
    """What a browser asks before a call with a token or a JSON body."""
    asking = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    return request(url, "OPTIONS", None, {"Origin": origin, **asking})


@pytest.mark.parametrize("token", ["page_token", "forged", None])
def test_the_page_may_read_answers_and_refusals_of_both_apis(stack: Stack, site: str, token: str | None) -> None:
    headers = {"Origin": site} | ({"Authorization": f"Bearer {stack.outputs.get(token, token)}"} if token else {})

    for url in (f"{stack.outputs['api_url']}/contract", f"{stack.outputs['ops_url']}/ops/dlq"):
        answer = request(url, "GET", None, headers)

        assert answer.status in ((200, 403) if token == "page_token" else (401,))
        assert answer.headers.get_all(_ALLOWED) == [site]


@gateway
def test_the_page_may_ask_both_apis_before_a_call(stack: Stack, site: str) -> None:
    for url, method in (
        (f"{stack.outputs['api_url']}/predictions/predict", "POST"),
        (f"{stack.outputs['ops_url']}/ops/candidates/4711", "DELETE"),
    ):
        answer = asks(url, site, method)

        assert answer.status in (200, 204)
        assert answer.headers.get_all(_ALLOWED) == [site]
        assert method in answer.headers["Access-Control-Allow-Methods"]
        allowed = answer.headers["Access-Control-Allow-Headers"].lower()
        assert "authorization" in allowed
        assert "content-type" in allowed


def test_the_page_may_upload_into_the_lake(stack: Stack, site: str) -> None:
    form = stack.call("POST", "/uploads", {"name": "candidates.csv"}).json

    answer = asks(form["url"], site, "POST", headers="content-type")

    assert answer.status == 200
    assert answer.headers[_ALLOWED] == site


def test_another_site_may_do_none_of_it(stack: Stack) -> None:
    form = stack.call("POST", "/uploads", {"name": "candidates.csv"}).json
    for url, method in (
        (f"{stack.outputs['api_url']}/predictions/predict", "POST"),
        (f"{stack.outputs['ops_url']}/ops/dlq", "GET"),
        (form["url"], "POST"),
    ):
        assert asks(url, OTHER, method).headers.get(_ALLOWED) not in (OTHER, "*")
