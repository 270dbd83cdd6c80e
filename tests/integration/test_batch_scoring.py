"""The score function's two handlers, against AWS in memory."""

import json
from dataclasses import replace
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

from jobchange import times
from jobchange.aws import clients
from jobchange.aws.messages import RankFile, ScorePart, encode
from jobchange.registry import lifecycle
from jobchange.registry.artifact import TrainedModel
from jobchange.scoring import ranking
from jobchange.scoring.model import load
from jobchange.settings import settings
from jobchange.store import counters, files, models, prediction_counts, runs, scoring_state
from jobchange.store.tables import FileRow
from tests.support.functions import Context, load_handler
from tests.support.scoring import ingest, messages, stored

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def score() -> ModuleType:
    return load_handler("score")


def last_run() -> tuple[str, str | None]:
    ((run,), _) = runs.list_newest(limit=1)
    return run["status"], run["reason"]


def test_without_a_champion_the_run_is_skipped(score: ModuleType) -> None:
    ingest()

    assert score.dispatch({}, Context()) == {"files": 0, "parts": 0}
    assert last_run() == ("SKIPPED", "no_champion")
    assert messages() == []


def test_without_anything_new_the_run_is_skipped(score: ModuleType, champion: str) -> None:
    assert champion
    assert score.dispatch({}, Context()) == {"files": 0, "parts": 0}
    assert last_run() == ("SKIPPED", "nothing_new")


def test_a_planned_file_is_scored_by_its_workers(score: ModuleType, champion: str) -> None:
    file_id = ingest()

    assert score.dispatch({}, Context()) == {"files": 1, "parts": 1}
    assert last_run() == ("SUCCEEDED", None)
    assert score.score({"Records": messages()}, Context()) == {"batchItemFailures": []}

    file = files.get(file_id)
    assert (file.status, file.scored, file.model_version) == ("SCORED", 20, champion)
    assert sorted(each.row for each in stored()) == list(range(1, 21))
    assert {each.model_version for each in stored()} == {champion}


def test_a_file_is_judged_by_the_threshold_of_its_claim(score: ModuleType, champion: str) -> None:
    file_id = ingest()
    claimed_at = times.parse(scoring_state.get(file_id).claimed_at)
    decision = models.get(champion).decisions[0]
    for milliseconds, threshold in ((0, 0.0), (1, 1.0)):
        at = times.text(claimed_at + timedelta(milliseconds=milliseconds))
        models.decide(champion, {**decision, "at": at, "threshold": threshold})

    score.dispatch({}, Context())
    score.score({"Records": messages()}, Context())

    assert [each.will_change for each in stored()] == [True] * 20


def test_a_leased_file_is_not_planned_twice(score: ModuleType, champion: str) -> None:
    assert champion
    ingest()
    score.dispatch({}, Context())

    assert score.dispatch({}, Context()) == {"files": 0, "parts": 0}
    assert len(messages()) == 1


def test_a_message_delivered_again_stores_nothing_twice(score: ModuleType, champion: str) -> None:
    assert champion
    ingest()
    score.dispatch({}, Context())
    event = {"Records": messages()}
    score.score(event, Context())
    before = stored()

    assert score.score(event, Context()) == {"batchItemFailures": []}
    assert stored() == before


