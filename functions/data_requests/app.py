"""Takes the steps of erasures and replays: messages of its queue, one step each."""

from typing import Any

from jobchange.aws import queue_handler, telemetry
from jobchange.aws.queues import Queue
from jobchange.operations.data_requests import HANDLERS


@telemetry.handler
def handler(event: dict[str, Any], context: Any) -> Any:
    """Take the steps that the messages name; returns which of them failed."""
    return queue_handler.handle(event, context, Queue.DATA_REQUEST, HANDLERS)
