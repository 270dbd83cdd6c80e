"""A training in the cloud: from labelled files and outcomes to a registered version, compared with the champion."""

from collections.abc import Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from data.generate import generate
from jobchange import contract
from jobchange.errors import Unprocessable
from jobchange.registry import lifecycle
from jobchange.registry.artifact import TrainedModel
from jobchange.registry.threshold import COST, ThresholdRule
from jobchange.store import lake, models, runs
from jobchange.store.models import Gate
from jobchange.training import incumbent, trees
from jobchange.training.dataset import Dataset, read
from jobchange.training.evaluate import cross_validate
from jobchange.training.run import from_lake, run
from jobchange.training.train import train
from tests.support.functions import Context, load_handler
from tests.support.labelled import dataset_of, labelled_file

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def function() -> ModuleType:
    return load_handler("train")


def drop(name: str, text: str) -> None:
    lake.put(f"training/{name}", text.encode(), content_type="text/csv")


def labelled(rows: int, seed: int = 5) -> str:
    return "".join(generate(rows, seed))


def last_run() -> dict[str, Any]:
    return runs.list_newest(limit=1)[0][0]


def test_the_function_trains_on_every_file_and_registers_without_promoting(function: ModuleType) -> None:
    text = labelled(600)
    header, *rows = text.splitlines(keepends=True)
    drop("a.csv", header + "".join(rows[:300]))
    drop("folder/b.csv", "\ufeff" + (header + "".join(rows[300:])).replace("\n", "\r\n"))
    drop("notes.txt", "not for training")
    run_id = runs.new_id()

    answer = function.handler({"run_id": run_id}, Context())

    (record,) = models.list_newest()
    assert answer == {"version": record.version}
    assert record.status == "PASSED"
    assert models.aliases().champion is None
    run = last_run()
    assert (run["id"], run["kind"], run["status"]) == (run_id, "training", "SUCCEEDED")
    assert run["counts"] == {"rows": 600, "outcomes": 0, "gates": 8, "gates_failed": 0}
    assert run["reason"] == f"{record.version} PASSED"


def test_the_function_follows_a_declared_rule_and_else_the_champions(
    function: ModuleType, trained: TrainedModel
) -> None:
    drop("a.csv", labelled(300))
    declared = ThresholdRule(COST, 9).declared()
    inherited = replace(trained, profile={**trained.profile, "threshold_rule": ThresholdRule(COST, 4).declared()})
    lifecycle.promote(lifecycle.register(inherited), by="test")

    versions = [function.handler(event, Context())["version"] for event in ({"threshold_rule": declared}, {})]

    assert [models.get(version).threshold for version in versions] == pytest.approx([0.1, 0.2])


def test_the_same_rows_in_one_file_or_several_make_the_same_model(trained: TrainedModel) -> None:
    header, *rows = labelled(600).splitlines(keepends=True)
    drop("all.csv", header + "".join(rows))

    assert train(from_lake()).onnx == trained.onnx


def test_without_a_labelled_row_the_run_is_skipped(function: ModuleType) -> None:
    drop("header.csv", labelled(1).splitlines()[0])

    assert function.handler({}, Context()) == {"version": None}

    assert (last_run()["status"], last_run()["reason"]) == ("SKIPPED", "no_labelled_rows")
    assert models.list_newest() == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"a,b\n1,2\n", "has no header"),
        (labelled(3).encode("utf-16")[:-1], "training/x.csv begins as UTF-16"),
        (b"", "is empty"),
    ],
)
def test_a_file_that_cannot_be_used_fails_the_run_with_a_sentence(
    function: ModuleType, body: bytes, reason: str
) -> None:
    lake.put("training/x.csv", body, content_type="text/csv")

    with pytest.raises(Unprocessable, match=reason):
        function.handler({}, Context())

    assert last_run()["status"] == "FAILED"
    assert reason in last_run()["reason"]


