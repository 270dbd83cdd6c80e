"""Versions are immutable, the champion is one item moved at once, and a model that isn't what it says is refused."""

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import onnx
import pytest

from jobchange.errors import Conflict, ModelRefused, NoChampion, NotFound
from jobchange.registry import lifecycle
from jobchange.registry.artifact import MODEL_FILE, PROFILE_FILE, Probes, TrainedModel
from jobchange.scoring import model as scoring
from jobchange.store import lake, models
from jobchange.store.models import Aliases

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture(autouse=True)
def _nothing_loaded() -> None:
    scoring.load.cache_clear()
    scoring._champion.cache_clear()


def another(trained: TrainedModel, trained_at: str) -> TrainedModel:
    return replace(trained, profile={**trained.profile, "trained_at": trained_at})


def test_a_registered_model_is_recorded_but_not_used(trained: TrainedModel) -> None:
    version = lifecycle.register(trained)

    record = models.get(version)
    assert record.metrics == trained.card["metrics"]
    assert set(record.checksums) == {
        *("model.onnx", "profile.json", "card.json", "card.html"),
        *("background.npz", "folds.npy"),
    }
    assert record.promoted_at is None
    assert models.aliases().champion is None


def test_a_version_is_named_after_its_time_and_content(trained: TrainedModel) -> None:
    first = lifecycle.register(another(trained, "2026-11-24T08:15:00.123Z"))
    second = lifecycle.register(another(trained, "2026-11-24T08:15:00.124Z"))

    assert first.startswith("20261124T081500Z-")
    assert second.startswith("20261124T081500Z-")
    assert first != second


def test_registering_again_changes_nothing(trained: TrainedModel) -> None:
    version = lifecycle.register(trained)
    lifecycle.promote(version, by="ann")

    assert lifecycle.register(trained) == version
    assert models.get(version).promoted_by == "ann"


def test_versions_are_listed_newest_first(trained: TrainedModel) -> None:
    times = ["2026-01-02T00:00:00.000Z", "2026-01-03T00:00:00.000Z", "2026-01-01T00:00:00.000Z"]
    versions = [lifecycle.register(another(trained, time)) for time in times]
    lifecycle.promote(versions[0], by="ann")

    assert [each.version for each in models.list_newest()] == sorted(versions, reverse=True)


def test_promotion_moves_the_champion_and_remembers_the_one_before(trained: TrainedModel) -> None:
    first, second = lifecycle.register(trained), lifecycle.register(another(trained, "2026-01-01T00:00:00.000Z"))

    lifecycle.promote(first, by="ann")
    assert models.aliases() == Aliases(champion=first)
    lifecycle.promote(second, by="bob")
    assert models.aliases() == Aliases(champion=second, previous=first)
    lifecycle.promote(second, by="eve")
    assert models.aliases() == Aliases(champion=second, previous=first)
    lifecycle.promote(first, by="ann")
    assert models.aliases() == Aliases(champion=first, previous=second)
    assert models.get(second).promoted_by == "bob"


def test_a_promoted_challenger_is_no_longer_the_challenger(trained: TrainedModel) -> None:
    first, second = lifecycle.register(trained), lifecycle.register(another(trained, "2026-01-01T00:00:00.000Z"))
    models.move_aliases(Aliases(), Aliases(champion=first, challenger=second), by="ann")

    lifecycle.promote(second, by="ann")

    assert models.aliases() == Aliases(champion=second, previous=first)


def test_an_unknown_version_is_never_promoted(trained: TrainedModel) -> None:
    version = lifecycle.register(trained)
    lifecycle.promote(version, by="ann")

    for unknown in ("20261124T081500Z-00000000", "ALIASES"):
        with pytest.raises(NotFound):
            lifecycle.promote(unknown, by="ann")
    assert models.aliases() == Aliases(champion=version)


def test_of_two_promotions_at_once_one_is_refused_and_leaves_no_trace(trained: TrainedModel) -> None:
    first, second = lifecycle.register(trained), lifecycle.register(another(trained, "2026-01-01T00:00:00.000Z"))
    seen = models.aliases()
    lifecycle.promote(first, by="ann")

    with pytest.raises(Conflict):
        models.move_aliases(seen, Aliases(champion=second), by="bob")

    assert models.aliases() == Aliases(champion=first)
    assert models.get(second).promoted_by is None


def failed(trained: TrainedModel) -> TrainedModel:
    gates = [{**gate, "passed": gate["gate"] != "minimum_auc", "sentence": "Not good."} for gate in trained.gates]
    return replace(trained, card={**trained.card, "gates": gates})


