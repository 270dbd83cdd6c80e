"""Dead letters: shown with their reasons, and moved back without losing any."""

import json
from types import ModuleType
from typing import Any

import pytest

from jobchange.access import tokens
from jobchange.aws import clients
from jobchange.aws.messages import EraseCandidate, FinishErasure, RankFile, ReplacePredictions, ScorePart
from jobchange.aws.queues import Queue, dead_letter_count
from jobchange.operations import dead_letters
from jobchange.settings import settings
from jobchange.store import claims, runs, scoring_state, source_objects
from tests.support.file_records import an_upload, claimed, finish
from tests.support.functions import Context, load_handler
from tests.support.operator_calls import called
from tests.support.queues import bodies, bury, queues

__all__ = ["queues"]
pytestmark = pytest.mark.usefixtures("queues")


@pytest.fixture
def ops() -> ModuleType:
    return load_handler("ops")


def call(ops: ModuleType, method: str, path: str, body: Any = None, role: str = "operator") -> tuple[int, Any]:
    """Call a route as the gateway does; the status and the JSON answer."""
    token = tokens.issue(f"a {role}", role=role, source="api", days=1)
    answer = ops.app(called(method, path, body, authorization=f"Bearer {token}"), Context())
    return answer["statusCode"], json.loads(answer["body"])


def notification(key: str) -> dict[str, Any]:
    dropped = {"bucket": {"name": "test-lake"}, "object": {"key": key, "versionId": "v1", "size": 10}}
    return {"Records": [{"eventTime": "2026-11-01T10:00:00.000Z", "s3": dropped}]}


def samples(queue: Queue) -> list[dict[str, Any]]:
    (shown,) = (each for each in dead_letters.show()["queues"] if each["queue"] == queue)
    found: list[dict[str, Any]] = shown["samples"]
    assert shown["messages"] == len(found)
    return found


def test_a_part_that_could_not_be_scored_is_shown_with_the_reason_in_its_record() -> None:
    finish(claimed(an_upload("f1")))
    scoring_state.record_part_failure("f1", 1, "ModelRefused: model.onnx has another checksum.")
    bury(Queue.SCORE, ScorePart(file_id="f1", part=1))

    (sample,) = samples(Queue.SCORE)

    assert (sample["file_id"], sample["part"], sample["name"]) == ("f1", 1, "f1.csv")
    assert sample["reason"] == "ModelRefused: model.onnx has another checksum."
    assert sample["received"] == 1
    assert sample["sent_at"].endswith("Z")


def test_a_file_that_could_not_be_ranked_is_shown_with_what_that_means() -> None:
    finish(claimed(an_upload("f1")))
    bury(Queue.SCORE, RankFile(file_id="f1"))

    (sample,) = samples(Queue.SCORE)

    assert (sample["file_id"], sample["part"], sample["name"]) == ("f1", None, "f1.csv")
    assert "could not be put in order" in sample["reason"]


def test_a_file_that_could_not_be_validated_is_shown_with_the_reason_in_its_record() -> None:
    file_id = source_objects.identity("test-lake", "raw/my file.csv", "v1")
    claimed(an_upload(file_id))
    claims.record_failure(file_id, "ClientError")
    bury(Queue.INGEST, notification("raw/my+file.csv"))

    (sample,) = samples(Queue.INGEST)

    assert (sample["file_id"], sample["part"], sample["reason"]) == (file_id, None, "ClientError")


def test_what_left_no_reason_is_shown_with_what_that_means() -> None:
    file_id = source_objects.identity("test-lake", "raw/killed.csv", "v1")
    claimed(an_upload(file_id))
    bury(Queue.INGEST, notification("raw/killed.csv"))
    bury(Queue.INGEST, notification("raw/never.csv"))
    bury(Queue.INGEST, "no JSON")
    bury(Queue.INGEST, "[1, 2]")
    finish(claimed(an_upload("f9"), champion=None), parts=0)
    bury(Queue.SCORE, ScorePart(file_id="f9", part=0))

    reasons = {sample["name"]: sample["reason"] for sample in samples(Queue.INGEST)}

    assert "cut off" in reasons[f"{file_id}.csv"]
    assert "no record" in reasons["never.csv"]
    assert "not one" in reasons[None]
    (done,) = samples(Queue.SCORE)
    assert done["reason"] == "Nothing is left to do: the file is SCORED."


