"""What functions do seldom, each under its own role (tests/support/acting.py judges every call)."""

import json
from typing import Any

import pytest
from botocore.stub import Stubber

from data.corrupt import corrupt
from data.generate import generate
from jobchange import times
from jobchange.access import tokens
from jobchange.aws import clients
from jobchange.aws.messages import EraseCandidate, ObjectCreated, ReplayFile, ScorePart
from jobchange.aws.queues import Queue
from jobchange.contract import Issue
from jobchange.errors import ModelRefused
from jobchange.monitoring import outcome_reports
from jobchange.monitoring.outcome_reports import Report
from jobchange.privacy import erasure, erasure_requests
from jobchange.quality import ingest, redact
from jobchange.quality.validate import validate
from jobchange.registry import lifecycle, loader
from jobchange.registry.artifact import MODEL_FILE, PROFILE_FILE, TrainedModel
from jobchange.scoring import model as scoring_model
from jobchange.scoring import ranking
from jobchange.scoring.batch import score_part
from jobchange.settings import settings
from jobchange.store import files, lake, outbox, suppression_list
from jobchange.store.lake_layout import bad_key, model_key, ranking_key, report_key
from jobchange.store.outbox import Stop
from jobchange.store.scored_files import RANKED
from jobchange.store.tables import FileRow, OutcomeRow, PredictionRow
from jobchange.training.run import from_lake
from tests.support import acting
from tests.support.candidates import CANDIDATE
from tests.support.functions import Context, load_handler
from tests.support.operator_calls import called
from tests.support.permissions import grants
from tests.support.queues import bury, queues
from tests.support.rest import call
from tests.support.system import drop, recover, score

__all__ = ["queues"]
pytestmark = pytest.mark.usefixtures("aws")

ROWS = "".join(generate(30, seed=9)).encode()


def ask(method: str, resource: str, body: Any = None, **parameters: str) -> tuple[int, Any]:
    """An operator's call; its status and document."""
    token = tokens.issue("an operator", role="operator", source="api", days=1)
    event = called(method, resource, body, authorization=f"Bearer {token}", **parameters)
    answer = load_handler("ops").app(event, Context())
    return answer["statusCode"], json.loads(answer["body"])


def forget_models() -> None:
    """What a new process knows of models."""
    loader.profile.cache_clear()
    scoring_model._champion.cache_clear()
    scoring_model.load.cache_clear()


def lose(version: str, name: str) -> None:
    """Delete a file of a model, as nobody should."""
    lake.delete(model_key(version, name))
    forget_models()


