"""How far the scoring of each file is: which files wait, who has one, which parts are done, how the scores spread."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jobchange import times
from jobchange.store import conditions, score_histograms
from jobchange.store.files import PENDING, SUMMARY, Status, summary_row
from jobchange.store.score_histograms import Groups
from jobchange.store.tables import FileRow

BATCH_ROWS = 10_000
"""Rows of a part that are scored, stored and counted together."""
_SCORED, _GROUPS = "scored#", "groups"


@dataclass(frozen=True, kw_only=True)
class ScoringJob:
    """What a scoring worker has to know of a file."""

    file_id: str
    claimed_at: str
    model_version: str | None
    challenger_version: str | None
    parts: int
    parts_done: frozenset[int]
    good: int
    replay_of: str | None
    complete: bool

    @property
    def day(self) -> str:
        """The day (UTC) of all its predictions."""
        return self.claimed_at[:10]

    @property
    def all_parts_done(self) -> bool:
        return len(self.parts_done) >= self.parts


def pending() -> Iterator[str]:
    """The files with parts still to be scored, oldest first; never a scan."""
    for row in FileRow.pending_index.query(PENDING):
        yield row.file_id


def waiting_since() -> tuple[str, str] | None:
    """The file that has waited longest to be scored completely, and since when (RFC 3339); None when none waits."""
    for row in FileRow.pending_index.query(PENDING, limit=1):
        return row.file_id, row.validated_at
    return None


def lease(file_id: str, *, until: str, champion: str) -> ScoringJob | None:
    """Take a pending file for scoring until an instant; None when somebody has it, or it has been scored meanwhile.

    A file that was validated when there was no model gets the one of today, once and for all; a challenger scores only
    the files that were claimed when it was one, so that it scores a file whole or not at all.
    """
    row = FileRow(file_id, SUMMARY)
    free = FileRow.lease.does_not_exist() | (FileRow.lease < times.now())
    actions = [FileRow.lease.set(until), FileRow.model_version.set(FileRow.model_version | champion)]
    if not conditions.update(row, actions, FileRow.pending.exists() & free):
        return None
    return _job(row)


def get(file_id: str) -> ScoringJob:
    """What is known of a file that is being scored. Raises NotFound."""
    return _job(summary_row(file_id))


def record_batch_scores(file_id: str, part: int, batch: int, scores: list[int], groups: Groups) -> None:
    """Keep the histograms of a batch's probabilities, in all and by group; a repeat overwrites them."""
    FileRow(file_id, f"{_SCORED}{part:05}#{batch:05}", scores=scores, group_scores=groups).save()


def group_scores(file_ids: Iterable[str]) -> list[Groups]:
    """The histograms by group of those scored files that have some."""
    return [row.group_scores for row in FileRow.batch_get([(file_id, _GROUPS) for file_id in file_ids])]


def record_part_failure(file_id: str, part: int | None, reason: str) -> None:
    """Note why a part of a file that waits to be scored couldn't be (None: why the file as a whole couldn't be ranked);
    nothing happens for any other file."""
    failure = {"part": part, "reason": reason, "at": times.now()}
    conditions.update(FileRow(file_id, SUMMARY), [FileRow.failure.set(failure)], FileRow.pending.exists())


def complete_part(file_id: str, part: int, rows: int) -> bool:
    """Mark one part of a file as done; idempotent. Returns whether all are."""
    row = FileRow(file_id, SUMMARY)
    ticked = FileRow.parts_done.contains(part)
    actions = [FileRow.parts_done.add({part}), FileRow.scored.add(rows)]
    if not conditions.update(row, actions, FileRow.pending.exists() & ~ticked):
        row = summary_row(file_id)
    return len(row.parts_done or ()) >= row.parts


def complete(file_id: str) -> None:
    """Mark a file as scored, all parts of which are done; idempotent."""
    batches = list(FileRow.query(file_id, FileRow.part.startswith(_SCORED), consistent_read=True))
    groups = score_histograms.total_by_group(row.group_scores or {} for row in batches)
    FileRow(file_id, _GROUPS, group_scores=groups).save()
    done = [
        FileRow.status.set(Status.SCORED.value),
        FileRow.predicted_at.set(times.now()),
        FileRow.scores.set(score_histograms.total(row.scores for row in batches)),
        FileRow.failure.remove(),
        FileRow.pending.remove(),
        FileRow.lease.remove(),
    ]
    conditions.update(FileRow(file_id, SUMMARY), done, FileRow.pending.exists())


def record_calls(file_id: str, will_change: int) -> None:
    """Keep how many candidates of a file reach the threshold."""
    FileRow(file_id, SUMMARY).update([FileRow.will_change.set(will_change)], condition=FileRow.status.exists())


def batch_receipt(file_id: str, part: int, batch: int) -> str:
    """The receipt under which the predictions of a batch are counted."""
    return f"{file_id}#{part}#{batch}"


def _job(row: FileRow) -> ScoringJob:
    return ScoringJob(
        file_id=row.file_id,
        claimed_at=row.claimed_at,
        model_version=row.model_version,
        challenger_version=row.challenger_version,
        parts=int(row.parts or 0),
        parts_done=frozenset(int(part) for part in row.parts_done or ()),
        good=int(row.good or 0),
        replay_of=row.replay_of,
        complete=row.status == Status.SCORED,
    )
