"""Scores what has been ingested: `plan` on a schedule hands out parts, `work` scores one part for each message."""

import json
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from jobchange import telemetry
from jobchange.scoring import plan as planning

processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


@telemetry.handler
def plan(event: dict[str, Any], context: Any) -> dict[str, int]:
    """The schedule's tick, or an invocation by hand; returns how many files and parts were handed out."""
    return planning.plan()


@telemetry.handler
def work(event: dict[str, Any], context: Any) -> Any:
    """Messages of the score queue, each naming a file and a part; returns which of them failed."""
    return process_partial_response(event, _part, processor, context)


@telemetry.reported
def _part(record: SQSRecord, lambda_context: LambdaContext) -> None:
    # Imported here: `plan` has no need of numpy, pandas and the model's runtime.
    from jobchange.scoring import work as working

    message = json.loads(record.body)
    working.score_part(
        message["file_id"],
        message["part"],
        message.get("start", 0),
        seconds_left=lambda: lambda_context.get_remaining_time_in_millis() / 1000,
    )