def drop_today() -> None:
    """Drop a file, and validate it, so that it is among those of the last day."""
    bucket, key = settings().lake_bucket, "raw/today.csv"
    version = clients.s3().put_object(Bucket=bucket, Key=key, Body=ROWS)["VersionId"]
    created = ObjectCreated(bucket=bucket, key=key, version_id=version, size=len(ROWS), at=times.now())
    ingest.ingest_object(created)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Uploads in several parts of a few bytes, as large files have."""
    monkeypatch.setattr(lake, "_PART_BYTES", 100)
    monkeypatch.setattr("moto.s3.models.S3_UPLOAD_PART_MIN_SIZE", 1)


def test_a_call_that_the_role_does_not_allow_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    (removed,) = grants()["AuthorizeFunction"]
    monkeypatch.setenv("ROLE_WITHOUT", acting.name("AuthorizeFunction", removed))
    event = {"type": "TOKEN", "authorizationToken": "Bearer jc_" + "A" * 43, "methodArn": "arn:aws:x:y:z:a/b/GET/"}

    with pytest.raises(Exception, match="AuthorizeFunction may not dynamodb:GetItem"):
        load_handler("ops").authorize(event, None)


@pytest.mark.usefixtures("queues")
@pytest.mark.parametrize(
    ("queue", "message"),
    [
        (Queue.INGEST, ReplayFile(file_id="f", at="2026-01-01T00:00:00.000Z")),
        (Queue.SCORE, ScorePart(file_id="f", part=0)),
        (Queue.DATA_REQUEST, EraseCandidate(enrollee_id=4711)),
    ],
)
def test_an_operator_looks_at_each_queue_of_dead_letters_and_redrives_it(queue: Queue, message: Any) -> None:
    bury(queue, message)

    assert ask("GET", "/ops/dlq")[0] == 200
    assert ask("POST", "/ops/dlq/redrive", {"queue": queue.value}) == (200, {"queue": queue.value, "moved": 1})


@pytest.mark.usefixtures("queues")
def test_an_operator_sees_of_a_dead_letter_what_the_files_record_says(champion: str) -> None:
    assert champion
    bury(Queue.SCORE, ScorePart(file_id=drop("a.csv", ROWS), part=0))

    status, document = ask("GET", "/ops/dlq")

    assert status == 200
    assert [sample["name"] for each in document["queues"] for sample in each["samples"]] == ["a.csv"]


def test_an_operator_starts_a_training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAIN_FUNCTION", "test-train")
    settings.cache_clear()
    with Stubber(clients.functions()) as functions:
        functions.add_response("invoke", {"StatusCode": 202})

        assert ask("POST", "/ops/train")[0] == 202
    settings.cache_clear()


def test_an_operator_erases_a_candidate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure_requests, "PATIENCE_SECONDS", 0.0)
    suppression_list.suppress(4712)

    assert ask("DELETE", "/ops/candidates/{enrollee_id}", enrollee_id="4711")[0] == 202


def test_a_model_whose_files_are_not_whole_is_reported_so_by_every_function(rival: TrainedModel, champion: str) -> None:
    """Where a function may not list the bucket, S3 denies access instead, and says nothing."""
    file_id = drop("a.csv", ROWS)
    incomplete = lifecycle.register(rival)
    lose(incomplete, MODEL_FILE)
    lose(champion, MODEL_FILE)
    token = tokens.issue("page", role="user", source="webapp", days=1)

    status, document = ask("POST", "/ops/models/{version}/challenge", version=incomplete)
    assert (status, "incomplete" in document["detail"]) == (409, True)
    assert call("POST", "/predictions/predict", [CANDIDATE], token=token).status == 503
    with pytest.raises(ModelRefused, match="incomplete"):
        score_part(file_id, 0, 0, seconds_left=lambda: 300.0)


def test_without_the_champions_profile_files_are_validated_and_the_watch_goes_on(champion: str) -> None:
    drop_today()
    lose(champion, PROFILE_FILE)

    load_handler("ops").watch({"hourly": True}, Context())
    forget_models()
    file_id = drop("b.csv", ROWS.replace(b"\n", b"\r\n"))

    assert files.get(file_id).drift is None


def test_the_hourly_watch_compares_with_the_champions_profile(champion: str) -> None:
    assert champion
    drop_today()
    forget_models()

    assert load_handler("ops").watch({"hourly": True}, Context())["changed"] <= 2


@pytest.mark.usefixtures("small_parts")
def test_what_was_written_of_a_file_that_turns_out_to_be_unusable_is_deleted(
    champion: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert champion
    damaged = corrupt(ROWS, {Issue.WRONG_TYPE: 0.9}, seed=1).data

    def unusable(*arguments: Any, **named: Any) -> Any:
        from dataclasses import replace

        named["outputs"].index(0, b"x")
        found = validate(*arguments, **named)
        return replace(found, fatal=Issue.UNREADABLE, reason="It ends too early.")

    monkeypatch.setattr(ingest, "validate", unusable)
    file_id = drop("a.csv", damaged)

    assert files.get(file_id).status == "REJECTED"
    assert not [*lake.keys(f"ids/{file_id}/"), *lake.keys(f"bad/{file_id}/"), *lake.keys(f"good/{file_id}/part")]


def erase_row(file_id: str) -> dict[str, Any]:
    """Erase a candidate of a file; the receipt."""
    enrollee_id = int(next(each for each in PredictionRow.scan() if each.file_id == file_id).enrollee_id)
    hash_ = erasure_requests.request(enrollee_id)
    forget_models()
    recover()
    return erasure_requests.receipt(hash_)


@pytest.mark.usefixtures("small_parts")
def test_an_erasure_in_a_new_process_redacts_the_report_with_the_models_profile(champion: str) -> None:
    assert champion
    file_id = drop("a.csv", ROWS)
    score()

    assert erase_row(file_id)["status"] == "COMPLETE"


def test_an_erasure_deletes_a_report_whose_findings_have_expired(champion: str) -> None:
    assert champion
    file_id = drop("a.csv", ROWS)
    score()
    FileRow(file_id, files.DETAIL).delete()

    erase_row(file_id)

    assert list(lake.keys(report_key(file_id))) == []


@pytest.mark.usefixtures("small_parts")
def test_an_erasure_that_fails_while_it_writes_leaves_no_upload_behind(
    champion: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert champion
    file_id = drop("a.csv", corrupt(ROWS, {Issue.WRONG_TYPE: 0.5}, seed=1).data)
    bad = lake.get(bad_key(file_id, "a.csv"))
    suppression_list.suppress(4711)
    erasing = erasure._Erasing(4711, suppression_list.load())

    def failing(*arguments: Any) -> Any:
        arguments[-1](b"x" * 1000)
        raise RuntimeError("the network is gone")

    for name, act in (
        ("bad_file", lambda: erasing._from_bad(file_id, "a.csv", [1])),
        ("dropped_file", lambda: erasure._redact_dropped(file_id, lambda numbers: numbers == 4711)),
    ):
        monkeypatch.setattr(redact, name, failing)
        with pytest.raises(RuntimeError, match="network"):
            act()

    assert "Uploads" not in clients.s3().list_multipart_uploads(Bucket=settings().lake_bucket)
    assert lake.get(bad_key(file_id, "a.csv")) == bad


def test_a_part_that_is_delivered_again_after_an_erasure_stores_nothing_of_the_erased(champion: str) -> None:
    assert champion
    file_id = drop("a.csv", ROWS)
    score()
    enrollee_id = int(next(iter(PredictionRow.scan())).enrollee_id)
    suppression_list.suppress(enrollee_id)
    FileRow(file_id, "summary").update(
        [FileRow.pending.set("1"), FileRow.parts_done.delete({0}), FileRow.lease.remove()]
    )

    score()

    assert enrollee_id not in {int(each.enrollee_id) for each in PredictionRow.scan()}


def test_training_reads_what_outcomes_say_of_predictions_and_leaves_out_the_erased(champion: str) -> None:
    assert champion
    drop("a.csv", ROWS)
    score()
    rows = list(PredictionRow.scan())
    reported = Report(
        prediction_id=None, enrollee_id=int(rows[0].enrollee_id), changed_job=True, observed_at=times.now()
    )
    outcome_reports.record([reported])
    suppression_list.suppress(int(rows[1].enrollee_id))
    assert OutcomeRow.count() == 1

    assert from_lake().outcomes == 1


def test_a_new_process_loads_the_champion_for_the_api_and_for_dropped_files(champion: str) -> None:
    token = tokens.issue("page", role="user", source="webapp", days=1)
    file_id = drop("a.csv", ROWS)

    forget_models()
    assert call("POST", "/predictions/predict", [CANDIDATE], token=token).status == 200
    forget_models()
    score_part(file_id, 0, 0, seconds_left=lambda: 300.0)

    assert files.get(file_id).status == "SCORED"
    assert [each["version"] for each in call("GET", "/models", token=token).json["models"]] == [champion]


def test_a_file_that_is_rejected_alerts_at_once(champion: str) -> None:
    assert champion
    file_id = drop("scan.csv", b"%PDF-1.7\n")

    assert [each.rpartition("#")[2] for each in outbox.waiting(Stop.RECEIVER)] == [file_id]
    assert list(outbox.waiting(Stop.TOPIC)) == []


@pytest.mark.usefixtures("small_parts")
def test_a_ranking_that_fails_while_it_is_written_leaves_no_upload_behind(
    champion: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert champion
    drop("a.csv", ROWS)

    def failing(*_: Any) -> bytes:
        raise RuntimeError("the network is gone")

    monkeypatch.setattr(ranking, "_ranked", failing)
    with pytest.raises(RuntimeError, match="network"):
        score()

    assert "Uploads" not in clients.s3().list_multipart_uploads(Bucket=settings().lake_bucket)


def test_an_erasure_ends_what_a_killed_ranking_has_begun_to_upload(champion: str) -> None:
    assert champion
    file_id = drop("a.csv", ROWS)
    score()
    begun = ranking_key(file_id, RANKED)
    clients.s3().create_multipart_upload(Bucket=settings().lake_bucket, Key=begun)

    erase_row(file_id)

    assert "Uploads" not in clients.s3().list_multipart_uploads(Bucket=settings().lake_bucket)
