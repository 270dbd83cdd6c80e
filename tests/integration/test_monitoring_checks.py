"""What the watch finds in the data: a day that has drifted, a model that has become worse."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from data.generate import generate
from jobchange import times
from jobchange.aws import topic
from jobchange.monitoring.check import CheckResult
from jobchange.monitoring.model_checks import HOURLY_CHECKS
from jobchange.monitoring.outcome_reports import Report, record
from jobchange.monitoring.outcomes import calibration_of
from jobchange.registry import loader
from jobchange.settings import settings
from jobchange.store import models, predictions
from tests.support.functions import Context, load_handler
from tests.support.notifications import notification
from tests.support.predictions import predicted

pytestmark = pytest.mark.usefixtures("aws")


def found(name: str) -> CheckResult | None:
    (check,) = (check for check in HOURLY_CHECKS if check.name == name)
    return check.find()


def drop(name: str, rows: list[str]) -> None:
    event = notification(f"raw/{name}", "".join(rows).encode())
    event["Records"][0]["eventTime"] = times.now()
    load_handler("validate").handler(event, Context())


def test_a_day_is_judged_once_there_are_candidates_and_reported_with_the_columns_that_moved(champion: str) -> None:
    assert champion
    assert found("drift") is None
    header, *rows = "".join(generate(400, seed=11)).splitlines(keepends=True)

    drop("like training.csv", [header, *rows])
    usual = found("drift")
    assert usual is not None
    assert not usual.failing

    place = header.split(",").index("city_development_index")
    poor = [",".join([*row.split(",")[:place], "0.5", *row.split(",")[place + 1 :]]) for row in rows]
    drop("poor cities.csv", [header, *poor * 3])
    moved = found("drift")
    assert moved is not None
    assert moved.failing
    assert "city_development_index" in moved.sentence


def report(count: int, *, right: bool, version: str) -> None:
    """Outcomes of some candidates, as they were predicted or the other way round."""
    made = [
        predicted(
            number + 1,
            times.text(datetime.now(UTC) - timedelta(days=2)),
            version=version,
            probability=number / count,
        )
        for number in range(count)
    ]
    predictions.save(made)
    seen = times.text(datetime.now(UTC) - timedelta(days=1))
    record(
        [
            Report(
                prediction_id=None,
                enrollee_id=number + 1,
                changed_job=(number > count / 2) is right,
                observed_at=seen,
            )
            for number in range(count)
        ]
    )


def test_a_model_is_judged_from_enough_outcomes_on(monkeypatch: pytest.MonkeyPatch, champion: str) -> None:
    assert found("live_quality") is None
    report(50, right=False, version=champion)
    assert found("live_quality") is None

    monkeypatch.setenv("WATCH_QUALITY_OUTCOMES", "50")
    settings.cache_clear()

    worse = found("live_quality")
    assert worse is not None
    assert worse.failing
    assert (worse.figures["auc"], worse.figures["outcomes"]) == ("0.000", 50)
    assert float(worse.figures["expected"]) > 0.6
    assert "of candidates who weren't called" in worse.sentence


def test_a_model_is_fine_whose_outcomes_are_known_of_called_candidates_only(champion: str) -> None:
    """Among themselves they are hard to tell apart: the card's AUC would alert of a model that is as good as ever."""
    profile, random = loader.profile(champion), np.random.default_rng(1)
    likely = calibration_of(profile)
    scores = random.uniform(profile["threshold"], 0.6, 400)
    probabilities = likely.calibrated(scores)
    made = [
        predicted(number, times.text(datetime.now(UTC) - timedelta(days=2)), version=champion, probability=score)
        for number, score in enumerate(scores.tolist(), 1)
    ]
    predictions.save(made)
    seen = times.text(datetime.now(UTC) - timedelta(days=1))
    record(
        [
            Report(prediction_id=each.id, enrollee_id=None, changed_job=changed, observed_at=seen)
            for each, changed in zip(made, (random.random(400) < probabilities).tolist(), strict=True)
        ]
    )

    fine = found("live_quality")

    assert fine is not None
    assert not fine.failing
    assert float(fine.figures["auc"]) < models.get(champion).metrics["roc_auc"] - 0.05
    assert fine.figures["uncalled"] == 0


def test_a_model_that_ranks_as_its_scores_promise_is_fine(monkeypatch: pytest.MonkeyPatch, champion: str) -> None:
    monkeypatch.setenv("WATCH_QUALITY_OUTCOMES", "50")
    settings.cache_clear()
    report(50, right=True, version=champion)

    fine = found("live_quality")
    assert fine is not None
    assert not fine.failing


def test_the_hourly_tick_makes_these_checks(monkeypatch: pytest.MonkeyPatch, champion: str) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(topic, "publish", sent.append)
    monkeypatch.setenv("WATCH_QUALITY_OUTCOMES", "50")
    settings.cache_clear()
    report(50, right=False, version=champion)

    for _ in range(2):
        load_handler("ops").watch({"hourly": True}, Context())

    assert [alert["title"] for alert in sent] == ["The model has become worse"]
