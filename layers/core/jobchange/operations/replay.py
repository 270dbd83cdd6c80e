"""Replay: a file is validated and scored again under today's contract, and its predictions take the place of the old.

The replay is a file of its own, with an id that follows from the old one's: asking twice gives the same replay, and a
replay can itself be replayed. It goes through the ingest queue like any file, so it is claimed, validated, scored and
retried like any, and it takes over the content from the old file instead of being its duplicate.

The old predictions stay until all of the new ones are there. Then the old scored file is deleted, and they are
withdrawn, piece by piece, from the table and the counters. If the replay is rejected, that happens as well: by today's
contract there are none.
"""

from collections.abc import Callable

from jobchange import times
from jobchange.aws import messages
from jobchange.aws.messages import ReplacePredictions, ReplayFile
from jobchange.aws.telemetry import logger
from jobchange.errors import Conflict
from jobchange.store import files, lock, scored_files, scoring_state, source_objects, withdrawals


def request(file_id: str) -> str:
    """Have a file replayed; returns the replay's id. Raises NotFound, or Conflict while the file isn't finished."""
    if not files.summary(file_id).finished:
        raise Conflict("This file isn't finished. Replay it when it has been scored; redrive what failed.")
    messages.send(ReplayFile(file_id=file_id, at=times.now()))
    return source_objects.replay_identity(file_id)


def replace(file_id: str, seconds_left: Callable[[], float]) -> None:
    """Withdraw the predictions of the file that `file_id` replays, if that one is finished."""
    new = files.summary(file_id)
    if not new.finished or new.replay_of is None:
        return
    old = scoring_state.get(new.replay_of)
    # First, as a ranking of predictions that are being withdrawn is of no use.
    scored_files.remove(old.file_id, old.day)
    rows, withdrawn = files.summary(old.file_id).rows.total, 0
    for chunk in range(rows // withdrawals.CHUNK_ROWS + 1):
        here = withdrawals.withdraw_rows(old.file_id, old.claimed_at, chunk)
        withdrawn += here
        # Never before something has been done, or a short limit would make it go round in circles.
        if here and seconds_left() < lock.MARGIN_SECONDS:
            messages.send(ReplacePredictions(file_id=file_id))
            return
    files.mark_replaced(old.file_id)
    logger.info("replaced", file_id=old.file_id, by=file_id, predictions=withdrawn)
