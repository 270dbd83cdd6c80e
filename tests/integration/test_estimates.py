"""Quality before outcomes: estimated for the files of a day, beside what outcomes later say, and alerted about."""

import random
from collections import Counter
from typing import Any

import pytest

from data.generate import generate
from jobchange import contract, times
from jobchange.access import tokens
from jobchange.monitoring.check import CheckResult
from jobchange.monitoring.model_checks import HOURLY_CHECKS
from jobchange.monitoring.outcome_reports import Report, record
from jobchange.registry import lifecycle, threshold
from jobchange.registry.threshold import COST, ThresholdRule
from jobchange.store import file_listings, models, prediction_listings
from jobchange.store.predictions import Prediction
from tests.support.functions import Context, load_handler
from tests.support.notifications import notification
from tests.support.rest import call
from tests.support.system import score

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def token(aws: None) -> str:  # noqa: ARG001
    return tokens.issue("recruiting", "user", "api", 1)


def found() -> CheckResult | None:
    (check,) = (check for check in HOURLY_CHECKS if check.name == "estimated_quality")
    return check.find()


def dropped(name: str, rows: int, seed: int, **values: str) -> str:
    """A scored file of generated candidates, who all have some values; returns its id."""
    header, *lines = "".join(generate(rows, seed=seed)).splitlines()
    names = header.split(",")
    cells = [dict(zip(names, line.split(","), strict=True)) | values for line in lines]
    event = notification(f"raw/{name}", "\n".join([header, *(",".join(each.values()) for each in cells)]).encode())
    event["Records"][0]["eventTime"] = times.now()
    load_handler("validate").handler(event, Context())
    score()
    ((newest,), _) = file_listings.list_newest(limit=1)
    return newest.file_id


def get(token: str) -> dict[str, Any]:
    answer = call("GET", "/stats/estimates", token=token)
    assert answer.status == 200, answer.body
    estimated: dict[str, Any] = answer.json
    return estimated


def stored() -> list[Prediction]:
    rows, _ = prediction_listings.list_newest(start=None, end=None, sources=["scheduled"], limit=5000, cursor=None)
    return rows


def test_what_to_expect_of_a_file_and_its_day_is_there_as_soon_as_it_is_scored(token: str, champion: str) -> None:
    assert get(token) == {"days": [], "files": [], "groups": [], "cut": False}
    ids = [dropped("one.csv", 300, 11), dropped("two.csv", 200, 12)]

    shown = get(token)

    assert {each["file_id"] for each in shown["files"]} == set(ids)
    (day,) = shown["days"]
    assert (day["model_version"], day["expected"]["candidates"], day["measured"]) == (champion, 500, None)
    assert day["expected"]["rate"]["value"] == pytest.approx(
        sum(each["expected"]["rate"]["value"] * each["expected"]["candidates"] for each in shown["files"]) / 500,
        abs=1e-3,
    )
    for name in ("rate", "auc", "precision", "recall"):
        figure = day["expected"][name]
        assert 0 < figure["low"] < figure["value"] < figure["high"] < 1


def test_what_to_expect_of_each_group_adds_up_to_all(token: str, champion: str) -> None:
    assert champion
    dropped("one.csv", 300, 11)
    dropped("two.csv", 200, 12)

    shown = get(token)

    by_column: dict[str, list[dict[str, Any]]] = {}
    for each in shown["groups"]:
        by_column.setdefault(each["column"], []).append(each["expected"])
    assert tuple(by_column) == contract.GROUPED
    known = Counter(each.features["gender"] for each in stored())
    found = {each["level"]: each["expected"]["candidates"] for each in shown["groups"] if each["column"] == "gender"}
    assert found["Female"] == known["Female"]
    assert found[contract.MISSING_BIN] == known[None]
    for groups in by_column.values():
        assert sum(each["candidates"] for each in groups) == 500
        positives = sum(each["rate"]["value"] * each["candidates"] for each in groups)
        assert positives / 500 == pytest.approx(shown["days"][0]["expected"]["rate"]["value"], abs=1e-3)


def test_what_outcomes_say_is_shown_beside(token: str, champion: str) -> None:
    assert champion
    one, two = dropped("one.csv", 60, 11), dropped("two.csv", 50, 12)
    draw = random.Random(1)
    known = [each for each in stored() if each.file_id == one]
    changed = [draw.random() < each.probability for each in known]
    record(
        [
            Report(prediction_id=each.id, enrollee_id=None, changed_job=did, observed_at=times.now())
            for each, did in zip(known, changed, strict=True)
        ]
    )

    shown = get(token)

    measured = {each["file_id"]: each["measured"] for each in shown["files"]}
    assert measured[two] is None
    assert measured[one] == shown["days"][0]["measured"]
    assert (measured[one]["candidates"], measured[one]["rate"]["value"]) == (60, sum(changed) / 60)
    called = [did for each, did in zip(known, changed, strict=True) if each.will_change]
    assert measured[one]["precision"]["value"] == pytest.approx(sum(called) / len(called))
    assert measured[one]["recall"]["value"] == pytest.approx(sum(called) / sum(changed))


def test_a_decision_on_the_threshold_reaches_scores_estimates_live_quality_and_the_page_at_one_instant(
    token: str, champion: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped("one.csv", 60, 11)
    record(
        [
            Report(prediction_id=each.id, enrollee_id=None, changed_job=bool(at % 2), observed_at=times.now())
            for at, each in enumerate(stored())
        ]
    )
    candidates = [{name: value for name, value in each.features.items() if value is not None} for each in stored()]

    def called() -> tuple[int, int, int, float]:
        """By scores of now, by the estimate's own outcomes, by live quality, and from which probability on."""
        scored = call("POST", "/predictions/predict", candidates, token=token, store="false").json["predictions"]
        measured = get(token)["files"][0]["measured"]
        shown = call("GET", "/model", token=token).json
        precision = measured["precision"]
        return (
            sum(each["will_change"] for each in scored),
            round(30 * measured["recall"]["value"] / precision["value"]) if precision else 0,
            shown["live"]["outcomes"] - shown["live"]["uncalled"],
            shown["decisions"][-1]["threshold"],
        )

    before = called()
    assert before[0] == before[1] == before[2] > 0

    nobody = ThresholdRule(COST, 0.001)
    lifecycle.change_threshold(champion, nobody, by="ann", reason="no time")
    threshold._decisions.cache_clear()
    assert called() == (*before[:3], nobody.threshold([]))
    in_force, now = models.get(champion).decisions[-1]["at"], times.now
    monkeypatch.setattr(times, "now", lambda: max(in_force, now()))
    assert called() == (0, 0, 0, nobody.threshold([]))


def test_candidates_whom_the_model_can_hardly_put_in_order_are_reported_before_any_outcome(champion: str) -> None:
    assert found() is None
    dropped("like training.csv", 400, 11)
    usual = found()
    assert usual is not None
    assert not usual.failing

    alike = {"city_development_index": "0.92", "city": "city_103", "experience": "10", "education_level": "Graduate"}
    dropped("all alike.csv", 4_000, 12, **alike, company_size="", company_type="")
    worse = found()

    assert worse is not None
    assert worse.failing
    assert worse.figures["card"] == f"{models.get(champion).metrics['roc_auc']:.3f}"
    assert "only outcomes can show" in worse.sentence
