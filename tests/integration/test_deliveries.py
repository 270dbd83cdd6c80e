"""What becomes of a message that failed: it comes again soon, later each time, and keeps nothing else waiting."""

from types import ModuleType
from typing import Any

import pytest

from jobchange.aws import clients, queue_handler
from jobchange.aws.messages import ScorePart, encode
from jobchange.aws.queues import Queue
from jobchange.settings import settings
from tests.support.functions import Context, load_handler

pytestmark = pytest.mark.usefixtures("aws")

VISIBILITY_SECONDS = 330


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> str:
    """The score queue, with the visibility that the template gives it."""
    attributes: Any = {"VisibilityTimeout": str(VISIBILITY_SECONDS)}
    url: str = clients.sqs().create_queue(QueueName="test-visible", Attributes=attributes)["QueueUrl"]
    monkeypatch.setenv("SCORE_QUEUE_URL", url)
    settings.cache_clear()
    return url


def received(url: str) -> dict[str, Any]:
    """The event with which Lambda hands over what it received."""
    answer = clients.sqs().receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["ApproximateReceiveCount"]
    )
    records = [
        {
            "eventSource": "aws:sqs",
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
        }
        for message in answer.get("Messages", [])
    ]
    return {"Records": records}


def failing(*_: Any) -> None:
    raise RuntimeError("the table is busy")


def hidden_seconds(queue: str) -> int:
    """For how long the queue's only message is hidden, to the second."""
    from moto.core.utils import unix_time_millis
    from moto.sqs.models import sqs_backends

    (message,) = sqs_backends["123456789012"]["eu-west-1"].get_queue(queue.rsplit("/", 1)[-1])._messages
    return round((message.visible_at - unix_time_millis()) / 1000)


def test_a_message_that_failed_comes_again_in_seconds_and_later_each_time(queue: str) -> None:
    clients.sqs().send_message(QueueUrl=queue, MessageBody=encode(ScorePart(file_id="f", part=0)))
    event = received(queue)
    (record,) = event["Records"]
    hidden = []
    for delivery in ("1", "2", "3", "4", "40"):
        record["attributes"]["ApproximateReceiveCount"] = delivery
        answer = queue_handler.handle(event, Context(), Queue.SCORE, {ScorePart: failing})
        assert answer == {"batchItemFailures": [{"itemIdentifier": record["messageId"]}]}
        hidden.append(hidden_seconds(queue))

    assert hidden == [10, 40, 160, 640, 3600]


def test_what_is_no_message_of_ours_is_tried_again_as_any_other(queue: str) -> None:
    clients.sqs().send_message(QueueUrl=queue, MessageBody="?")

    queue_handler.handle(received(queue), Context(), Queue.SCORE, {})

    assert hidden_seconds(queue) == 10


def test_a_message_that_is_done_stays_hidden_until_lambda_deletes_it(queue: str) -> None:
    clients.sqs().send_message(QueueUrl=queue, MessageBody=encode(ScorePart(file_id="f", part=0)))

    answer = queue_handler.handle(received(queue), Context(), Queue.SCORE, {ScorePart: lambda *_: None})

    assert answer == {"batchItemFailures": []}
    assert hidden_seconds(queue) == VISIBILITY_SECONDS


def test_where_the_queue_does_not_answer_the_message_has_failed_all_the_same(queue: str) -> None:
    clients.sqs().send_message(QueueUrl=queue, MessageBody=encode(ScorePart(file_id="f", part=0)))
    event = received(queue)
    clients.sqs().delete_queue(QueueUrl=queue)

    answer = queue_handler.handle(event, Context(), Queue.SCORE, {ScorePart: failing})

    assert len(answer["batchItemFailures"]) == 1


@pytest.mark.parametrize("function", ["validate", "data_requests", "score"])
def test_every_function_behind_a_queue_says_when_its_message_shall_come_again(
    function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = {"validate": "INGEST", "data_requests": "DATA_REQUEST", "score": "SCORE"}[function]
    attributes: Any = {"VisibilityTimeout": "900"}
    url = clients.sqs().create_queue(QueueName=f"test-own-{function}", Attributes=attributes)["QueueUrl"]
    monkeypatch.setenv(f"{name}_QUEUE_URL", url)
    settings.cache_clear()
    clients.sqs().send_message(QueueUrl=url, MessageBody="?")
    module: ModuleType = load_handler(function)

    (module.score if function == "score" else module.handler)(received(url), Context())

    assert hidden_seconds(url) == 10
