"""A challenger scores in the champion's shadow, and is compared with it, without ever standing in its way."""

from types import ModuleType

import pytest

from jobchange.access import tokens
from jobchange.aws import clients
from jobchange.registry import lifecycle
from jobchange.registry.artifact import TrainedModel
from jobchange.scoring.model import load
from jobchange.settings import settings
from jobchange.store import files, models, predictions
from tests.support.functions import Context, load_handler
from tests.support.rest import call
from tests.support.scoring import ingest, messages, stored

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def score() -> ModuleType:
    return load_handler("score")


@pytest.fixture
def challenger(champion: str, rival: TrainedModel) -> str:
    version = lifecycle.register(rival)
    assert version != champion
    lifecycle.set_challenger(version, by="test")
    return version


def scored(score: ModuleType) -> list[predictions.Prediction]:
    score.dispatch({}, Context())
    assert score.score({"Records": messages()}, Context()) == {"batchItemFailures": []}
    return stored()


def comparison() -> dict[str, object]:
    found: dict[str, object] = call("GET", "/model", token=tokens.issue("a", "user", "api", 1)).json["comparison"]
    return found


def test_both_score_and_the_champion_decides(score: ModuleType, champion: str, challenger: str) -> None:
    ingest()

    found = scored(score)

    assert len(found) == 20
    for each in found:
        assert (each.model_version, each.challenger_version) == (champion, challenger)
        assert each.challenger_probability is not None
        assert each.will_change == (each.probability >= load(champion).profile["threshold"])
        called_from = load(challenger).profile["threshold"]
        assert each.challenger_will_change == (each.challenger_probability >= called_from)
    assert any(each.challenger_probability != each.probability for each in found)


def test_the_comparison_is_what_the_stored_predictions_say(
    score: ModuleType, challenger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobchange.store.scoring_state.BATCH_ROWS", 8)
    ingest()
    score.dispatch({}, Context())
    event = {"Records": messages()}
    score.score(event, Context())
    # Delivered again, it counts nothing twice.
    score.score(event, Context())

    found, rows = comparison(), stored()

    agreed = sum(each.challenger_will_change == each.will_change for each in rows)
    shifts = [(each.challenger_probability or 0) - each.probability for each in rows]
    assert (found["challenger"], found["predictions"]) == (challenger, 20)
    assert found["agreement"] == agreed / 20
    assert found["mean_shift"] == pytest.approx(sum(shifts) / 20, abs=1e-6)
    assert (found["outcomes"], found["champion_auc"], found["challenger_auc"]) == (0, None, None)


def test_a_file_keeps_the_challenger_of_its_first_claim(score: ModuleType, challenger: str) -> None:
    ingest()
    lifecycle.remove_challenger(by="test")

    assert {each.challenger_version for each in scored(score)} == {challenger}


def test_a_file_claimed_without_a_challenger_is_scored_by_the_champion_alone(
    score: ModuleType, champion: str, rival: TrainedModel
) -> None:
    ingest()
    lifecycle.set_challenger(lifecycle.register(rival), by="test")

    assert {(each.model_version, each.challenger_version) for each in scored(score)} == {(champion, None)}
    assert comparison() == {
        "challenger": models.aliases().challenger,
        "predictions": 0,
        "agreement": None,
        "mean_shift": None,
        "outcomes": 0,
        "champion_auc": None,
        "champion_auc_interval": None,
        "challenger_auc": None,
        "challenger_auc_interval": None,
        "auc_difference": None,
        "auc_difference_interval": None,
    }


def test_a_challenger_that_is_refused_leaves_the_champion_alone(
    score: ModuleType, champion: str, challenger: str
) -> None:
    clients.s3().put_object(Bucket=settings().lake_bucket, Key=f"models/{challenger}/model.onnx", Body=b"tampered")
    load.cache_clear()
    file_id = ingest()

    found = scored(score)

    assert {(each.model_version, each.challenger_version) for each in found} == {(champion, None)}
    assert (files.get(file_id).status, files.get(file_id).failure) == ("SCORED", None)


def test_the_models_are_listed_with_their_roles(champion: str, challenger: str) -> None:
    token = tokens.issue("a", "user", "api", 1)

    listed = call("GET", "/models", token=token).json["models"]
    shown = call("GET", "/model", token=token).json

    assert {each["version"]: each["role"] for each in listed} == {champion: "champion", challenger: "challenger"}
    assert [each["version"] for each in listed] == sorted([champion, challenger], reverse=True)
    assert shown["aliases"] == {"champion": champion, "challenger": challenger, "previous": None}
    (row,) = (each for each in listed if each["role"] == "champion")
    assert {name: shown[name] for name in row if name != "role"} == {name: row[name] for name in row if name != "role"}
    assert shown["live"] is None


def test_without_a_challenger_there_is_nothing_to_compare(champion: str) -> None:
    assert champion
    assert comparison() is None


def test_the_card_of_a_model_is_linked(champion: str) -> None:
    token = tokens.issue("a", "user", "api", 1)
    models.add(models.ModelRecord(version="plain", created_at="2026-01-01T00:00:00.000Z", metrics={}, checksums={}))

    assert f"models/{champion}/card.html?" in call("GET", f"/models/{champion}/card", token=token).json["url"]
    assert call("GET", "/models/plain/card", token=token).status == 404
    assert call("GET", "/models/none/card", token=token).status == 404


def test_gates_and_their_verdict_are_shown(champion: str) -> None:
    shown = call("GET", "/model", token=tokens.issue("a", "user", "api", 1)).json

    known = models.get(champion)
    assert shown["gates"] == known.gates != []
    assert (shown["status"], shown["reason"]) == (known.status, known.reason)
