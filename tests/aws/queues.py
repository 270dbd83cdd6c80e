"""The ingest queue and the dead letters, in AWS in memory, as the template would make them."""

import json

import pytest

from jobchange.settings import settings
from jobchange.store import clients
from jobchange.store import queues as store_queues
from jobchange.store.queues import Queue


@pytest.fixture
def queues(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """The queues of work with their dead letters behind them."""
    create = clients.sqs().create_queue
    for name in ("ingest_queue", "ingest_dead_letters", "score_dead_letters", "recover_queue", "recover_dead_letters"):
        monkeypatch.setenv(f"{name.upper()}_URL", create(QueueName=f"test-{name.replace('_', '-')}")["QueueUrl"])
    settings.cache_clear()
    monkeypatch.setattr(store_queues, "_POLL_SECONDS", 0)  # In memory there is one server, that misses nothing.


def bury(queue: Queue, body: object) -> None:
    """Put a message among the dead letters of a queue."""
    text = body if isinstance(body, str) else json.dumps(body)
    clients.sqs().send_message(QueueUrl=queue.dead_letters_url, MessageBody=text)


def bodies(url: str) -> list[str]:
    """What lies in a queue, at most ten."""
    found = clients.sqs().receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
    return sorted(each["Body"] for each in found.get("Messages", []))
