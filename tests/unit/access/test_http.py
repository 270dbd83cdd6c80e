"""What both APIs share of HTTP."""

from types import SimpleNamespace

import pytest

from jobchange.access import http
from jobchange.errors import BadRequest, TooLarge, Unauthorized, UnknownParameters


@pytest.mark.parametrize("header", ["Bearer jc_1", "bearer jc_1", "BEARER  jc_1 "])
def test_the_token_is_what_follows_the_scheme(header: str) -> None:
    assert http.bearer(header) == "jc_1"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "jc_1", "Basic jc_1", "Bearer,jc_1"])
def test_a_header_without_a_bearer_token_is_refused(header: str | None) -> None:
    with pytest.raises(Unauthorized):
        http.bearer(header)


def test_a_problem_has_its_statuss_title_unless_it_brings_its_own() -> None:
    assert http.problem(404, "No such file.") == {
        "type": "about:blank",
        "title": "Not found",
        "status": 404,
        "detail": "No such file.",
    }
    assert http.problem(401, "No token.", title="Not signed in")["title"] == "Not signed in"


def test_only_the_page_is_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "settings", lambda: SimpleNamespace(site_origin="https://page.example"))
    assert http.is_site("https://page.example")
    assert not http.is_site("https://other.example")
    assert http.site_headers() == {"Access-Control-Allow-Origin": "https://page.example", "Vary": "Origin"}


def test_without_a_page_nothing_is_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "settings", lambda: SimpleNamespace(site_origin=""))
    assert not http.is_site("")
    assert http.site_headers() == {}


def test_parameters_that_are_not_known_are_refused_with_the_one_that_was_meant() -> None:
    http.check_parameters(["limit"], {"limit", "cursor"})
    http.check_parameters([], ())

    with pytest.raises(UnknownParameters) as refused:
        http.check_parameters(["limit", "Cursr", "nothing"], {"limit", "cursor"})

    known = "This address takes cursor, limit."
    assert refused.value.reasons == {
        "Cursr": f"There is no such parameter. Did you mean “cursor”? {known}",
        "nothing": f"There is no such parameter. {known}",
    }
    assert "Cursr" not in str(refused.value)
    assert http.parameter_errors(refused.value)[0] == {
        "row": None,
        "field": "Cursr",
        "reason": refused.value.reasons["Cursr"],
    }


def test_a_body_of_the_largest_size_is_taken_and_one_byte_more_is_not() -> None:
    http.check_size(10, 10)
    with pytest.raises(TooLarge, match="at most 10 bytes"):
        http.check_size(11, 10)


def test_a_body_has_only_the_members_that_it_may_have_each_of_its_type() -> None:
    assert http.json_object("", force=bool) == http.json_object(b"{}") == {}
    assert http.json_object('{"force": true}', force=bool, reason=str) == {"force": True}
    for body in ("{", "[]", "[" * 100_000, '{"force": 1}', '{"other": true}'):
        with pytest.raises(BadRequest):
            http.json_object(body, force=bool)
