"""Tokens: issued once, kept as hashes, refused when unknown, expired or revoked."""

import time

import pytest

from jobchange.access import tokens
from jobchange.access.tokens import Access, Role
from jobchange.errors import Forbidden, NotFound, Unauthorized, Unprocessable
from jobchange.store.tables import AccessRow

pytestmark = pytest.mark.usefixtures("aws")


def test_a_token_is_its_client() -> None:
    token = tokens.issue("recruiting", "user", "api", 30)

    assert token.startswith(tokens.PREFIX)
    assert tokens.verify(token) == Access("recruiting", Role.USER, "api")


def test_only_the_hash_is_kept() -> None:
    token = tokens.issue("recruiting", "user", "api", 30)

    (row,) = AccessRow.scan()
    assert token not in str(row.attribute_values)
    assert token.removeprefix(tokens.PREFIX) not in str(row.attribute_values)


def test_two_tokens_are_never_the_same() -> None:
    assert len({tokens.issue("recruiting", "user", "api", 30) for _ in range(20)}) == 20


@pytest.mark.parametrize("wrong", ["", "jc_", "jc_forged", "x" * 5000, "é\ud800", "jc_" + "A" * 43])
def test_a_text_that_was_never_issued_is_refused(wrong: str) -> None:
    with pytest.raises(Unauthorized):
        tokens.verify(wrong)


def test_a_truncated_or_extended_token_is_refused() -> None:
    token = tokens.issue("recruiting", "user", "api", 30)

    for wrong in (token[:-1], token + "A", token.upper(), token.removeprefix(tokens.PREFIX), f" {token}"):
        with pytest.raises(Unauthorized):
            tokens.verify(wrong)


def test_an_expired_token_is_refused_at_once_even_when_it_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    token = tokens.issue("recruiting", "user", "api", 1)
    tokens.verify(token)
    later = time.time() + 86_401
    monkeypatch.setattr("time.time", lambda: later)

    with pytest.raises(Unauthorized):
        tokens.verify(token)


def test_a_revoked_token_works_for_a_minute_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    token = tokens.issue("recruiting", "user", "api", 30)
    tokens.verify(token)

    assert tokens.revoke("recruiting") == 1

    later = time.monotonic() + 60
    monkeypatch.setattr("time.monotonic", lambda: later)
    with pytest.raises(Unauthorized):
        tokens.verify(token)


def test_a_token_that_was_unknown_works_as_soon_as_it_is_issued(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.token_urlsafe", lambda _: "A" * 43)
    with pytest.raises(Unauthorized):
        tokens.verify(tokens.PREFIX + "A" * 43)

    assert tokens.verify(tokens.issue("recruiting", "user", "api", 30)).name == "recruiting"


def test_revoking_takes_every_token_of_the_client_and_no_other() -> None:
    for name in ("a", "b", "b"):
        tokens.issue(name, "user", "api", 30)

    assert tokens.revoke("b") == 2
    assert [client.name for client in tokens.listing()] == ["a"]
    with pytest.raises(NotFound):
        tokens.revoke("b")


def test_an_operator_may_do_what_a_user_may_but_not_the_other_way_round() -> None:
    user = tokens.verify(tokens.issue("u", "user", "webapp", 30))
    operator = tokens.verify(tokens.issue("o", "operator", "api", 30))

    for caller in (user, operator):
        caller.require(Role.USER)
    operator.require(Role.OPERATOR)
    with pytest.raises(Forbidden):
        user.require(Role.OPERATOR)


@pytest.mark.parametrize(
    ("name", "role", "source", "days"),
    [
        ("", "user", "api", 30),
        ("x" * 65, "user", "api", 30),
        ("a\nb", "user", "api", 30),
        (" a", "user", "api", 30),
        ("a", "admin", "api", 30),
        ("a", "user", "scheduled", 30),
        ("a", "user", "api", 0),
        ("a", "user", "api", 4000),
    ],
)
def test_a_token_is_only_issued_for_what_makes_sense(name: str, role: str, source: str, days: int) -> None:
    with pytest.raises(Unprocessable):
        tokens.issue(name, role, source, days)
    assert tokens.listing() == []
