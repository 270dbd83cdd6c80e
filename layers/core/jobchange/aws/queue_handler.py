"""The one way in which functions take messages from a queue."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from jobchange.aws import messages, queues, telemetry
from jobchange.aws.messages import Message
from jobchange.aws.queues import Queue
from jobchange.aws.telemetry import logger
from jobchange.settings import settings

SecondsLeft = Callable[[], float]
"""How many seconds the invocation may still take."""
Handlers = dict[type[Any], Callable[[Any, SecondsLeft], None]]
"""What is done with each type of message."""
_SLOWER = 4
"""How many times longer each pause between two deliveries is than the one before."""
_LONGEST_SECONDS = 3600


def handle(event: dict[str, Any], context: Any, queue: Queue, handlers: Handlers) -> Any:
    """Hand every message of a queue's event to the handler of its type; returns which of the event's records failed.

    A message that failed comes again after RETRY_SECONDS, and later after each further failure: the queue's own
    visibility is for functions that were killed, and long.
    """

    @telemetry.reported
    def take(record: SQSRecord, lambda_context: LambdaContext) -> None:
        try:
            for message in messages.decode(record.body):
                dispatch(message, handlers, lambda: lambda_context.get_remaining_time_in_millis() / 1000)
        except Exception:
            _retry_soon(queue, record)
            raise

    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event, take, processor, context)


def _retry_soon(queue: Queue, record: SQSRecord) -> None:
    try:
        deliveries = int(record.attributes.approximate_receive_count)
        seconds = min(settings().retry_seconds * _SLOWER ** (deliveries - 1), _LONGEST_SECONDS)
        queues.hide(queue, record.receipt_handle, seconds=seconds)
    except Exception as error:
        # It comes again all the same, when the queue's visibility has passed.
        logger.warning("message comes again later than it should", extra={"error": type(error).__name__})


def dispatch(message: Message, handlers: Handlers, seconds_left: SecondsLeft) -> None:
    """Hand one message to the handler of its type. Raises UnknownMessage where it has none."""
    if type(message) not in handlers:
        raise messages.UnknownMessage("The message is not one that this queue should get.")
    handlers[type(message)](message, seconds_left)