def test_a_worker_cut_off_before_ticking_its_part_off_is_repeated_without_a_trace(
    score: ModuleType, champion: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert champion
    file_id = ingest()
    score.dispatch({}, Context())
    event = {"Records": messages()}

    def cut(*_: Any) -> bool:
        raise ConnectionError("cut")

    with monkeypatch.context() as patch:
        patch.setattr(scoring_state, "complete_part", cut)
        assert len(score.score(event, Context())["batchItemFailures"]) == 1
    half = stored()
    assert files.get(file_id).status == "VALIDATED"

    assert score.score(event, Context()) == {"batchItemFailures": []}

    assert stored() == half
    assert files.get(file_id).scored == 20


def test_a_file_keeps_the_champion_of_its_first_claim(score: ModuleType, champion: str, trained: TrainedModel) -> None:
    file_id = ingest()
    later = replace(trained, profile={**trained.profile, "trained_at": "2027-01-01T00:00:00.000Z"})
    lifecycle.promote(lifecycle.register(later), by="test")

    score.dispatch({}, Context())
    score.score({"Records": messages()}, Context())

    assert files.get(file_id).model_version == champion
    assert {each.model_version for each in stored()} == {champion}


def test_a_worker_short_of_time_hands_the_rest_of_its_part_over(
    score: ModuleType, champion: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert champion
    monkeypatch.setattr("jobchange.store.scoring_state.BATCH_ROWS", 8)
    file_id = ingest()
    score.dispatch({}, Context())
    (message,) = messages()
    starts = []

    while True:
        hurried = Context()
        hurried.get_remaining_time_in_millis = lambda: 5000  # type: ignore[method-assign]
        assert score.score({"Records": [message]}, hurried) == {"batchItemFailures": []}
        waiting = messages()
        if not waiting:
            break
        (message,) = waiting
        starts.append(json.loads(message["body"]).get("start", "rank"))

    assert starts == [1, 2, "rank"]
    file = files.get(file_id)
    assert (file.status, file.scored) == ("SCORED", 20)
    assert sorted(each.row for each in stored()) == list(range(1, 21))
    assert sum(file.scores or ()) == 20


def busy_from(batch: int, monkeypatch: pytest.MonkeyPatch, seconds: list[float]) -> None:
    """From some batch on, the table takes no count; each attempt costs ten seconds."""
    count, batches = prediction_counts.count, []

    def counted(receipt: str, *arguments: Any, **named: Any) -> bool:
        if receipt not in batches:
            batches.append(receipt)
        if len(batches) > batch:
            seconds[0] -= 10
            raise TimeoutError("busy")
        return count(receipt, *arguments, **named)

    monkeypatch.setattr(prediction_counts, "count", counted)


def worker(seconds: list[float]) -> Context:
    context = Context()
    context.get_remaining_time_in_millis = lambda: int(1000 * seconds[0])  # type: ignore[method-assign]
    return context


def test_a_busy_table_keeps_a_worker_waiting_and_the_rest_of_its_part_goes_to_another(
    score: ModuleType, champion: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert champion
    monkeypatch.setattr("jobchange.store.scoring_state.BATCH_ROWS", 8)
    file_id = ingest()
    score.dispatch({}, Context())
    seconds = [300.0]

    with monkeypatch.context() as patch:
        busy_from(1, patch, seconds)
        assert score.score({"Records": messages()}, worker(seconds)) == {"batchItemFailures": []}

    assert seconds[0] < 20
    (message,) = messages()
    assert json.loads(message["body"])["start"] == 1
    assert files.get(file_id).failure is None
    assert score.score({"Records": [message]}, Context()) == {"batchItemFailures": []}
    assert files.get(file_id).scored == 20
    assert sum(amount for _, amount in counters.by_day("predictions#scheduled")) == 20


def test_a_table_that_takes_nothing_in_all_of_a_workers_time_is_a_failure(
    score: ModuleType, champion: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert champion
    file_id = ingest()
    score.dispatch({}, Context())
    seconds = [300.0]
    busy_from(0, monkeypatch, seconds)

    assert len(score.score({"Records": messages()}, worker(seconds))["batchItemFailures"]) == 1
    failure = files.get(file_id).failure
    assert failure is not None
    assert failure.reason == "TimeoutError"


def test_a_file_whose_ranking_alone_is_missing_is_dispatched_for_that(
    score: ModuleType, champion: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert champion
    file_id = ingest()
    score.dispatch({}, Context())

    def cut(*_: Any) -> None:
        raise ConnectionError("cut")

    with monkeypatch.context() as patch:
        patch.setattr(ranking, "rank", cut)
        assert len(score.score({"Records": messages()}, Context())["batchItemFailures"]) == 1
    assert files.get(file_id).status == "VALIDATED"
    FileRow(file_id, files.SUMMARY).update([FileRow.lease.remove()])

    assert score.dispatch({}, Context()) == {"files": 1, "parts": 0}
    (message,) = messages()
    assert message["body"] == encode(RankFile(file_id=file_id))
    assert score.score({"Records": [message]}, Context()) == {"batchItemFailures": []}
    assert files.get(file_id).status == "SCORED"


def test_the_record_of_a_file_tells_how_its_probabilities_are_spread(score: ModuleType, champion: str) -> None:
    assert champion
    file_id = ingest()
    score.dispatch({}, Context())
    score.score({"Records": messages()}, Context())

    expected = [0] * 10
    for each in stored():
        expected[int(each.probability * 10)] += 1
    assert files.get(file_id).scores == expected


def test_why_a_part_could_not_be_scored_stands_in_the_record_until_it_is(score: ModuleType, champion: str) -> None:
    file_id = ingest()
    score.dispatch({}, Context())
    event = {"Records": messages()}
    bucket, key = settings().lake_bucket, f"models/{champion}/model.onnx"
    model = clients.s3().get_object(Bucket=bucket, Key=key)["Body"].read()
    clients.s3().put_object(Bucket=bucket, Key=key, Body=b"tampered")
    load.cache_clear()

    assert len(score.score(event, Context())["batchItemFailures"]) == 1
    failure = files.get(file_id).failure
    assert failure is not None
    assert failure.part == 0
    assert failure.reason.startswith("ModelRefused: model.onnx")

    clients.s3().put_object(Bucket=bucket, Key=key, Body=model)
    assert score.score(event, Context()) == {"batchItemFailures": []}
    assert files.get(file_id).failure is None
    assert files.get(file_id).status == "SCORED"


def test_a_message_about_no_file_fails_and_harms_no_other(score: ModuleType, champion: str) -> None:
    assert champion
    ingest()
    score.dispatch({}, Context())
    (good,) = messages()
    bad = good | {"messageId": "bad", "body": encode(ScorePart(file_id="none", part=0))}

    answer = score.score({"Records": [bad, good]}, Context())

    assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert len(stored()) == 20
