"""Scores what has been ingested: `dispatch` on a schedule hands out parts, `score` scores one for each message."""

from typing import Any

from jobchange.aws import queue_handler, telemetry
from jobchange.aws.messages import RankFile, ScorePart
from jobchange.aws.queues import Queue
from jobchange.scoring.dispatch import dispatch_pending


@telemetry.handler
def dispatch(event: dict[str, Any], context: Any) -> dict[str, int]:
    """The schedule's tick, or an invocation by hand; returns how many files and parts were handed out."""
    return dispatch_pending()


@telemetry.handler
def score(event: dict[str, Any], context: Any) -> Any:
    """Messages of the score queue, each naming a file and a part, or a file to be ranked; returns which of them
    failed."""
    return queue_handler.handle(event, context, Queue.SCORE, {ScorePart: _score_part, RankFile: _rank_file})


def _score_part(message: ScorePart, seconds_left: queue_handler.SecondsLeft) -> None:
    # Imported here: `dispatch` has no need of numpy, pandas and the model's runtime.
    from jobchange.scoring.batch import score_part

    score_part(message.file_id, message.part, message.start, seconds_left)


def _rank_file(message: RankFile, _: queue_handler.SecondsLeft) -> None:
    from jobchange.scoring.batch import rank_file

    rank_file(message.file_id)
