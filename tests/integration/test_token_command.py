"""`make token`, `make tokens`, `make revoke`."""

import pytest

from infra import CommandError
from infra.commands.tokens import main
from infra.stacks import current
from jobchange.access import tokens

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture(autouse=True)
def _this_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current, "set_environment", lambda: None)


def test_a_token_is_printed_once_and_works(capsys: pytest.CaptureFixture[str]) -> None:
    main(["issue", "recruiting", "--role", "operator", "--source", "webapp", "--days", "3"])

    printed = capsys.readouterr().out.strip()
    assert tokens.verify(printed) == tokens.Access("recruiting", tokens.Role.OPERATOR, "webapp")
    main(["list"])
    listed = capsys.readouterr().out
    assert printed not in listed
    assert "recruiting" in listed


def test_a_client_is_listed_with_what_it_may_do(capsys: pytest.CaptureFixture[str]) -> None:
    tokens.issue("b", "user", "api", 10)
    tokens.issue("a", "operator", "webapp", 10)

    main(["list"])

    header, first, second = capsys.readouterr().out.splitlines()
    assert header.split() == ["client", "role", "source", "issued", "expires"]
    assert first.split()[:3] == ["a", "operator", "webapp"]
    assert second.split()[:3] == ["b", "user", "api"]


def test_revoking_takes_all_tokens_of_a_client(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        tokens.issue("recruiting", "user", "api", 10)

    main(["revoke", "recruiting"])

    assert "2 tokens" in capsys.readouterr().out
    assert tokens.listing() == []


@pytest.mark.parametrize(
    "arguments", [["issue", ""], ["issue", "a", "--days", "0"], ["revoke", "nobody"]], ids=lambda each: " ".join(each)
)
def test_what_cannot_be_done_ends_with_a_sentence(arguments: list[str]) -> None:
    with pytest.raises(CommandError, match="make: "):
        main(arguments)


@pytest.mark.parametrize("arguments", [["--help"], ["issue", "--help"], ["issue", "a", "--role", "admin"], []])
def test_the_command_explains_itself(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)

    shown = capsys.readouterr()
    assert "usage: python -m infra.commands.tokens" in shown.out + shown.err
