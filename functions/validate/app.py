"""Validates dropped files: S3 notifications, through SQS or direct (`sam local invoke`)."""

from typing import Any

from jobchange.aws import messages, queue_handler, telemetry
from jobchange.aws.messages import ObjectCreated, ReplayFile
from jobchange.aws.queues import Queue
from jobchange.quality import ingest

HANDLERS: queue_handler.Handlers = {
    ObjectCreated: lambda created, _: ingest.ingest_object(created),
    ReplayFile: lambda replay, _: ingest.ingest_replay(replay),
}


@telemetry.handler
def handler(event: dict[str, Any], context: Any) -> Any:
    """Ingest every object of the event; a queue gets back which of its messages failed."""
    if _from_queue(event):
        return queue_handler.handle(event, context, Queue.INGEST, HANDLERS)
    for created in messages.objects_created(event):
        ingest.ingest_object(created)
    return {}


def _from_queue(event: dict[str, Any]) -> bool:
    return any(record.get("eventSource") == "aws:sqs" for record in event.get("Records", []))
