"""What the watch looks at in the machinery: dead letters, files that wait or are stuck, and silence."""

from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice

from jobchange import times
from jobchange.aws import queues, telemetry
from jobchange.aws.queues import Queue
from jobchange.contract import Criticality
from jobchange.monitoring.check import Check, CheckResult
from jobchange.settings import settings
from jobchange.store import file_listings, models, scoring_state

_MOST = 100
"""Stuck files that are counted."""


def _dead_letters(queue: Queue) -> CheckResult:
    limit, messages = settings().watch_dead_letters, queues.dead_letter_count(queue)
    return CheckResult(
        failing=messages > limit,
        figures={"messages": messages, "limit": limit},
        sentence=f"{messages} messages are among the dead letters of the {queue} queue.",
    )


def _lag() -> CheckResult:
    limit, oldest = settings().watch_lag_seconds, scoring_state.waiting_since()
    if oldest is None:
        return CheckResult(
            failing=False, figures={"seconds": 0, "limit": limit}, sentence="No file is waiting to be scored."
        )
    file_id, since = oldest
    seconds = round((datetime.now(UTC) - times.parse(since)).total_seconds())
    telemetry.metrics(scoring_lag_seconds=seconds)
    because = "" if models.aliases().champion else " There is no model to score it with."
    return CheckResult(
        failing=seconds > limit,
        figures={"seconds": seconds, "limit": limit, "file": file_id},
        sentence=f"A file has been waiting for {seconds // 60} minutes to be scored completely.{because}",
    )


def _stuck() -> CheckResult:
    limit = settings().watch_stuck_seconds
    before = times.text(datetime.now(UTC) - timedelta(seconds=limit))
    stuck = list(islice(file_listings.validating_since(before), _MOST))
    return CheckResult(
        failing=bool(stuck),
        figures={"files": len(stuck), "limit_seconds": limit} | ({"first": stuck[0]} if stuck else {}),
        sentence=f"{len(stuck)} files have been in validation for more than {limit // 60} minutes.",
    )


def _silence() -> CheckResult | None:
    hours = settings().watch_silence_hours
    newest, _ = file_listings.list_newest(limit=1) if hours else ([], None)
    if not newest:
        return None
    last = newest[0].uploaded_at
    silent = (datetime.now(UTC) - times.parse(last)).total_seconds() / 3600
    return CheckResult(
        failing=silent > hours,
        figures={"hours": f"{silent:.1f}", "limit": f"{hours:g}", "last": last},
        sentence=f"The last file was dropped {silent:.1f} hours ago.",
    )


def _none_dead(queue: Queue, title: str, view: str) -> Check:
    return Check(
        name=f"{queue}_dead_letters",
        title=title,
        criticality=Criticality.CRITICAL,
        what_to_do=f"See the reasons with GET /ops/dlq, fix the cause, then POST /ops/dlq/redrive for queue {queue}.",
        view=view,
        find=partial(_dead_letters, queue),
    )


CHECKS = (
    _none_dead(Queue.INGEST, "Files could not be validated", "files"),
    _none_dead(Queue.SCORE, "Parts of files could not be scored", "files"),
    _none_dead(Queue.DATA_REQUEST, "An erasure or a replay is stuck", "model"),
    Check(
        name="scoring_lag",
        title="Scoring lags behind",
        criticality=Criticality.MAJOR,
        what_to_do="Look at the scoring runs and at the logs of dispatch and score; without a model, train one.",
        view="monitoring",
        find=_lag,
    ),
    Check(
        name="stuck_validations",
        title="Files are stuck in validation",
        criticality=Criticality.MAJOR,
        what_to_do="Look for their messages among the dead letters; where there is none, drop the files again.",
        view="files",
        find=_stuck,
    ),
    Check(
        name="silence",
        title="No files arrive",
        criticality=Criticality.MAJOR,
        what_to_do="Ask those who drop the files, and check that their upload still works.",
        view="files",
        find=_silence,
    ),
)
