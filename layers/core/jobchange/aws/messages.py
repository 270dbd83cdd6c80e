"""What the functions ask of each other through queues: one type a message, one encoding, one reader.

A message goes to the queue of its type (`QUEUES`). S3's own notifications are read as messages, too.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import unquote_plus

from jobchange import times
from jobchange.aws import clients
from jobchange.aws.queues import Queue
from jobchange.settings import settings

_BATCH = 10
"""SQS's own limit for one batch."""


@dataclass(frozen=True, kw_only=True)
class ObjectCreated:
    """An object was dropped; `at` is the event's own time, RFC 3339."""

    bucket: str
    key: str
    version_id: str | None
    size: int
    at: str


@dataclass(frozen=True, kw_only=True)
class ReplayFile:
    """Validate a file again, as of an instant (RFC 3339)."""

    file_id: str
    at: str


@dataclass(frozen=True, kw_only=True)
class ScorePart:
    """Score a part of a file, from its batch `start` on."""

    file_id: str
    part: int
    start: int = 0


@dataclass(frozen=True, kw_only=True)
class RankFile:
    """Make the ranking of a file, all parts of which are scored."""

    file_id: str


@dataclass(frozen=True, kw_only=True)
class EraseCandidate:
    """Erase a candidate from the tables and from all files, or from the files after `cursor`. `waiting` are files that
    were being validated when they were looked at."""

    enrollee_id: int
    cursor: str | None = None
    waiting: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class FinishErasure:
    """Erase a candidate from files that were being validated; `turn` counts the attempts."""

    enrollee_id: int
    waiting: Sequence[str]
    turn: int


@dataclass(frozen=True, kw_only=True)
class RedactFile:
    """Redact every suppressed candidate in a file as it was dropped."""

    file_id: str


@dataclass(frozen=True, kw_only=True)
class ReplacePredictions:
    """Withdraw the predictions of the file that `file_id` replays."""

    file_id: str


Message = (
    ObjectCreated | ReplayFile | ScorePart | RankFile | EraseCandidate | FinishErasure | RedactFile | ReplacePredictions
)

QUEUES: dict[type[Message], Queue] = {
    ObjectCreated: Queue.INGEST,
    ReplayFile: Queue.INGEST,
    ScorePart: Queue.SCORE,
    RankFile: Queue.SCORE,
    EraseCandidate: Queue.DATA_REQUEST,
    FinishErasure: Queue.DATA_REQUEST,
    RedactFile: Queue.DATA_REQUEST,
    ReplacePredictions: Queue.DATA_REQUEST,
}
_TYPES = {type_.__name__: type_ for type_ in QUEUES}
_TYPE = "type"


class UnknownMessage(ValueError):
    """A text that is no message of ours. It isn't quoted: it may be anybody's."""


def encode(message: Message) -> str:
    """A message as JSON."""
    return json.dumps({_TYPE: type(message).__name__, **asdict(message)})


def decode(body: str) -> list[Message]:
    """The messages in the body of a queue's message: one of ours, or an object each of S3's notification (none for the
    test event that S3 sends when the notification is set up). Raises UnknownMessage."""
    try:
        document = json.loads(body)
        if _TYPE in document:
            type_ = _TYPES[document.pop(_TYPE)]
            return [type_(**document)]
        return list(objects_created(document))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnknownMessage("The message is not one that this queue should get.") from error


def objects_created(notification: dict[str, Any]) -> Iterator[ObjectCreated]:
    """The objects created, of an S3 notification; none for the test event. Raises KeyError for anything else."""
    if notification.get("Event") == "s3:TestEvent":
        return
    for record in notification["Records"]:
        bucket, created = record["s3"]["bucket"]["name"], record["s3"]["object"]
        yield ObjectCreated(
            bucket=bucket,
            key=unquote_plus(created["key"]),
            version_id=created.get("versionId"),
            size=created.get("size", 0),
            at=times.text(times.parse(record["eventTime"])),
        )


def send(message: Message, *, delay_seconds: int = 0) -> None:
    """Send a message to its queue."""
    clients.sqs().send_message(
        QueueUrl=QUEUES[type(message)].url, MessageBody=encode(message), DelaySeconds=delay_seconds
    )


def send_parts(file_id: str, parts: Sequence[int]) -> None:
    """One message for each part to be scored. Raises RuntimeError when the queue refuses any."""
    for start in range(0, len(parts), _BATCH):
        answer = clients.sqs().send_message_batch(
            QueueUrl=Queue.SCORE.url,
            Entries=[
                {"Id": str(part), "MessageBody": encode(ScorePart(file_id=file_id, part=part))}
                for part in parts[start : start + _BATCH]
            ],
        )
        if answer.get("Failed"):
            raise RuntimeError(f"The score queue refused {len(answer['Failed'])} messages of file {file_id}.")


def request_training(run_id: str, threshold_rule: Mapping[str, Any] | None) -> None:
    """Have the train function begin, without waiting for it; it records its run under `run_id`. Without a declared rule
    the threshold follows the champion's."""
    body = json.dumps({"run_id": run_id, "threshold_rule": threshold_rule}).encode()
    clients.functions().invoke(FunctionName=settings().train_function, InvocationType="Event", Payload=body)
