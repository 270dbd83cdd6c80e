"""What candidates really did: taken once, joined to what was predicted before, and measured as scikit-learn does."""

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from jobchange import contract, times
from jobchange.access import tokens
from jobchange.monitoring.outcome_reports import Report, record
from jobchange.monitoring.outcomes import compare
from jobchange.registry.threshold import threshold_at
from jobchange.settings import settings
from jobchange.store import models, outcomes, predictions, withdrawals
from jobchange.store.models import Aliases
from jobchange.store.predictions import Prediction
from jobchange.store.tables import OutcomeRow
from tests.support.predictions import FEATURES, predicted
from tests.support.rest import Answer, call

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def token(aws: None) -> str:  # noqa: ARG001
    return tokens.issue("recruiting", "user", "api", 1)


def ago(**span: float) -> str:
    return times.text(datetime.now(UTC) - timedelta(**span))


def post(token: str, *reports: dict[str, Any]) -> Answer:
    return call("POST", "/outcomes", list(reports), token=token)


def test_an_outcome_is_joined_to_the_latest_prediction_before_it(token: str) -> None:
    made = [predicted(7, ago(days=day), version=f"v{day}") for day in (9, 5, 1)]
    predictions.save(made)
    when = ago(days=3)

    answer = post(token, {"enrollee_id": 7, "changed_job": True, "observed_at": when})

    assert answer.json["outcomes"] == [
        {
            "enrollee_id": 7,
            "observed_at": when,
            "changed_job": True,
            "prediction_id": made[1].id,
            "model_version": "v5",
            "probability": 0.25,
            "counts": True,
            "counts_from": made[1].created_at,
        }
    ]


def test_a_prediction_of_the_same_instant_counts_as_before(token: str) -> None:
    made = predicted(7, ago(days=3))
    predictions.save([made])

    answer = post(token, {"enrollee_id": 7, "changed_job": True, "observed_at": made.created_at})

    assert answer.json["outcomes"][0]["prediction_id"] == made.id


def test_an_outcome_may_name_its_prediction(token: str) -> None:
    early, late = predicted(7, ago(days=5)), predicted(7, ago(days=2))
    predictions.save([early, late])

    answer = post(token, {"prediction_id": early.id, "changed_job": False, "observed_at": ago(days=1)})

    (known,) = answer.json["outcomes"]
    assert (known["enrollee_id"], known["prediction_id"]) == (7, early.id)


def test_an_outcome_of_somebody_never_scored_is_kept_and_measures_nothing(token: str) -> None:
    answer = post(token, {"enrollee_id": 7, "changed_job": True, "observed_at": ago(days=1)})

    (known,) = answer.json["outcomes"]
    assert (known["prediction_id"], known["model_version"], known["probability"]) == (None, None, None)
    assert call("GET", "/stats/live", token=token).json == {"versions": []}
    assert OutcomeRow.count(7) == 1


