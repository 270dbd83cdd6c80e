"""`make train`: from a labelled file to a registered champion, or to a sentence that says what is wrong."""

from pathlib import Path

import pytest

from data.generate import generate
from infra import stack, train
from jobchange import contract, registry
from jobchange.scoring.model import champion_model

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture(autouse=True)
def _stack_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack, "environment", dict)


def a_file(folder: Path, rows: int = 600, names: tuple[str, ...] = contract.NAMES) -> str:
    path = folder / "labelled.csv"
    path.write_text("\ufeff" + "".join(generate(rows, 5, names)), encoding="utf-8")
    return str(path)


def test_a_trained_model_becomes_the_champion(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train.main(["--dataset", a_file(tmp_path)])

    told = capsys.readouterr().out
    assert "600 labelled candidates" in told
    assert "fold 5 of 5" in told
    assert "roc_auc" in told
    assert champion_model().version in told
    assert registry.list_versions()[0].promoted_by == "make train"


def test_a_model_can_be_registered_without_promoting_it(tmp_path: Path) -> None:
    train.main(["--dataset", a_file(tmp_path), "--no-promote"])

    assert len(registry.list_versions()) == 1
    assert registry.champion() is None


def test_a_file_that_cannot_be_used_ends_with_a_sentence(tmp_path: Path) -> None:
    unlabelled = a_file(tmp_path, names=tuple(name for name in contract.NAMES if name != contract.LABEL))

    for path, reason in ((unlabelled, "no column target"), (str(tmp_path / "none.csv"), "No such file")):
        with pytest.raises(stack.Stopped, match=reason):
            train.main(["--dataset", path])
    assert registry.list_versions() == []