def test_a_version_that_failed_a_gate_is_kept_with_the_reason_and_not_promoted(trained: TrainedModel) -> None:
    version = lifecycle.register(failed(trained))

    record = models.get(version)
    assert (record.status, record.reason) == ("FAILED", "Not good.")
    assert [gate["passed"] for gate in record.gates].count(False) == 1
    for forced in ({}, {"force": True}, {"reason": "we must"}, {"force": True, "reason": "  "}):
        with pytest.raises(Conflict, match=r"failed: Not good\."):
            lifecycle.promote(version, by="ann", **forced)
    assert models.aliases().champion is None


def test_a_version_that_failed_is_promoted_by_force_with_a_reason_that_is_kept(trained: TrainedModel) -> None:
    version = lifecycle.register(failed(trained))

    lifecycle.promote(version, by="ann", force=True, reason=" the old one is worse ")

    record = models.get(version)
    assert models.aliases().champion == version
    assert (record.status, record.reason, record.promoted_by) == ("FAILED", "the old one is worse", "ann")
    assert record.promotions == [{"at": record.promoted_at, "by": "ann", "reason": "the old one is worse"}]


def test_every_promotion_of_a_version_is_kept(trained: TrainedModel) -> None:
    first, second = lifecycle.register(trained), lifecycle.register(another(trained, "2026-01-01T00:00:00.000Z"))
    for version, by in ((first, "ann"), (second, "bob"), (first, "eve")):
        lifecycle.promote(version, by=by)

    assert [each["by"] for each in models.get(first).promotions] == ["ann", "eve"]
    assert [each["by"] for each in models.get(second).promotions] == ["bob"]


def test_rolling_back_puts_the_previous_champion_in_its_place_and_says_so(trained: TrainedModel) -> None:
    first, second = lifecycle.register(trained), lifecycle.register(another(trained, "2026-01-01T00:00:00.000Z"))
    third = lifecycle.register(another(trained, "2026-01-02T00:00:00.000Z"))
    lifecycle.promote(first, by="ann")
    with pytest.raises(Conflict, match="No model"):
        lifecycle.roll_back(by="ann")
    lifecycle.promote(second, by="ann")
    lifecycle.set_challenger(third, by="ann")

    assert lifecycle.roll_back(by="bob") == first

    assert models.aliases() == Aliases(champion=first, challenger=third, previous=second)
    promotion = models.get(first).promotions[-1]
    assert (promotion["by"], promotion["reason"]) == ("bob", f"rolled back from {second}")


def test_a_challenger_that_a_rollback_makes_the_champion_is_no_longer_the_challenger(trained: TrainedModel) -> None:
    first, second = lifecycle.register(trained), lifecycle.register(another(trained, "2026-01-01T00:00:00.000Z"))
    lifecycle.promote(first, by="ann")
    lifecycle.promote(second, by="ann")
    lifecycle.set_challenger(first, by="ann")

    lifecycle.roll_back(by="bob")

    assert models.aliases() == Aliases(champion=first, previous=second)


def test_a_challenger_comes_and_goes_without_touching_the_champion(trained: TrainedModel) -> None:
    first, second = lifecycle.register(trained), lifecycle.register(another(trained, "2026-01-01T00:00:00.000Z"))
    lifecycle.promote(first, by="ann")

    lifecycle.set_challenger(second, by="bob")
    assert models.aliases() == Aliases(champion=first, challenger=second)
    with pytest.raises(Conflict, match="is the champion"):
        lifecycle.set_challenger(first, by="bob")
    with pytest.raises(NotFound):
        lifecycle.set_challenger("20261124T081500Z-00000000", by="bob")
    lifecycle.remove_challenger(by="bob")
    lifecycle.remove_challenger(by="bob")

    assert models.aliases() == Aliases(champion=first)
    assert len(models.get(first).promotions) == 1
    assert models.get(second).promotions == []


@pytest.mark.parametrize("file", [MODEL_FILE, PROFILE_FILE])
def test_a_version_whose_files_are_not_whole_gets_no_part_to_play(trained: TrainedModel, file: str) -> None:
    first, second = lifecycle.register(trained), lifecycle.register(another(trained, "2026-01-01T00:00:00.000Z"))
    lifecycle.promote(first, by="ann")
    lifecycle.promote(second, by="ann")
    lake.delete(f"models/{first}/{file}")

    for attempt in (lifecycle.promote, lifecycle.set_challenger):
        with pytest.raises(Conflict, match="incomplete"):
            attempt(first, by="ann")
    with pytest.raises(Conflict, match="incomplete"):
        lifecycle.roll_back(by="ann")
    assert models.aliases() == Aliases(champion=second, previous=first)


