"""The queues and their dead letters: how many there are, what they say, and how they are moved back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from jobchange import times
from jobchange.aws import clients
from jobchange.settings import settings

_BATCH = 10
"""SQS's own limit for one call."""
_HIDDEN_SECONDS = 30
"""How long a message that is being moved is hidden from others who move: far longer than moving ten takes."""


_POLL_SECONDS = 1
"""A long poll asks all of SQS's servers; a short one may miss a lonely message."""


class Queue(StrEnum):
    INGEST = "ingest"
    SCORE = "score"
    DATA_REQUEST = "data_request"

    @property
    def url(self) -> str:
        url: str = getattr(settings(), f"{self}_queue_url")
        return url

    @property
    def dead_letters_url(self) -> str:
        url: str = getattr(settings(), f"{self}_dead_letters_url")
        return url


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """A message that failed in every delivery. `received` counts its deliveries, those for showing it too."""

    id: str
    body: str
    received: int
    sent_at: str


def waiting_count(queue: Queue) -> int:
    """About how many messages wait in a queue or are being worked on."""
    return _count(queue.url)


def dead_letter_count(queue: Queue) -> int:
    """About how many dead letters there are, those just being looked at too."""
    return _count(queue.dead_letters_url)


def _count(url: str) -> int:
    found = clients.sqs().get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return int(found["ApproximateNumberOfMessages"]) + int(found["ApproximateNumberOfMessagesNotVisible"])


def samples(queue: Queue) -> list[DeadLetter]:
    """Up to ten dead letters, which stay where they are, and visible."""
    answer = clients.sqs().receive_message(
        QueueUrl=queue.dead_letters_url,
        MaxNumberOfMessages=_BATCH,
        VisibilityTimeout=0,
        WaitTimeSeconds=_POLL_SECONDS,
        MessageSystemAttributeNames=["ApproximateReceiveCount", "SentTimestamp"],
    )
    return [
        DeadLetter(
            id=message["MessageId"],
            body=message["Body"],
            received=int(message["Attributes"]["ApproximateReceiveCount"]),
            sent_at=times.text(datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC)),
        )
        for message in answer.get("Messages", [])
    ]


def hide(queue: Queue, receipt_handle: str, *, seconds: int) -> None:
    """Hide a message that was received for so long from now on, whatever the queue's own visibility is."""
    clients.sqs().change_message_visibility(QueueUrl=queue.url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds)


def redrive(queue: Queue) -> Iterator[int]:
    """Move dead letters back to their queue, some at a time; yields how many each time, and ends when none is left.

    A message is deleted here after it has been sent there, so one that is interrupted is done twice rather than lost.
    """
    while True:
        answer = clients.sqs().receive_message(
            QueueUrl=queue.dead_letters_url,
            MaxNumberOfMessages=_BATCH,
            VisibilityTimeout=_HIDDEN_SECONDS,
            WaitTimeSeconds=_POLL_SECONDS,
        )
        messages = {str(number): message for number, message in enumerate(answer.get("Messages", []))}
        if not messages:
            return
        sent = clients.sqs().send_message_batch(
            QueueUrl=queue.url,
            Entries=[{"Id": id_, "MessageBody": message["Body"]} for id_, message in messages.items()],
        )
        moved = [
            {"Id": each["Id"], "ReceiptHandle": messages[each["Id"]]["ReceiptHandle"]} for each in sent["Successful"]
        ]
        if moved:
            clients.sqs().delete_message_batch(QueueUrl=queue.dead_letters_url, Entries=moved)  # type: ignore[arg-type]
        yield len(moved)