def test_outcomes_that_users_reported_are_learned_from_and_come_before_files() -> None:
    header, *rows = labelled(20).splitlines()
    reported: list[Mapping[str, str | None]] = [
        {**dict(zip(contract.NAMES, row.split(","), strict=True)), contract.LABEL: "1"} for row in rows[:5]
    ]
    sparse = {name: value for name, value in reported[0].items() if name != "gender"} | {"enrollee_id": "999999"}

    dataset = read([labelled_file([header, *rows])], [*reported, sparse, {**sparse, "training_hours": "none"}, None])

    assert (len(dataset), dataset.outcomes) == (21, 6)
    assert dataset.target[:6].tolist() == [1] * 6
    assert dataset.left_out == {"unlabelled": 0, "broken": 1, "erased": 0, "repeated": 5, "unjoined": 1}
    assert dataset.sha256 != dataset_of([header, *rows]).sha256


def generated(rows: int, seed: int) -> Dataset:
    return dataset_of(labelled(rows, seed).splitlines())


def against_champion(trained: TrainedModel) -> Gate:
    (gate,) = (gate for gate in trained.gates if gate["gate"] == "not_worse_than_champion")
    return gate


@pytest.fixture(scope="module")
def large() -> tuple[Dataset, TrainedModel]:
    dataset = generated(6_000, 1)
    return dataset, train(dataset)


def test_the_champion_is_judged_on_terms_that_are_fair_to_both(large: tuple[Dataset, TrainedModel]) -> None:
    dataset, trained = large
    lifecycle.promote(lifecycle.register(trained), by="test")
    champion = incumbent.champion()
    assert champion is not None
    evaluation = cross_validate(dataset.features, dataset.target, trained.card["settings"]["seed"], lambda _: None)

    # Of rows that it was trained on, what its own cross-validation said; of others, what the model says.
    seen, unseen = champion.probabilities(dataset), generated(500, 2)
    np.testing.assert_allclose(seen, evaluation.probabilities, atol=1e-6)
    assert np.abs(seen - trees.probabilities(trained.onnx, dataset.features)).max() > 0.01
    assert (champion.probabilities(unseen) == trees.probabilities(trained.onnx, unseen.features)).all()

    again = against_champion(train(dataset, champion=champion))
    assert (again["passed"], again["value"]) == (True, 0.0)


def test_a_model_that_is_worse_than_the_champion_fails(large: tuple[Dataset, TrainedModel]) -> None:
    dataset, trained = large
    version = lifecycle.register(trained)
    lifecycle.promote(version, by="test")
    few = replace(dataset, columns={name: values[:1_000] for name, values in dataset.columns.items()})
    blurred = dict(few.columns)
    column = blurred["city_development_index"]
    blurred["city_development_index"] = [column[-1]] * len(column)
    # The champion knew the city's index of these candidates; fingerprints tell that these are other rows.
    worse = replace(few, columns=blurred)

    gate = against_champion(train(worse, champion=_knowing(few, worse)))

    assert not gate["passed"]
    assert version in gate["sentence"]
    assert "worse, and chance doesn't explain it" in gate["sentence"]


def test_a_model_of_so_few_rows_that_nothing_can_be_shown_fails(large: tuple[Dataset, TrainedModel]) -> None:
    lifecycle.promote(lifecycle.register(large[1]), by="test")

    gate = against_champion(train(generated(600, 10), champion=incumbent.champion()))

    assert not gate["passed"]
    assert "can't show that it isn't" in gate["sentence"]


def _knowing(dataset: Dataset, as_dataset: Dataset) -> incumbent.Incumbent:
    """The champion, that takes the rows of one data set for those of another."""
    champion = incumbent.champion()
    assert champion is not None
    folds = champion.folds[: len(as_dataset)].copy()
    folds["row"], folds["probability"] = as_dataset.fingerprints, champion.probabilities(dataset)
    return replace(champion, folds=np.sort(folds, order="row"))


@pytest.mark.parametrize("file", ["model.onnx", "folds.npy"])
def test_a_champion_that_is_not_whole_stops_no_candidate_model(large: tuple[Dataset, TrainedModel], file: str) -> None:
    version = lifecycle.register(large[1])
    lifecycle.promote(version, by="test")
    lake.put(f"models/{version}/{file}", b"tampered", content_type="application/octet-stream")

    assert incumbent.champion() is None


def test_a_run_compares_with_the_champion(trained: TrainedModel) -> None:
    version = lifecycle.register(trained)
    lifecycle.promote(version, by="test")

    made = run(lambda: generated(600, 5), run_id=runs.new_id())

    assert made is not None
    assert version in against_champion(made[1])["sentence"]
    assert len(models.list_newest()) == 2
