"""Erasure: everything that is kept of a candidate is deleted or overwritten, in every place and every version.

First the candidate is listed as suppressed: from then on validation redacts the rows as it reads them, scoring stores
no prediction of them, and training leaves them out. Then what was stored before is looked up. Each file has an index of
whose rows it holds, and only the objects with such rows are written again. Each row is replaced by a tombstone, so that
rows keep their numbers, parts their batches, and files their counts; `erased` says how many of the counted rows are
tombstones.

Each file is processed in an order that an interruption can't break: the index comes last, so that the next attempt
finds the same rows again. A dropped file isn't written back to raw/, where it would be ingested again, but to
redacted/.

Limits, which the receipt's reader should know: a row whose number was damaged beyond reading can't be found. A file
that was rejected as a whole has no rows: the dropped object is deleted if it mentions the number in any field, or can't
be read as text at all.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace

from jobchange.aws import messages
from jobchange.aws.messages import EraseCandidate, FinishErasure, RankFile
from jobchange.aws.telemetry import logger
from jobchange.errors import NotFound
from jobchange.privacy import lookup
from jobchange.quality import identifiers, redact
from jobchange.quality.file_report import drift_of, publish_report
from jobchange.quality.findings import Finding, Findings
from jobchange.quality.identifiers import IsWanted, Rows
from jobchange.quality.source import open_source
from jobchange.reading.rejected import Rejected
from jobchange.settings import settings
from jobchange.store import (
    erasure_receipts,
    file_listings,
    files,
    lake,
    lock,
    outcomes,
    predictions,
    scored_files,
    scoring_state,
    source_objects,
    suppression_list,
    withdrawals,
)
from jobchange.store.files import File, Status
from jobchange.store.lake_layout import (
    QUERIES,
    TRAINING,
    bad_key,
    good_prefix,
    index_prefix,
    part_key,
    redacted_key,
    report_key,
)
from jobchange.store.prediction_keys import SCHEDULED, PredictionKey
from jobchange.store.suppression_list import Suppressed

WAIT_SECONDS = 15
"""After how long files that were being validated are tried again; twice as long each time."""
_LONGEST_WAIT = 900
"""SQS delays no message for longer."""
_CSV = "text/csv; charset=utf-8"


def erase(message: EraseCandidate, seconds_left: Callable[[], float]) -> None:
    """Erase a candidate from the tables and from all files, or from those after a cursor. Files that were being
    validated are processed at the end (see `finish`)."""
    erasing = _Erasing(message.enrollee_id, suppression_list.load())
    if message.cursor is None:
        erasing.from_tables()
        erasing.from_training()
    again = list(message.waiting)
    for file_id, here in file_listings.iter_file_ids(message.cursor):
        if not erasing.from_file(file_id):
            again.append(file_id)
        if seconds_left() < lock.MARGIN_SECONDS:
            messages.send(replace(message, cursor=here, waiting=again))
            return
    finish(FinishErasure(enrollee_id=message.enrollee_id, waiting=again, turn=0))


def finish(message: FinishErasure) -> None:
    """Erase a candidate from files that were being validated, and complete the receipt; or try again later if some
    still are. A file that can't be validated at all keeps the erasure waiting until the file is redriven."""
    erasing = _Erasing(message.enrollee_id, suppression_list.load())
    again = [file_id for file_id in message.waiting if not erasing.from_file(file_id)]
    erasure_receipts.set_waiting(erasing.hash, waiting=len(again))
    if again:
        delay = min(_LONGEST_WAIT, WAIT_SECONDS << message.turn)
        messages.send(replace(message, waiting=again, turn=message.turn + 1), delay_seconds=delay)
        return
    erasing.from_tables()
    erasing.left_over()
    # Whom the results of queries are about isn't known; each can be asked for again.
    lake.remove(QUERIES)
    tables = [settings().files_table, settings().predictions_table, settings().outcomes_table]
    erasure_receipts.complete(erasing.hash, backups=erasure_receipts.backups(tables))
    logger.info("erased", candidate=erasing.hash)


def redact_dropped(file_id: str) -> None:
    """Redact every suppressed candidate in a file as it was dropped: its validation found some."""
    suppressed = suppression_list.load()
    _redact_dropped(file_id, suppressed.among)


