"""Any version by its address: how it was trained, what each threshold would do, and what the next would learn from."""

import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.lib.recfunctions import repack_fields
from sklearn.metrics import log_loss, roc_auc_score

from jobchange.access import tokens
from jobchange.registry import folds, lifecycle
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


def sharing(trained: TrainedModel, shared: int) -> TrainedModel:
    """A version that was trained on some rows of another one and on 50 others, and says something else of them."""
    random = np.random.default_rng(shared)
    rows = np.concatenate([random.choice(folds.loads(trained.folds), size, replace=False) for size in (shared, 50)])
    rows["row"][shared:] = random.integers(2**63, size=50)
    scores = np.clip(rows["probability"] + random.normal(0, 0.05, len(rows)), 0.001, 0.999)
    card = {**trained.card, "shared": shared}
    return replace(trained, card=card, folds=folds.dumps(rows["row"], scores, rows["looking"]))


def of_older_release(version: TrainedModel) -> TrainedModel:
    rows = repack_fields(folds.loads(version.folds)[["row", "probability"]])
    file = io.BytesIO()
    np.save(file, rows, allow_pickle=False)
    return replace(version, card={**version.card, "older": True}, folds=file.getvalue())


def against(token: str, version: str, other: str) -> Any:
    answer = call("GET", f"/models/{version}/against/{other}", token=token)
    assert answer.status == 200, answer.body
    return answer.json


def test_two_versions_are_compared_on_the_rows_that_both_were_judged_on(token: str, trained: TrainedModel) -> None:
    second = sharing(trained, 560)
    version, other = lifecycle.register(second), lifecycle.register(trained)

    shown = against(token, version, other)

    theirs = {int(each["row"]): each for each in folds.loads(trained.folds)}
    pairs = [(each, theirs[int(each["row"])]) for each in folds.loads(second.folds) if int(each["row"]) in theirs]
    looking = [bool(each["looking"]) for each, _ in pairs]
    scores = [[float(each["probability"]) for each in of_version] for of_version in zip(*pairs, strict=True)]
    assert shown["rows"] == len(pairs) == 560
    for name, measure in {"roc_auc": roc_auc_score, "log_loss": log_loss}.items():
        figure = shown[name]
        assert figure["value"] == pytest.approx(measure(looking, scores[0]) - measure(looking, scores[1]))
        assert figure["low"] < figure["value"] < figure["high"]
        assert against(token, other, version)[name]["value"] == pytest.approx(-figure["value"])
    same = {"value": 0, "low": 0, "high": 0}
    assert against(token, other, other) == {"rows": 600, "roc_auc": same, "log_loss": same}


def test_too_few_rows_in_common_tell_nothing(token: str, trained: TrainedModel, rival: TrainedModel) -> None:
    version = lifecycle.register(trained)

    few = against(token, version, lifecycle.register(sharing(trained, 499)))
    assert few == {"rows": 499, "roc_auc": None, "log_loss": None}
    assert against(token, version, lifecycle.register(rival))["rows"] == 0
    assert call("GET", f"/models/{version}/against/none", token=token).status == 404
    assert call("GET", f"/models/none/against/{version}", token=token).status == 404


def test_a_version_of_an_older_release_is_compared_by_the_outcomes_of_the_other(
    token: str, trained: TrainedModel
) -> None:
    second = sharing(trained, 560)
    names = [lifecycle.register(each) for each in (trained, of_older_release(trained), of_older_release(second))]
    version, older, oldest = names

    assert against(token, version, oldest) == against(token, version, lifecycle.register(second))
    assert against(token, oldest, version) == against(token, lifecycle.register(second), older)
    answer = call("GET", f"/models/{older}/against/{oldest}", token=token)
    assert answer.status == 404
    assert "older release" in answer.json["detail"]


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
