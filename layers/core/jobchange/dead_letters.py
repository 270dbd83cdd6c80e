"""Messages that failed as often as they may: what they are about, why they failed, and another try for all of them."""

import json
import time
from dataclasses import dataclass
from typing import Any

from jobchange.errors import NotFound
from jobchange.notification import uploads_in
from jobchange.store import files, queues
from jobchange.store.files import Status
from jobchange.store.queues import DeadLetter, Queue

_SECONDS = 20
"""How long one call moves messages, so that it can still answer."""
_ERASURE = (
    "The erasure of a candidate failed or was cut off each time: the log of the data_request function says at what."
)
_ROWS = (
    "The file's rows could not be replaced or struck out: the log of the data_request function says at what it failed."
)
_CUT_OFF = "It was cut off each time: it may have run out of time or memory."


@dataclass(frozen=True)
class _Subject:
    """What a message is about; an erasure is about no file. The candidate's number stays out of sight: the receipt of
    the erasure is found by who has it."""

    file_id: str | None
    part: int | None = None
    name: str | None = None


def show() -> dict[str, Any]:
    """Every queue of dead letters, each with its number of `messages` and up to ten `samples` with their reasons."""
    return {
        "queues": [
            {
                "queue": queue.value,
                "messages": queues.dead(queue),
                "samples": [_sample(queue, letter) for letter in queues.samples(queue)],
            }
            for queue in Queue
        ]
    }


def redrive(queue: Queue) -> int:
    """Give the dead letters of a queue another try; returns how many were moved. It moves those that lay there when it
    began, as far as it gets in twenty seconds: one that fails again at once doesn't go round in circles."""
    lying, moved, end = queues.dead(queue), 0, time.monotonic() + _SECONDS
    for number in queues.move_back(queue):
        moved += number
        if moved >= lying or time.monotonic() > end:
            break
    return moved


def _sample(queue: Queue, letter: DeadLetter) -> dict[str, Any]:
    subject = _subject(queue, letter.body)
    name, reason = _reason(queue, subject) if subject else (None, "The message is not one that this queue should get.")
    return {
        "id": letter.id,
        "file_id": subject and subject.file_id,
        "part": subject and subject.part,
        "name": name,
        "reason": reason,
        "received": letter.received,
        "sent_at": letter.sent_at,
    }


def _subject(queue: Queue, body: str) -> _Subject | None:
    try:
        message = json.loads(body)
        if queue is Queue.SCORE:
            return _Subject(str(message["file_id"]), int(message["part"]))
        if queue is Queue.DATA_REQUEST:
            return _recovery(message)
        upload = next(uploads_in(message))
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration):
        return None
    return _Subject(upload.file_id, name=upload.name)


def _recovery(task: dict[str, Any]) -> _Subject:
    if "erase" in task or "finish" in task:
        return _Subject(None)
    return _Subject(str(task["strike"] if "strike" in task else task["replaced_by"]))


def _reason(queue: Queue, subject: _Subject) -> tuple[str | None, str | None]:
    """The name of the file that a message is about, and what its record says of why it failed."""
    if subject.file_id is None:
        return None, _ERASURE
    try:
        file = files.get(subject.file_id)
    except NotFound:
        return subject.name, "There is no record of this file: it never got as far as that."
    if queue is Queue.DATA_REQUEST:
        return file["name"], _ROWS
    failure = file["failure"]
    if failure and failure["part"] in (None, subject.part):
        return file["name"], failure["reason"]
    unfinished = Status.VALIDATING if queue is Queue.INGEST else Status.VALIDATED
    if file["status"] == unfinished:
        return file["name"], _CUT_OFF
    return file["name"], f"Nothing is left to do: the file is {file['status']}."