@pytest.mark.parametrize("file", [MODEL_FILE, PROFILE_FILE])
def test_a_champion_that_was_tampered_with_is_not_used_and_the_one_before_it_serves(
    trained: TrainedModel, file: str, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = lifecycle.register(trained), lifecycle.register(another(trained, "2026-01-01T00:00:00.000Z"))
    lifecycle.promote(first, by="ann")
    lifecycle.promote(second, by="ann")
    lake.put(f"models/{second}/{file}", b"tampered", content_type="application/octet-stream")

    assert scoring.champion_model().version == first
    assert "champion refused" in caplog.messages
    with pytest.raises(ModelRefused, match=second):
        scoring.load(second)


def test_a_refused_champion_without_a_trusted_one_before_it_is_reported(trained: TrainedModel) -> None:
    version = lifecycle.register(trained)
    lifecycle.promote(version, by="ann")
    lake.delete(f"models/{version}/{MODEL_FILE}")

    with pytest.raises(ModelRefused, match=version):
        scoring.champion_model()


def test_without_a_champion_there_is_no_model(trained: TrainedModel) -> None:
    lifecycle.register(trained)

    with pytest.raises(NoChampion, match="make train"):
        scoring.champion_model()


def test_the_champion_scores_as_scikit_learn_did(champion: str, trained: TrainedModel) -> None:
    model = scoring.champion_model()

    probes = trained.profile["probes"]
    assert model.version == champion
    assert model.profile["threshold"] == trained.profile["threshold"]
    scored = model.probabilities(np.array(probes["rows"], dtype=np.float32))
    np.testing.assert_allclose(scored, probes["probabilities"], rtol=0, atol=1e-6)


def test_a_loaded_version_is_kept(champion: str) -> None:
    model = scoring.load(champion)
    lake.delete(f"models/{champion}/{MODEL_FILE}")

    assert scoring.load(champion) is model


def test_a_model_of_unknown_version_is_refused() -> None:
    with pytest.raises(ModelRefused):
        scoring.load("20261124T081500Z-00000000")


@pytest.mark.parametrize("file", [MODEL_FILE, PROFILE_FILE])
def test_a_changed_file_is_refused(champion: str, file: str) -> None:
    body = bytearray(lake.get(f"models/{champion}/{file}"))
    body[len(body) // 2] ^= 1
    lake.put(f"models/{champion}/{file}", bytes(body), content_type="application/octet-stream")

    with pytest.raises(ModelRefused, match=file):
        scoring.load(champion)


@pytest.mark.parametrize("file", [MODEL_FILE, PROFILE_FILE])
def test_half_a_model_is_refused(champion: str, file: str) -> None:
    lake.delete(f"models/{champion}/{file}")

    with pytest.raises(ModelRefused):
        scoring.load(champion)


def _heavier_leaf(trained: TrainedModel) -> TrainedModel:
    graph = onnx.load_from_string(trained.onnx)
    for attribute in graph.graph.node[0].attribute:
        if attribute.name == "target_weights":
            attribute.floats[0] += 0.01
    return replace(trained, onnx=graph.SerializeToString())


def _not_a_model(trained: TrainedModel) -> TrainedModel:
    return replace(trained, onnx=b"not a model")


def _wrong_probes(trained: TrainedModel) -> TrainedModel:
    probes: Probes = json.loads(json.dumps(trained.profile["probes"]))
    probes["probabilities"][-1] += 2e-5
    return replace(trained, profile={**trained.profile, "probes": probes})


def _other_encoder(trained: TrainedModel) -> TrainedModel:
    return replace(trained, profile={**trained.profile, "encoder_hash": "0" * 16})


def _other_contract(trained: TrainedModel) -> TrainedModel:
    return replace(trained, profile={**trained.profile, "contract_version": "0"})


@pytest.mark.parametrize("wrong", [_heavier_leaf, _not_a_model, _wrong_probes, _other_encoder, _other_contract])
def test_a_model_that_is_not_what_its_profile_says_is_refused(
    trained: TrainedModel, wrong: Callable[[TrainedModel], TrainedModel]
) -> None:
    version = lifecycle.register(wrong(trained))

    with pytest.raises(ModelRefused, match=version):
        scoring.load(version)