def test_the_outcomes_of_a_candidate_are_listed_newest_first(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    within(monkeypatch, delay=0, horizon=30)
    made = predicted(7, ago(days=40))
    late = predicted(7, ago(days=10), version="v2")
    predictions.save([made, late])
    earlier, later = ago(days=5), ago(days=1)
    post(token, {"enrollee_id": 7, "changed_job": False, "observed_at": earlier})
    post(token, {"enrollee_id": 7, "changed_job": True, "observed_at": later})
    post(token, {"enrollee_id": 8, "changed_job": True, "observed_at": later})

    found = call("GET", "/candidates/7/outcomes", token=token).json["outcomes"]

    assert [(each["observed_at"], each["changed_job"], each["prediction_id"], each["counts"]) for each in found] == [
        (later, True, late.id, False),
        (earlier, False, made.id, True),
    ]
    assert found[0]["counts_from"] > times.now()
    assert call("GET", "/candidates/9/outcomes", token=token).json == {"outcomes": []}


def test_the_same_outcome_twice_is_one_and_the_last_word_counts(token: str) -> None:
    report = {"enrollee_id": 7, "changed_job": True, "observed_at": ago(days=1)}

    first, second = post(token, report, report), post(token, report)
    assert first.json["outcomes"] == second.json["outcomes"] * 2
    assert OutcomeRow.count(7) == 1

    post(token, report | {"changed_job": False})
    (row,) = OutcomeRow.query(7)
    assert row.changed_job is False


def test_an_instant_is_the_same_however_its_offset_is_written(token: str) -> None:
    day = ago(days=2)[:10]

    for spelled in (f"{day}T09:30:00Z", f"{day}T11:30:00+02:00", f"{day}t09:30:00.000z"):
        assert post(token, {"enrollee_id": 7, "changed_job": True, "observed_at": spelled}).status == 200

    assert [row.observed_at for row in OutcomeRow.query(7)] == [f"{day}T09:30:00.000Z"]


def test_outcomes_live_as_long_as_predictions(token: str) -> None:
    when = ago(days=1)
    post(token, {"enrollee_id": 7, "changed_job": True, "observed_at": when})

    (row,) = OutcomeRow.query(7)
    assert row.expires == times.epoch(when) + int(settings().prediction_days) * 86_400


def test_whatever_is_wrong_is_reported_with_its_position_and_nothing_is_kept(token: str) -> None:
    nameless, made = predicted(None, ago(days=2)), predicted(8, ago(days=2))
    predictions.save([nameless, made])
    good = {"enrollee_id": 7, "changed_job": True, "observed_at": ago(days=1)}
    named = {"changed_job": True, "observed_at": ago(days=1)}

    answer = post(
        token,
        good,
        good | {"observed_at": ago(days=-1)},
        good | {"observed_at": ago(days=400)},
        named | {"prediction_id": "none"},
        named | {"prediction_id": nameless.id},
        named | {"prediction_id": made.id, "observed_at": ago(days=3)},
    )

    assert answer.status == 422
    assert answer.json["detail"].startswith("5 of 6 entries are not valid, so nothing was accepted.")
    assert [(each["row"], each["field"]) for each in answer.json["errors"]] == [
        *((1, "observed_at"), (2, "observed_at"), (3, "prediction_id"), (4, "prediction_id"), (5, "observed_at")),
    ]
    assert OutcomeRow.count(7) == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"enrollee_id": None}, None),
        ({"prediction_id": "x"}, None),
        ({"enrollee_id": 0}, "enrollee_id"),
        ({"enrollee_id": "7"}, "enrollee_id"),
        ({"enrollee_id": 2**31}, "enrollee_id"),
        ({"changed_job": "yes"}, "changed_job"),
        ({"changed_job": 1}, "changed_job"),
        ({"observed_at": "2026-01-31"}, "observed_at"),
        ({"observed_at": "2026-01-31T09:30:00"}, "observed_at"),
        ({"observed_at": "2026-02-31T09:30:00Z"}, "observed_at"),
        ({"gender": "Male"}, "gender"),
    ],
)
def test_a_report_of_the_wrong_shape_is_refused(token: str, change: dict[str, Any], field: str | None) -> None:
    answer = post(token, {"enrollee_id": 7, "changed_job": True, "observed_at": ago(days=1)} | change)

    assert answer.status == 422, answer.body
    assert [(each["row"], each["field"]) for each in answer.json["errors"]] == [(0, field)]


def test_at_most_a_thousand_are_taken_at_once(token: str) -> None:
    report = {"enrollee_id": 7, "changed_job": True, "observed_at": ago(days=1)}

    assert post(token, *[report] * 1001).status == 422
    assert post(token).status == 422


def version(name: str, **aliases: str) -> None:
    models.add(models.ModelRecord(version=name, created_at=ago(days=60), metrics={}, checksums={}))
    models.move_aliases(models.aliases(), Aliases(**{"champion": name, **aliases}), by="test")


def simulated(count: int, seed: int) -> tuple[list[Prediction], list[Report]]:
    """Candidates of two versions with a challenger, calibrated and with ties, and what they did over five weeks."""
    random_ = random.Random(seed)
    made, reports = [], []
    for number in range(1, count + 1):
        probability = round(random_.betavariate(1, 3), random_.choice([2, 6]))
        made.append(
            predicted(
                number,
                ago(days=random_.uniform(40, 50)),
                features={},
                version=random_.choice(["v1", "v2"]),
                probability=probability,
                challenger_version="v3",
                challenger_probability=min(1.0, probability * random_.uniform(0.5, 1.5)),
                challenger_will_change=False,
            )
        )
        reports.append(
            Report(
                # An index in memory is searched from end to end, so most are named by their prediction.
                prediction_id=made[-1].id if number > 4 else None,
                enrollee_id=None if number > 4 else number,
                changed_job=random_.random() < probability,
                observed_at=ago(days=random_.uniform(0, 35)),
            )
        )
    return made, reports


