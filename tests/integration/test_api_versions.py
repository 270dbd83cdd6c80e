"""Any version by its address: how it was trained, what each threshold would do, and what the next would learn from."""

import json
from dataclasses import replace
from typing import Any

import pytest

from jobchange.access import tokens
from jobchange.registry import lifecycle
from jobchange.registry.artifact import CARD_FILE, TrainedModel
from jobchange.registry.threshold import COST, DEFAULT, ThresholdRule
from jobchange.store import lake, models, outcomes
from jobchange.store.outcomes import Outcome
from jobchange.store.prediction_keys import PredictionKey
from jobchange.store.predictions import Prediction
from tests.support.functions import Context, load_handler
from tests.support.operator_calls import called
from tests.support.predictions import FEATURES
from tests.support.rest import call

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def token(aws: None) -> str:  # noqa: ARG001
    return tokens.issue("recruiting", "user", "api", 1)


def test_a_version_that_is_nobodys_champion_has_its_card_and_its_decisions(
    token: str, trained: TrainedModel, champion: str, rival: TrainedModel
) -> None:
    version = lifecycle.register(rival)
    lifecycle.change_threshold(version, ThresholdRule(COST, 4), by="ann", reason="fewer callers")

    shown = call("GET", f"/models/{version}", token=token).json

    assert (shown["version"], shown["role"], shown["card"]) == (version, None, json.loads(json.dumps(rival.card)))
    assert [each["by"] for each in shown["decisions"]] == ["training", "ann"]
    assert shown["threshold"] == pytest.approx(0.2)
    assert call("GET", f"/models/{champion}", token=token).json["role"] == "champion"
    assert call("GET", "/models/none", token=token).status == 404
    lake.put(f"models/{version}/{CARD_FILE}", b"{}", content_type="application/json")
    assert call("GET", f"/models/{version}", token=token).status == 503
    assert trained.version == champion


def test_at_its_own_threshold_a_version_does_what_its_card_says(token: str, trained: TrainedModel) -> None:
    version = lifecycle.register(trained)
    shown = call("GET", f"/models/{version}/thresholds", token=token).json
    at = shown["thresholds"].index(0.25)
    card = trained.card

    assert trained.profile["threshold"] == 0.25
    everybody = shown["everybody"]
    assert (everybody["rows"], everybody["looking"]) == (card["data"]["rows"], card["data"]["positives"])
    groups = {(each["column"], each["level"]): each for each in shown["groups"]}
    assert list(groups) == [(each["column"], each["level"]) for each in card["slices"]]
    for each in card["slices"]:
        group = groups[each["column"], each["level"]]
        assert group["called"][at] / group["rows"] == pytest.approx(each["selected"]["value"], abs=1e-5)
        if each["true_positive_rate"]:
            assert group["right"][at] / group["looking"] == pytest.approx(each["true_positive_rate"]["value"], abs=1e-5)
    for column in card["impact"]:
        for impact in column["called"]:
            group = groups[column["column"], impact["group"]]
            assert group["verdict"][at] == impact["verdict"]
            expected = impact["ratio"] and pytest.approx(impact["ratio"]["value"], abs=1e-4)
            assert group["ratio"][at] == expected


def test_a_version_of_an_older_release_has_no_operating_points(token: str, trained: TrainedModel) -> None:
    profile: Any = {name: value for name, value in trained.profile.items() if name != "labelled_scores"}
    version = lifecycle.register(replace(trained, profile=profile))

    answer = call("GET", f"/models/{version}/thresholds", token=token)

    assert answer.status == 404
    assert "older release" in answer.json["detail"]
    assert call("GET", "/models/none/thresholds", token=token).status == 404


def preview(role: str = "operator") -> tuple[int, Any]:
    authorization = f"Bearer {tokens.issue(f'an {role}', role=role, source='api', days=1)}"
    answer = load_handler("ops").app(called("GET", "/ops/train", authorization=authorization), Context())
    return answer["statusCode"], json.loads(answer["body"])


def test_a_training_says_beforehand_what_it_will_learn_from(champion: str) -> None:
    assert preview() == (200, {"files": [], "outcomes": 0, "threshold_rule": DEFAULT.declared()})

    for name in ("may.csv", "notes.md"):
        lake.put(f"training/{name}", b"12345", content_type="text/csv")
    known = Prediction(
        key=PredictionKey(source="api", created_at="2026-01-01T00:00:00.000Z", origin="ab" * 16, row=0),
        enrollee_id=1,
        features=dict(FEATURES),
        probability=0.5,
        will_change=True,
        model_version=champion,
    )
    # One candidate twice, another of whom nothing was predicted.
    reported = [("2026-02-01T00:00:00.000Z", known), ("2026-03-01T00:00:00.000Z", known)]
    outcomes.save(Outcome.of(1, at, True, prediction) for at, prediction in reported)
    outcomes.save([Outcome.of(2, "2026-02-01T00:00:00.000Z", True, None)])
    rule = ThresholdRule(COST, 9)
    lifecycle.change_threshold(champion, rule, by="ann", reason="more callers")

    status, found = preview()

    assert status == 200
    assert found == {
        "files": [{"name": "training/may.csv", "size": 5}],
        "outcomes": 1,
        "threshold_rule": rule.declared(),
    }
    assert found["outcomes"] == len([each for each in outcomes.labelled() if each])
    assert preview("user")[0] == 403
    assert models.aliases().champion == champion