class _Erasing:
    """The erasure of one candidate."""

    def __init__(self, enrollee_id: int, suppressed: Suppressed) -> None:
        self.id = enrollee_id
        self.hash = suppressed.hash(enrollee_id)
        self._since = suppressed.since[self.hash]
        self._is_erased = suppressed.among

    def from_tables(self) -> None:
        """Predictions of all sources that the index by candidate knows, and outcomes. Idempotency records hold nothing
        of a candidate."""
        withdrawn = 0
        for key in predictions.keys_of_candidate(self.id):
            # Whether one of a file was counted depends on its batch: `from_file` withdraws those.
            if key.source != SCHEDULED:
                withdrawn += withdrawals.withdraw(key, batch=None, since=self._since)
        self._add(predictions=withdrawn, outcomes=outcomes.erase_candidate(self.id))

    def left_over(self) -> None:
        """Predictions of files that have been scored and have no index, or no parts any more. (Of a file that is being
        scored, the worker withdraws them.)"""
        withdrawn = 0
        for key in predictions.keys_of_candidate(self.id):
            if key.source == SCHEDULED and scoring_state.get(key.origin).complete:
                withdrawn += withdrawals.withdraw(key, batch=None, since=self._since)
                self._from_scored(key.origin, key.day, [key.row])
        self._add(predictions=withdrawn)

    def from_training(self) -> None:
        """Datasets: their rows aren't numbered, so no tombstone is left."""
        for key in list(lake.keys(TRAINING)):
            with io.BytesIO() as body:
                try:
                    redacted = redact.dropped_file(lookup.open_object(key), self._is_erased, body.write, tombstone=None)
                except Rejected:
                    # Nothing can be trained on it, and nobody can say which of its rows are whose.
                    if lookup.mentions(lookup.open_object(key), self.id):
                        lake.delete(key)
                        self._add(training=1)
                    continue
                if redacted:
                    lake.put(key, body.getvalue(), content_type=_CSV)
                    self._add(training=redacted)
        lake.purge(TRAINING)

    def from_file(self, file_id: str) -> bool:
        """Everything that was made of one file; False when it is being validated and has to be processed again."""
        file = files.summary(file_id)
        if file.status is Status.VALIDATING:
            return False
        # An earlier attempt that wrote the index again may have been interrupted before it deleted the old version.
        lake.purge(index_prefix(file_id))
        runs = lookup.index_runs(file_id, self.id)
        rows = lookup.rows_of(runs)
        if file.status is Status.REJECTED:
            self._from_rejected(file_id, rows)
        elif rows:
            files.record_redaction(file_id, self.hash, good=len(rows.good), bad=len(rows.bad))
            self._from_good(file_id, rows.good)
            self._from_bad(file_id, file.name, rows.bad)
            self._from_findings(file_id, file, rows)
        if not rows:
            return True
        self._add(raw=_redact_dropped(file_id, self._is_erased))
        self._forget(file_id, runs)
        return True

    def _from_good(self, file_id: str, rows: Sequence[int]) -> None:
        work = scoring_state.get(file_id)
        for part in lookup.parts_with(file_id, rows):
            key = part_key(file_id, part)
            try:
                body, places = redact.good_part(lake.get(key), rows)
            except NotFound:
                continue
            withdrawn = 0
            for row, place in places.items():
                at = PredictionKey(source=SCHEDULED, created_at=work.claimed_at, origin=file_id, row=row)
                batch = scoring_state.batch_receipt(file_id, part, place // scoring_state.BATCH_ROWS)
                withdrawn += withdrawals.withdraw(at, batch=batch, since=self._since)
            lake.put(key, body, content_type=_CSV)
            self._add(predictions=withdrawn, good=len(places))
        lake.purge(good_prefix(file_id))
        if rows:
            self._from_scored(file_id, work.day, rows)

    def _from_scored(self, file_id: str, day: str, rows: Sequence[int]) -> None:
        """The ranking is deleted as a whole, and made again of what is left."""
        self._add(scored=scored_files.remove_rows(file_id, day, rows))
        messages.send(RankFile(file_id=file_id))

    def _from_bad(self, file_id: str, name: str, rows: Sequence[int]) -> None:
        if not rows:
            return
        key = bad_key(file_id, name)
        with lake.uploading(key, content_type=_CSV) as upload:
            redact.bad_file(lookup.open_object(key), rows, upload.write)
        lake.purge(bad_key(file_id, ""))
        self._add(bad=len(rows))

    def _from_findings(self, file_id: str, file: File, rows: Rows) -> None:
        detail = files.get(file_id).findings
        if detail is None:
            # It has expired, and the report is about to.
            lake.delete(report_key(file_id))
            lake.purge(report_key(file_id))
            return
        findings, redacted = _without_examples(Findings.from_dict(detail), rows)
        files.set_findings(file_id, findings.to_dict(), file.uploaded_at)
        drift = drift_of(findings, file.model_version)
        publish_report(findings, drift, file_id=file_id, name=file.name, uploaded_at=file.uploaded_at)
        lake.purge(report_key(file_id))
        self._add(reports=redacted)

    def _from_rejected(self, file_id: str, rows: Rows) -> None:
        """What was written of a file before it was rejected is void. A duplicate has an index; any other has none."""
        for prefix in (good_prefix(file_id), bad_key(file_id, ""), index_prefix(file_id)):
            lake.purge(prefix)
        if not rows and lookup.dropped_mentions(file_id, self.id):
            upload, _ = source_objects.original(file_id)
            lake.delete_version(upload.bucket, upload.key, upload.version_id)
            self._add(raw=1)

    def _forget(self, file_id: str, runs: Sequence[tuple[str, Rows]]) -> None:
        for key, _ in runs:
            lake.put(key, identifiers.remove(self.id, lake.get(key)), content_type="application/octet-stream")
        lake.purge(index_prefix(file_id))

    def _add(self, **erased: int) -> None:
        if any(erased.values()):
            erasure_receipts.add_erased(self.hash, erased)


def _without_examples(findings: Findings, rows: Rows) -> tuple[Findings, int]:
    """The findings without the examples that some rows gave, and how many those were."""
    numbers = {*rows.good, *rows.bad}
    cleared: list[Finding] = []
    redacted = 0
    for each in findings.findings:
        examples = tuple(example for example in each.examples if example.row not in numbers)
        redacted += len(each.examples) - len(examples)
        cleared.append(replace(each, examples=examples))
    return replace(findings, findings=tuple(cleared)), redacted


def _redact_dropped(file_id: str, is_erased: IsWanted) -> int:
    """Redact candidates in the object that was dropped as a file; returns how many rows were theirs. What is left is
    under redacted/; every other version, and the dropped object itself, is deleted."""
    source, version = source_objects.original(file_id)
    key, redacted = redacted_key(source.file_id), 0
    try:
        with lake.uploading(key, content_type=_CSV) as copy:
            redacted = redact.dropped_file(open_source(file_id), is_erased, copy.write)
            if not redacted:
                copy.discard()
    except NotFound:
        return 0
    if redacted:
        version = lake.version(key)
        files.set_redacted_version(source.file_id, version)
    if version:
        lake.purge(key)
        lake.delete_version(source.bucket, source.key, source.version_id)
    return redacted
