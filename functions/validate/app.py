"""Validates dropped files: S3 notifications, through SQS or direct (`sam local invoke`)."""

import json
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from jobchange import telemetry
from jobchange.notification import uploads_in
from jobchange.quality.ingest import ingest

processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


@telemetry.handler
def handler(event: dict[str, Any], context: Any) -> Any:
    """Ingest every object the event tells of; a queue gets back which of its messages failed."""
    if _from_queue(event):
        return process_partial_response(event, _message, processor, context)
    for upload in uploads_in(event):
        ingest(upload)
    return {}


@telemetry.reported
def _message(record: SQSRecord) -> None:
    for upload in uploads_in(json.loads(record.body)):
        ingest(upload)


def _from_queue(event: dict[str, Any]) -> bool:
    return any(record.get("eventSource") == "aws:sqs" for record in event.get("Records", []))
