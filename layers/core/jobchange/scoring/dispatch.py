"""Find the files that wait to be scored and hand their parts to the workers.

Scoring runs in process rather than through the API: no double hop, no 29-second limit, and it scales by parts.
"""

from datetime import UTC, datetime, timedelta

from jobchange import times
from jobchange.aws import messages
from jobchange.aws.messages import RankFile
from jobchange.aws.telemetry import logger
from jobchange.settings import settings
from jobchange.store import models, runs, scoring_state

KIND = "scoring"


def dispatch_pending() -> dict[str, int]:
    """Lease every pending file that isn't leased, send one message for each part still to be scored, or for the ranking
    where that is all that is left, and record the run.

    Returns the counts of `files` and `parts` sent. The run is SKIPPED, with the reason, when there was nothing to do.
    """
    started_at = times.now()
    counts = {"files": 0, "parts": 0}
    champion = models.aliases().champion
    if champion is None:
        runs.record(KIND, runs.SKIPPED, started_at=started_at, counts=counts, reason="no_champion")
        return counts
    try:
        _dispatch(champion, counts)
    except Exception:
        runs.record(KIND, runs.FAILED, started_at=started_at, counts=counts, reason="error")
        raise
    status, reason = (runs.SUCCEEDED, None) if counts["files"] else (runs.SKIPPED, "nothing_new")
    runs.record(KIND, status, started_at=started_at, counts=counts, reason=reason)
    logger.info("dispatched", files=counts["files"], parts=counts["parts"])
    return counts


def _dispatch(champion: str, counts: dict[str, int]) -> None:
    for file_id in scoring_state.pending():
        until = times.text(datetime.now(UTC) + timedelta(seconds=settings().lease_seconds))
        work = scoring_state.lease(file_id, until=until, champion=champion)
        if work is None:
            continue
        parts = [part for part in range(work.parts) if part not in work.parts_done]
        if parts:
            messages.send_parts(file_id, parts)
        else:
            messages.send(RankFile(file_id=file_id))
        counts["files"] += 1
        counts["parts"] += len(parts)
