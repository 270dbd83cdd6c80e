"""Validates dropped files: S3 notifications, through SQS or direct (`sam local invoke`)."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from jobchange import telemetry, times
from jobchange.quality.ingest import ingest
from jobchange.store import files
from jobchange.store.files import Upload

processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


@telemetry.handler
def handler(event: dict[str, Any], context: Any) -> Any:
    """Ingest every object the event tells of; a queue gets back which of its messages failed."""
    if _from_queue(event):
        return process_partial_response(event, _message, processor, context)
    for upload in uploads_in(event):
        ingest(upload)
    return {}


def uploads_in(notification: dict[str, Any]) -> Iterator[Upload]:
    """The objects created, of an S3 notification; none for the test event that S3 sends when it is set up. Or the file
    that an operator wants replayed."""
    if "replay" in notification:
        yield files.replay_of(notification["replay"], notification["at"])
        return
    if notification.get("Event") == "s3:TestEvent":
        return
    for record in notification["Records"]:
        bucket, dropped = record["s3"]["bucket"]["name"], record["s3"]["object"]
        key, version = unquote_plus(dropped["key"]), dropped.get("versionId")
        yield Upload(
            file_id=files.identity(bucket, key, version),
            bucket=bucket,
            key=key,
            version_id=version,
            size=dropped.get("size", 0),
            uploaded_at=times.text(times.parse(record["eventTime"])),
        )


@telemetry.reported
def _message(record: SQSRecord) -> None:
    for upload in uploads_in(json.loads(record.body)):
        ingest(upload)


def _from_queue(event: dict[str, Any]) -> bool:
    return any(record.get("eventSource") == "aws:sqs" for record in event.get("Records", []))
