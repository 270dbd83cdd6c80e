"""Messages that failed in every delivery: what they are about, why they failed, and another try for all of them."""

import time
from dataclasses import dataclass
from typing import Any

from jobchange.aws import messages, queues
from jobchange.aws.messages import (
    ObjectCreated,
    RankFile,
    RedactFile,
    ReplacePredictions,
    ReplayFile,
    ScorePart,
    UnknownMessage,
)
from jobchange.aws.queues import DeadLetter, Queue
from jobchange.errors import NotFound
from jobchange.store import files, source_objects
from jobchange.store.files import Status

_SECONDS = 20
"""How long one call moves messages, so that it can still answer."""
_ERASURE = (
    "The erasure of a candidate failed or was cut off each time: the log of the data_request function says at what."
)
_ROWS = (
    "The file's rows could not be replaced or redacted: the log of the data_request function says at what it failed."
)
_RANKING = "The file's scores could not be put in order: the log of the score function says at what it failed."
_CUT_OFF = "It was cut off each time: it may have run out of time or memory."


@dataclass(frozen=True)
class _Subject:
    """What a message is about; an erasure is about no file. The candidate's number is not shown: only a caller who has
    it finds the receipt of the erasure."""

    file_id: str | None
    part: int | None = None
    name: str | None = None


def show() -> dict[str, Any]:
    """Every queue of dead letters, each with its number of `messages` and up to ten `samples` with their reasons."""
    return {
        "queues": [
            {
                "queue": queue.value,
                "messages": queues.dead_letter_count(queue),
                "samples": [_sample(queue, dead_letter) for dead_letter in queues.samples(queue)],
            }
            for queue in Queue
        ]
    }


def redrive(queue: Queue) -> int:
    """Give the dead letters of a queue another try; returns how many were moved. It moves those that were there when it
    began, as far as it gets in twenty seconds: one that fails again at once doesn't go round in circles."""
    waiting, moved, end = queues.dead_letter_count(queue), 0, time.monotonic() + _SECONDS
    for number in queues.redrive(queue):
        moved += number
        if moved >= waiting or time.monotonic() > end:
            break
    return moved


def _sample(queue: Queue, dead_letter: DeadLetter) -> dict[str, Any]:
    subject = _subject(queue, dead_letter.body)
    name, reason = _reason(queue, subject) if subject else (None, "The message is not one that this queue should get.")
    return {
        "id": dead_letter.id,
        "file_id": subject and subject.file_id,
        "part": subject and subject.part,
        "name": name,
        "reason": reason,
        "received": dead_letter.received,
        "sent_at": dead_letter.sent_at,
    }


def _subject(queue: Queue, body: str) -> _Subject | None:
    """What a message of a queue is about; None for one that the queue should not have got."""
    try:
        message = next(iter(messages.decode(body)), None)
    except UnknownMessage:
        return None
    if message is None or messages.QUEUES[type(message)] is not queue:
        return None
    match message:
        case ObjectCreated():
            source = source_objects.source_of(message)
            return _Subject(source.file_id, name=source.name)
        case ReplayFile():
            return _Subject(source_objects.replay_identity(message.file_id))
        case ScorePart():
            return _Subject(message.file_id, message.part)
        case RankFile() | RedactFile() | ReplacePredictions():
            return _Subject(message.file_id)
        case _:
            return _Subject(None)


def _reason(queue: Queue, subject: _Subject) -> tuple[str | None, str | None]:
    """The name of the file that a message is about, and what its record says of why it failed."""
    if subject.file_id is None:
        return None, _ERASURE
    try:
        file = files.get(subject.file_id)
    except NotFound:
        return subject.name, "There is no record of this file: it never got as far as that."
    if queue is Queue.DATA_REQUEST:
        return file.name, _ROWS
    failure = file.failure
    if failure and failure.part in (None, subject.part):
        return file.name, failure.reason
    if queue is Queue.SCORE and subject.part is None:
        return file.name, _RANKING
    unfinished = Status.VALIDATING if queue is Queue.INGEST else Status.VALIDATED
    if file.status is unfinished:
        return file.name, _CUT_OFF
    return file.name, f"Nothing is left to do: the file is {file.status}."