def test_live_measures_of_5000_outcomes_are_those_of_scikit_learn(token: str) -> None:
    made, reports = simulated(5000, seed=1)
    version("v1")
    version("v2", previous="v1", challenger="v3")

    def measured_live() -> Any:
        asyncio.set_event_loop(loop)  # The API's adapter asks for one.
        predictions.save(made)
        for start in range(0, len(reports), 1000):
            record(reports[start : start + 1000])
        return call("GET", "/stats/live", token=token).json["versions"]

    # On a stack of its own: CPython 3.11 maps and unmaps memory at each call that crosses the end of a piece of the
    # stack, and the answers' serializer in memory, at the depth of a test, crosses it a million times.
    with closing(asyncio.new_event_loop()) as loop, ThreadPoolExecutor(1) as alone:
        found = {each["version"]: each for each in alone.submit(measured_live).result()}

    assert set(found) == {"v1", "v2"}
    assert sum(each["outcomes"] for each in found.values()) == 5000
    for name, measured in found.items():
        joined = [
            (report, prediction)
            for report, prediction in zip(reports, made, strict=True)
            if prediction.model_version == name
        ]
        changed = np.array([report.changed_job for report, _ in joined])
        probabilities = np.array([prediction.probability for _, prediction in joined])
        assert measured["outcomes"] == len(joined)
        assert measured["auc"] == pytest.approx(roc_auc_score(changed, probabilities), abs=1e-12)
        assert measured["brier"] == pytest.approx(brier_score_loss(changed, probabilities), abs=1e-12)
        assert measured["ece"] < 0.05
        assert not measured["cut"]
        assert sum(each["outcomes"] for each in measured["calibration"]) == len(joined)
        weeks: dict[str, list[int]] = {}
        for at, (report, _) in enumerate(joined):
            weeks.setdefault(times.parse(report.observed_at).strftime("%G-W%V"), []).append(at)
        assert [each["week"] for each in measured["weeks"]] == sorted(weeks)
        for each in measured["weeks"]:
            of_week = weeks[each["week"]]
            assert each["outcomes"] == len(of_week)
            assert each["auc"] == pytest.approx(roc_auc_score(changed[of_week], probabilities[of_week]))
            assert each["brier"] == pytest.approx(brier_score_loss(changed[of_week], probabilities[of_week]))


def test_champion_and_challenger_are_compared_on_the_same_outcomes() -> None:
    made, reports = simulated(300, seed=2)
    predictions.save(made)
    record(reports)

    found = compare("v2", "v3")

    both = [(report, each) for report, each in zip(reports, made, strict=True) if each.model_version == "v2"]
    changed = [report.changed_job for report, _ in both]
    assert (found.challenger, found.outcomes) == ("v3", len(both))
    aucs = [
        roc_auc_score(changed, scores)
        for scores in ([each.probability for _, each in both], [each.challenger_probability for _, each in both])
    ]
    assert found.champion_auc is not None
    assert found.challenger_auc is not None
    assert found.auc_difference is not None
    assert [found.champion_auc.value, found.challenger_auc.value] == pytest.approx(aucs)
    assert found.auc_difference.value == pytest.approx(aucs[1] - aucs[0])
    # What the two have in common cancels out.
    widths = [each.high - each.low for each in (found.auc_difference, found.champion_auc)]
    assert widths[0] < widths[1]
    assert compare("v2", "v4").outcomes == 0


def test_one_kind_of_outcome_has_no_auc(token: str) -> None:
    predictions.save([predicted(7, ago(days=2))])
    post(token, {"enrollee_id": 7, "changed_job": True, "observed_at": ago(days=1)})
    version("v1")

    (found,) = call("GET", "/stats/live", token=token).json["versions"]

    assert (found["outcomes"], found["auc"], found["brier"]) == (1, None, pytest.approx(0.75**2))
    assert found["calibration"] == [
        {"from": 0.2, "to": pytest.approx(4 / 15), "mean_probability": 0.25, "observed_rate": 1, "outcomes": 1}
    ]


def within(monkeypatch: pytest.MonkeyPatch, *, delay: int, horizon: int) -> None:
    monkeypatch.setenv("OUTCOME_DELAY_DAYS", str(delay))
    monkeypatch.setenv("OUTCOME_HORIZON_DAYS", str(horizon))
    settings.cache_clear()


def test_of_several_outcomes_of_a_candidate_the_last_one_counts_and_the_others_are_shown(token: str) -> None:
    """One "not yet" before each later "yes" took the AUC from 1.00 to 0.75."""
    predictions.save([predicted(number, ago(days=9), probability=number / 10) for number in range(1, 9)])
    for number in range(1, 9):
        said = {"enrollee_id": number, "changed_job": False}
        post(token, said | {"observed_at": ago(days=5)}, said | {"observed_at": ago(days=3), "changed_job": number > 4})
    version("v1")

    (found,) = call("GET", "/stats/live", token=token).json["versions"]

    assert (found["outcomes"], found["superseded"], found["auc"]) == (8, 8, 1)
    assert [each["outcomes"] for each in found["weeks"]] in ([8], [4, 4])


