"""`make train`: from a labelled file to a registered champion, or to a sentence that says what is wrong."""

import json
from pathlib import Path

import pytest

from data.generate import generate
from infra import CommandError
from infra.commands import status, train
from infra.stacks import current
from jobchange import contract
from jobchange.registry import loader
from jobchange.registry.artifact import CARD_FILE
from jobchange.scoring.model import champion_model
from jobchange.store import lake, models, runs

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture(autouse=True)
def _stack_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current, "set_environment", lambda: None)


def a_file(folder: Path, rows: int = 600, names: tuple[str, ...] = contract.NAMES) -> str:
    path = folder / "labelled.csv"
    path.write_text("\ufeff" + "".join(generate(rows, 5, names)), encoding="utf-8")
    return str(path)


def test_a_trained_model_becomes_the_champion(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train.main(["--dataset", a_file(tmp_path)])

    printed = capsys.readouterr().out
    assert "600 labelled candidates" in printed
    assert "fold 5 of 5" in printed
    assert "roc_auc" in printed
    assert champion_model().version in printed
    assert "passed  Ranks a candidate" in printed
    assert "warning By years of experience, these groups are called less than four fifths as often" in printed
    assert models.list_newest()[0].promoted_by == "make train"
    (recorded,), _ = runs.list_newest(limit=5)
    assert (recorded["kind"], recorded["status"], recorded["counts"]["rows"]) == ("training", "SUCCEEDED", 600)


def test_a_model_can_be_registered_without_promoting_it(tmp_path: Path) -> None:
    train.main(["--dataset", a_file(tmp_path), "--no-promote"])

    assert len(models.list_newest()) == 1
    assert models.aliases().champion is None


def test_a_model_that_fails_its_gates_is_promoted_only_by_force_with_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "useless.csv"
    header, *rows = "".join(generate(600, 5)).splitlines()
    # Labels that have nothing to do with the candidates.
    path.write_text("\n".join([header, *(f"{row[:-3]}{n % 4 == 0:d}" for n, row in enumerate(rows))]))

    with pytest.raises(CommandError, match=r"failed: Ranks a candidate .* too few"):
        train.main(["--dataset", str(path)])
    assert "FAILED  Ranks a candidate" in capsys.readouterr().out
    assert models.aliases().champion is None
    with pytest.raises(SystemExit):
        train.main(["--dataset", str(path), "--force"])

    train.main(["--dataset", str(path), "--force", "--reason", "to try it out"])

    newest = models.list_newest()[0]
    assert (models.aliases().champion, newest.status, newest.reason) == (newest.version, "FAILED", "to try it out")


def test_the_threshold_follows_a_rule_that_is_declared_or_inherited(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for rule in (["--missed", "9"], ["--capacity", "50/1000", "--no-promote"], []):
        train.main(["--dataset", a_file(tmp_path), *rule])

    found = [each.decisions[0] for each in reversed(models.list_newest())]
    assert [(each["threshold_rule"]["kind"], each["threshold_rule"]["value"]) for each in found] == [
        ("cost", 9),
        ("capacity", 0.05),
        ("cost", 9),
    ]
    assert [found[0]["threshold"], found[2]["threshold"]] == pytest.approx([0.1, 0.1])
    assert 0.4 < found[1]["threshold"] < 1
    assert "A missed candidate counts as much as 9 false alarms." in capsys.readouterr().out
    assert dict(status._model([]))["threshold"] == "10.0%: A missed candidate counts as much as 9 false alarms."
    card = json.loads(loader.read(champion_model().version, CARD_FILE)[0])
    assert (card["threshold"], card["threshold_rule"]) == (found[-1]["threshold"], found[-1]["threshold_rule"])


@pytest.mark.parametrize(
    "rule",
    [
        ["--missed", "0"],
        ["--missed", "x"],
        ["--capacity", "2"],
        ["--capacity", "1/0"],
        ["--missed", "3", "--capacity", "0.1"],
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(rule: list[str]) -> None:
    with pytest.raises(SystemExit):
        train.main(rule)
    assert models.list_newest() == []


def test_without_a_file_what_lies_in_the_lake_is_learned_from(capsys: pytest.CaptureFixture[str]) -> None:
    lake.put("training/labelled.csv", "".join(generate(600, 5)).encode(), content_type="text/csv")

    train.main([])

    assert "training/ and reported outcomes: 600 labelled candidates" in capsys.readouterr().out


def test_a_file_that_cannot_be_used_ends_with_a_sentence(tmp_path: Path) -> None:
    unlabelled = a_file(tmp_path, names=tuple(name for name in contract.NAMES if name != contract.LABEL))

    for path, reason in ((unlabelled, "no column target"), (str(tmp_path / "none.csv"), "there is no file")):
        with pytest.raises(CommandError, match=reason):
            train.main(["--dataset", path])
    assert models.list_newest() == []
