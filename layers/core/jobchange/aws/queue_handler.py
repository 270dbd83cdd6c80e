"""The one way in which functions take messages from a queue."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from jobchange.aws import messages, telemetry
from jobchange.aws.messages import Message

SecondsLeft = Callable[[], float]
"""How many seconds the invocation may still take."""
Handlers = dict[type[Any], Callable[[Any, SecondsLeft], None]]
"""What is done with each type of message."""


def handle(event: dict[str, Any], context: Any, handlers: Handlers) -> Any:
    """Hand every message of an SQS event to the handler of its type; returns which of the event's records failed."""

    @telemetry.reported
    def take(record: SQSRecord, lambda_context: LambdaContext) -> None:
        for message in messages.decode(record.body):
            dispatch(message, handlers, lambda: lambda_context.get_remaining_time_in_millis() / 1000)

    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event, take, processor, context)


def dispatch(message: Message, handlers: Handlers, seconds_left: SecondsLeft) -> None:
    """Hand one message to the handler of its type. Raises UnknownMessage where it has none."""
    if type(message) not in handlers:
        raise messages.UnknownMessage("The message is not one that this queue should get.")
    handlers[type(message)](message, seconds_left)
