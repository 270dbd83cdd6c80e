"""The steps of erasures and replays, one message each, one at a time.

Each is idempotent and can be interrupted anywhere: its message is its retry. One that runs short of time sends a
message about what is left.
"""

from collections.abc import Callable
from typing import Any

from jobchange.aws import messages
from jobchange.aws.messages import EraseCandidate, FinishErasure, RedactFile, ReplacePredictions
from jobchange.aws.queue_handler import Handlers, SecondsLeft
from jobchange.operations import replay
from jobchange.privacy import erasure
from jobchange.settings import settings
from jobchange.store import lock

BUSY_SECONDS = 10
"""After how long a step that finds another one at work tries again."""


def _exclusively(step: Callable[[Any, SecondsLeft], None]) -> Callable[[Any, SecondsLeft], None]:
    """A step that waits for its turn: while another one is at work, its message comes back later."""

    def take(message: Any, seconds_left: SecondsLeft) -> None:
        try:
            with lock.exclusive_lock(settings().data_request_seconds):
                step(message, seconds_left)
        except lock.LockHeld:
            messages.send(message, delay_seconds=BUSY_SECONDS)

    return take


HANDLERS: Handlers = {
    EraseCandidate: _exclusively(erasure.erase),
    FinishErasure: _exclusively(lambda message, _: erasure.finish(message)),
    RedactFile: _exclusively(lambda message, _: erasure.redact_dropped(message.file_id)),
    ReplacePredictions: _exclusively(lambda message, seconds_left: replay.replace(message.file_id, seconds_left)),
}
