"""Works off erasures and replays: messages of the data request queue, one step each."""

import json
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from jobchange import telemetry
from jobchange.recovery.step import step

processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


@telemetry.handler
def handler(event: dict[str, Any], context: Any) -> Any:
    """Take the steps that the messages name; returns which of them failed."""
    return process_partial_response(event, _step, processor, context)


@telemetry.reported
def _step(record: SQSRecord, lambda_context: LambdaContext) -> None:
    step(json.loads(record.body), seconds_left=lambda: lambda_context.get_remaining_time_in_millis() / 1000)