def test_what_is_known_at_once_may_have_been_known_before(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    within(monkeypatch, delay=1, horizon=0)
    early, late = predicted(7, ago(days=5)), predicted(7, ago(days=2))
    predictions.save([early, late])

    (by_number,) = post(token, {"enrollee_id": 7, "changed_job": True, "observed_at": ago(days=1.5)}).json["outcomes"]
    (named,) = post(token, {"prediction_id": late.id, "changed_job": True, "observed_at": ago(days=1.4)}).json[
        "outcomes"
    ]

    assert by_number["prediction_id"] == early.id
    assert (named["enrollee_id"], named["prediction_id"], named["counts_from"]) == (7, None, None)


def test_a_no_speaks_of_a_prediction_whose_horizon_has_passed(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    within(monkeypatch, delay=1, horizon=90)
    early, late = predicted(7, ago(days=130)), predicted(7, ago(days=60))
    predictions.save([early, late])

    answers = [
        post(token, {"enrollee_id": 7, "changed_job": changed, "observed_at": ago(days=day)}).json["outcomes"][0]
        for changed, day in ((False, 50), (False, 30), (True, 20))
    ]

    assert [each["prediction_id"] for each in answers] == [None, early.id, late.id]


def test_a_yes_counts_together_with_the_noes_of_its_time(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    within(monkeypatch, delay=1, horizon=90)
    old, young = predicted(1, ago(days=100)), predicted(2, ago(days=50))
    predictions.save([old, young])
    post(
        token,
        {"enrollee_id": 1, "changed_job": False, "observed_at": ago(days=5)},
        {"enrollee_id": 2, "changed_job": True, "observed_at": ago(days=5)},
    )
    version("v1")

    (found,) = call("GET", "/stats/live", token=token).json["versions"]
    assert (found["outcomes"], found["waiting"]) == (1, 1)
    assert [row and row[contract.IDENTIFIER] for row in outcomes.labelled()].count("1") == 1
    assert [row for row in outcomes.labelled() if row is None] == [None]

    within(monkeypatch, delay=1, horizon=40)
    (found,) = call("GET", "/stats/live", token=token).json["versions"]
    assert (found["outcomes"], found["waiting"]) == (2, 0)


def test_an_outcome_outlives_its_prediction_even_when_it_is_reported_again(token: str) -> None:
    """A replay withdraws the predictions of a file, and makes others that are younger than the outcomes."""
    predictions.save([predicted(7, ago(days=9))])
    report = {"enrollee_id": 7, "changed_job": True, "observed_at": ago(days=3)}
    (first,) = post(token, report).json["outcomes"]
    for key in predictions.keys_of_candidate(7):
        withdrawals.withdraw(key, batch=None, since=1)
    predictions.save([predicted(7, ago(days=1))])

    (again,) = post(token, report | {"changed_job": False}).json["outcomes"]

    assert again == first | {"changed_job": False}
    (row,) = outcomes.labelled()
    assert row is not None
    assert (row[contract.LABEL], row["training_hours"]) == ("0", str(FEATURES["training_hours"]))


def test_live_figures_say_how_sure_they_are_and_whom_they_know(token: str, champion: str) -> None:
    """Only called candidates' outcomes are known: the AUC is low, and the scores themselves say that it would be."""
    random_ = random.Random(3)
    made = [
        predicted(number, ago(days=9), version=champion, probability=random_.uniform(0.35, 0.6))
        for number in range(1, 401)
    ]
    predictions.save(made)
    reports = [
        Report(
            prediction_id=each.id,
            enrollee_id=None,
            changed_job=random_.random() < each.probability,
            observed_at=ago(days=1),
        )
        for each in made
    ]
    record(reports)

    (found,) = call("GET", "/stats/live", token=token).json["versions"]
    shown = call("GET", "/model", token=token).json["live"]

    assert found["uncalled"] == 0
    assert found["expected_auc"] < 0.7
    assert found["auc_interval"]["low"] < found["auc"] < found["auc_interval"]["high"]
    assert 0.01 < found["ece_chance"] < 0.05
    assert all(each["auc_interval"] for each in found["weeks"])
    assert shown == {name: found[name] for name in shown}


def test_live_quality_is_measured_by_group_or_too_few_are_known(token: str, champion: str) -> None:
    random_ = random.Random(4)
    genders = [*["Female"] * 200, *["Male"] * 150, *["Other"] * 12, *[None] * 50]
    made = [
        predicted(
            number,
            ago(days=9),
            version=champion,
            probability=random_.random(),
            features={**FEATURES, "gender": gender},
        )
        for number, gender in enumerate(genders, start=1)
    ]
    predictions.save(made)
    changed = [random_.random() < each.probability for each in made]
    record(
        [
            Report(prediction_id=each.id, enrollee_id=None, changed_job=did, observed_at=ago(days=1))
            for each, did in zip(made, changed, strict=True)
        ]
    )
    called_from = threshold_at(champion, times.now())

    (found,) = call("GET", "/stats/live", token=token).json["versions"]

    for column in contract.GROUPED:
        assert sum(each["candidates"] for each in found["groups"] if each["column"] == column) == len(made)
    by_gender = {each["level"]: each for each in found["groups"] if each["column"] == "gender"}
    assert list(by_gender) == ["Female", "Male", "Other", contract.MISSING_BIN]
    for gender, level in (("Female", "Female"), ("Male", "Male"), ("Other", "Other"), (None, contract.MISSING_BIN)):
        measured = by_gender[level]
        of_group = [
            (each.probability, did) for each, did, known in zip(made, changed, genders, strict=True) if known == gender
        ]
        scores, truth = np.array([score for score, _ in of_group]), np.array([did for _, did in of_group])
        called = scores >= called_from
        assert measured["candidates"] == len(of_group)
        assert measured["rate"]["value"] == pytest.approx(truth.mean())
        assert measured["precision"]["value"] == pytest.approx(truth[called].mean())
        assert measured["recall"]["value"] == pytest.approx(called[truth].mean())
        assert 0.5 < measured["expected_auc"] < 1
        if gender == "Other":
            assert measured["auc"] is None
        else:
            assert measured["auc"]["value"] == pytest.approx(roc_auc_score(truth, scores))
        for name in ("rate", "auc", "precision", "recall"):
            if measured[name]:
                assert measured[name]["low"] < measured[name]["value"] < measured[name]["high"]


def test_more_outcomes_than_are_measured_are_reported(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobchange.monitoring.outcomes.MOST_OUTCOMES", 3)
    for number in range(1, 5):
        predictions.save([predicted(number, ago(days=9))])
        post(token, {"enrollee_id": number, "changed_job": number == 1, "observed_at": ago(days=5 - number)})
    version("v1")

    (found,) = call("GET", "/stats/live", token=token).json["versions"]

    assert (found["outcomes"], found["cut"], found["auc"]) == (3, True, None)


def test_everything_of_one_person_can_be_erased(token: str) -> None:
    for days in (1, 2):
        post(token, {"enrollee_id": 7, "changed_job": True, "observed_at": ago(days=days)})
    post(token, {"enrollee_id": 8, "changed_job": True, "observed_at": ago(days=1)})

    assert outcomes.erase_candidate(7) == 2
    assert outcomes.erase_candidate(7) == 0
    assert [int(row.enrollee_id) for row in OutcomeRow.scan()] == [8]


def test_known_outcomes_are_rows_to_train_on(token: str) -> None:
    predictions.save([predicted(number, ago(days=9)) for number in range(1, 151)])
    for start in (1, 76):
        reports = [
            {"enrollee_id": number, "changed_job": number % 2 == 0, "observed_at": ago(days=3)}
            for number in range(start, start + 75)
        ]
        assert post(token, *reports).status == 200
    # Corrected since; never scored; its prediction was deleted since.
    post(token, {"enrollee_id": 1, "changed_job": True, "observed_at": ago(days=1)})
    post(token, {"enrollee_id": 999, "changed_job": True, "observed_at": ago(days=1)})
    for key in predictions.keys_of_candidate(150):
        withdrawals.withdraw(key, batch=None, since=1)

    labelled = list(outcomes.labelled())
    found = {row[contract.IDENTIFIER]: row for row in labelled if row is not None}

    assert set(found) == {str(number) for number in range(1, 151)}
    assert len(labelled) == 151
    assert [found[str(number)][contract.LABEL] for number in (1, 2, 3)] == ["1", "1", "0"]
    for row in found.values():
        assert set(row) == set(contract.NAMES)
        for column in contract.STORED:
            cell = row[column.name]
            expected = FEATURES[column.name]
            assert cell is None if expected is None else contract.read(column, str(cell)).text == str(expected)
    assert models.list_newest() == []
