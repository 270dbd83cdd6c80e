"""The ingest queue and the dead letters, in AWS in memory, as the template would make them."""

import json
from typing import Any

import pytest

from jobchange.aws import clients
from jobchange.aws import queues as work_queues
from jobchange.aws.messages import Message, encode
from jobchange.aws.queues import Queue
from jobchange.settings import settings


@pytest.fixture
def queues(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """The queues of work with their dead letters behind them."""
    create = clients.sqs().create_queue
    for name in (
        "ingest_queue",
        "ingest_dead_letters",
        "score_queue",
        "score_dead_letters",
        "data_request_queue",
        "data_request_dead_letters",
    ):
        monkeypatch.setenv(f"{name.upper()}_URL", create(QueueName=f"test-{name.replace('_', '-')}")["QueueUrl"])
    settings.cache_clear()
    monkeypatch.setattr(work_queues, "_POLL_SECONDS", 0)  # In memory there is one server, that misses nothing.


def bury(queue: Queue, message: Message | dict[str, Any] | str) -> None:
    """Put a message among the dead letters of a queue."""
    if isinstance(message, dict):
        message = json.dumps(message)
    text = message if isinstance(message, str) else encode(message)
    clients.sqs().send_message(QueueUrl=queue.dead_letters_url, MessageBody=text)


def bodies(url: str) -> list[str]:
    """What lies in a queue, at most ten."""
    found = clients.sqs().receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
    return sorted(each["Body"] for each in found.get("Messages", []))