def test_steps_of_recovery_are_shown_without_the_candidates_number_and_moved_back() -> None:
    finish(claimed(an_upload("f1")))
    waiting = FinishErasure(enrollee_id=987654321, waiting=[], turn=2)
    for task in (EraseCandidate(enrollee_id=987654321), waiting, ReplacePredictions(file_id="f1"), {"x": 1}):
        bury(Queue.DATA_REQUEST, task)

    shown = samples(Queue.DATA_REQUEST)

    assert sorted((each["name"] or "", each["reason"].split()[1]) for each in shown) == [
        ("", "erasure"),
        ("", "erasure"),
        ("", "message"),
        ("f1.csv", "file's"),
    ]
    assert "987654321" not in json.dumps(shown)
    assert dead_letters.redrive(Queue.DATA_REQUEST) == 4
    assert len(bodies(Queue.DATA_REQUEST.url)) == 4


def test_showing_leaves_the_messages_where_they_are() -> None:
    bury(Queue.SCORE, ScorePart(file_id="f1", part=1))

    assert samples(Queue.SCORE)[0]["received"] < samples(Queue.SCORE)[0]["received"]
    assert dead_letters.redrive(Queue.SCORE) == 1


def test_a_redrive_moves_every_message_of_its_queue_and_no_other() -> None:
    for part in range(23):
        bury(Queue.SCORE, ScorePart(file_id="f1", part=part))
    bury(Queue.INGEST, "stays")

    assert dead_letters.redrive(Queue.SCORE) == 23

    assert samples(Queue.SCORE) == []
    found = clients.sqs().get_queue_attributes(QueueUrl=settings().score_queue_url, AttributeNames=["All"])
    assert found["Attributes"]["ApproximateNumberOfMessages"] == "23"
    assert bodies(Queue.INGEST.dead_letters_url) == ["stays"]


@pytest.mark.parametrize("step", ["send_message_batch", "delete_message_batch"])
def test_what_could_not_be_sent_or_deleted_stays_among_the_dead_letters(
    monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    bury(Queue.SCORE, ScorePart(file_id="f1", part=0))

    def down(**_: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(clients.sqs(), step, down)
        with pytest.raises(ConnectionError):
            dead_letters.redrive(Queue.SCORE)

    assert dead_letter_count(Queue.SCORE) == 1


def test_a_message_that_fails_again_at_once_does_not_go_round(monkeypatch: pytest.MonkeyPatch) -> None:
    for part in range(15):
        bury(Queue.SCORE, ScorePart(file_id="f1", part=part))
    send = clients.sqs().send_message_batch

    def back(*, QueueUrl: str, Entries: Any) -> Any:  # noqa: N803
        assert QueueUrl == Queue.SCORE.url
        return send(QueueUrl=Queue.SCORE.dead_letters_url, Entries=Entries)

    monkeypatch.setattr(clients.sqs(), "send_message_batch", back)

    assert dead_letters.redrive(Queue.SCORE) == 20


def test_the_routes_answer_operators_and_write_down_what_was_done(ops: ModuleType) -> None:
    bury(Queue.SCORE, ScorePart(file_id="f1", part=0))

    status, shown = call(ops, "GET", "/ops/dlq")
    assert (status, [each["messages"] for each in shown["queues"]]) == (200, [0, 1, 0])
    assert call(ops, "POST", "/ops/dlq/redrive", {"queue": "score"}) == (200, {"queue": "score", "moved": 1})

    recorded, _ = runs.list_newest(limit=2)
    assert [(run["kind"], run["status"], run["reason"], run["counts"]) for run in recorded] == [
        ("operator", "SUCCEEDED", "a operator: redrive dead letters", {"moved": 1}),
        ("operator", "SUCCEEDED", "a operator: show dead letters", {}),
    ]


@pytest.mark.parametrize("body", [None, {}, {"queue": "other"}, {"queue": ["score"]}, ["score"]])
def test_a_redrive_of_no_known_queue_is_refused(ops: ModuleType, body: Any) -> None:
    status, problem = call(ops, "POST", "/ops/dlq/redrive", body)

    assert (status, problem["status"]) == (400, 400)
    ((run,), _) = runs.list_newest(limit=1)
    assert (run["kind"], run["status"]) == ("operator", "FAILED")


def test_a_user_may_neither_look_nor_redrive(ops: ModuleType) -> None:
    bury(Queue.SCORE, ScorePart(file_id="f1", part=0))

    assert call(ops, "GET", "/ops/dlq", role="user")[0] == 403
    assert call(ops, "POST", "/ops/dlq/redrive", {"queue": "score"}, role="user")[0] == 403
    assert len(bodies(Queue.SCORE.dead_letters_url)) == 1


def test_an_unexpected_error_tells_nothing(
    ops: ModuleType, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def down(_: Queue) -> None:
        raise ConnectionError("secret detail")

    monkeypatch.setattr(dead_letters, "redrive", down)

    status, problem = call(ops, "POST", "/ops/dlq/redrive", {"queue": "score"})

    assert status == 500
    assert "secret" not in json.dumps(problem)
    assert "secret" not in str([vars(record) for record in caplog.records])
