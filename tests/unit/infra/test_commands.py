"""What the commands say of themselves, and of what they can't use."""

import runpy
import sys
from pathlib import Path

import pytest

from infra import ROOT, CommandError
from infra.commands import deploy, invoke, outputs
from infra.stacks import current

COMMANDS = sorted(
    path.stem for path in (ROOT / "infra" / "commands").glob("*.py") if '"__main__"' in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.filterwarnings("ignore:.*found in sys.modules:RuntimeWarning")
def test_every_command_explains_itself_and_does_nothing_else(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [command, "--help"])

    with pytest.raises(SystemExit) as ended:
        runpy.run_module(f"infra.commands.{command}", run_name="__main__")

    assert ended.value.code == 0
    assert f"usage: python -m infra.commands.{command} [-h]" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", ["LakeDays", "LakeDay=90", "LakeDays=90 =1"])
def test_a_parameter_that_the_template_does_not_have_is_refused(wrong: str) -> None:
    with pytest.raises(CommandError, match="isn't a parameter with a value"):
        deploy.chosen(wrong)


def test_a_parameter_may_have_an_equals_sign_in_its_value() -> None:
    assert deploy.chosen("SiteUrl=http://a/?b=c LakeDays=90") == {"SiteUrl": "http://a/?b=c", "LakeDays": "90"}


def test_the_page_has_an_address_where_there_is_no_demo_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "outputs", lambda: {"site_url": "https://page"})
    assert outputs.page_address() == "https://page"

    monkeypatch.setattr(outputs, "outputs", lambda: {"site_url": "https://page", "page_token": "t"})
    assert outputs.page_address() == "https://page#token=t"


def test_an_event_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current, "connect", current.stack)
    monkeypatch.setattr(invoke, "functions", lambda: {"validate": "ValidateFunction"})

    with pytest.raises(CommandError, match=r"there is no file none\.json"):
        invoke.invoke("validate", Path("none.json"))
