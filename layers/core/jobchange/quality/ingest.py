"""From a dropped object to its good rows, bad rows, report, record and alert; any number of times with one result."""

import time

from jobchange import times
from jobchange.aws import messages, telemetry
from jobchange.aws.messages import ObjectCreated, RedactFile, ReplacePredictions, ReplayFile
from jobchange.aws.telemetry import logger
from jobchange.contract import Issue
from jobchange.errors import NotFound, public_message
from jobchange.quality import quarantine
from jobchange.quality.column_findings import with_columns
from jobchange.quality.file_alert import alert_about, alert_id, worst_error
from jobchange.quality.file_report import drift_of, publish_report
from jobchange.quality.findings import Corrections, Finding, Findings
from jobchange.quality.outputs import LakeOutputs, delete_parts, manifest
from jobchange.quality.source import open_source
from jobchange.quality.validate import validate
from jobchange.settings import settings
from jobchange.statistics.drift import Drift
from jobchange.store import claims, contents, files, lake, models, outbox, source_objects, suppression_list
from jobchange.store.claims import Claim
from jobchange.store.clutter import clutter
from jobchange.store.files import File, FileDrift, IssueCount, Replaced, RowCounts, Status, Validation
from jobchange.store.lake_layout import bad_key, index_key, manifest_key
from jobchange.store.source_objects import SourceObject
from jobchange.store.suppression_list import Suppressed

_LONGEST_BITMAP = 300_000
"""Characters; an item of DynamoDB has 400 KB. Rows corrected by hand take a thousandth of that."""


def ingest_object(created: ObjectCreated) -> None:
    """Ingest an object that was dropped (see `ingest`), unless it is none of candidates: such a one leaves no trace but
    a line of the log and a count."""
    what = clutter(created.key, created.size)
    if what is None:
        ingest(source_objects.source_of(created))
        return
    logger.info("skipped what is no file of candidates", what=what)
    telemetry.metrics(objects_skipped=1)


def ingest_replay(replay: ReplayFile) -> None:
    """Ingest a file again (see `ingest`). Raises NotFound."""
    ingest(source_objects.replay_of(replay.file_id, replay.at))


def ingest(upload: SourceObject) -> None:
    """Validate one upload and write everything that follows from it, the record last.

    Safe to repeat and to interrupt anywhere: a finished file is left alone, an unfinished one is done over, byte for
    byte the same. Errors of AWS propagate, and the message is delivered again; the file's record then says what
    happened, for an operator who finds the message among the dead letters.
    """
    aliases = models.aliases()
    # Before the claim: an upload begun after it may be that of an attempt that has taken the file over.
    lake.abort_uploads(bad_key(upload.file_id, ""))
    claim = claims.claim(upload, champion=aliases.champion, challenger=aliases.challenger)
    if upload.replay_of:
        files.link_replay(upload.replay_of, upload.file_id)
    if claim is None:
        logger.info("already ingested", file_id=upload.file_id)
    else:
        try:
            _ingest(upload, claim)
        except Exception as error:
            claims.record_failure(upload.file_id, public_message(error))
            raise
    outbox.publish(alert_id(upload.file_id))
    _hand_over(upload.file_id)


def _hand_over(file_id: str) -> None:
    """Request the steps of erasures and replays that follow an ingestion; idempotent."""
    file = files.summary(file_id)
    if file.redacted:
        messages.send(RedactFile(file_id=file_id))
    if file.replay_of and file.finished:
        messages.send(ReplacePredictions(file_id=file_id))


def _ingest(upload: SourceObject, claim: Claim) -> None:
    started = time.monotonic()
    # After the claim: an erasure that begins from now on finds this file, and redacts it when it is finished.
    suppressed = suppression_list.load()
    findings = _without_duplicates(_validated(upload, suppressed), upload)
    drift = drift_of(findings, claim.model_version)
    findings = with_columns(findings, drift)
    for corrections in findings.corrections:
        _link(corrections, upload.file_id)
    if findings.fatal is None:
        lake.put(manifest_key(upload.file_id), manifest(findings), content_type="application/json")
    publish_report(findings, drift, file_id=upload.file_id, name=upload.name, uploaded_at=claim.uploaded_at)
    validation, alert = _validation(findings, drift), alert_about(findings, upload, claim)
    document = alert.to_dict() if alert else None
    if not claims.finish(claim, validation=validation, findings=findings.to_dict(), alert=document):
        logger.info("taken over by another attempt", file_id=upload.file_id)
        return
    logger.info(
        "ingested",
        file_id=upload.file_id,
        total=findings.total,
        good=findings.good,
        bad=findings.bad,
        criticality=findings.criticality,
    )
    telemetry.metrics(
        files=1,
        files_rejected=int(findings.fatal is not None),
        rows_good=findings.good,
        rows_bad=findings.bad,
        validation_seconds=time.monotonic() - started,
    )


def _validated(upload: SourceObject, suppressed: Suppressed) -> Findings:
    try:
        source = open_source(upload.file_id)
    except NotFound:
        return Findings(
            findings=(Finding(Issue.UNREADABLE, None, 0),),
            fatal=Issue.UNREADABLE,
            reason="The file was deleted before it could be read. Drop it again.",
        )
    key = bad_key(upload.file_id, upload.name)
    with lake.uploading(key, content_type="text/csv; charset=utf-8") as bad:
        outputs = LakeOutputs(upload.file_id, bad)
        part_rows = settings().part_rows
        findings = validate(
            source,
            name=upload.name,
            file_id=upload.file_id,
            outputs=outputs,
            part_rows=part_rows,
            is_erased=suppressed.among if suppressed else None,
        )
        if findings.fatal is not None:
            # What was handed over before the file turned out unusable is void.
            bad.discard()
            delete_parts(upload.file_id, outputs.parts)
            for number in range(outputs.runs):
                lake.delete(index_key(upload.file_id, number))
        return findings


def _without_duplicates(findings: Findings, upload: SourceObject) -> Findings:
    """The findings, or those of a duplicate when another file had this content before; then no output is left."""
    if findings.fatal is not None:
        return findings
    if upload.replay_of:
        contents.transfer(findings.content_sha256, old=upload.replay_of, new=upload.file_id)
    owner = contents.claim(findings.content_sha256, upload.file_id)
    if owner == upload.file_id:
        return findings
    delete_parts(upload.file_id, len(findings.parts))
    lake.delete(bad_key(upload.file_id, upload.name))
    return Findings(
        findings=(Finding(Issue.DUPLICATE_FILE, None, 0),),
        fatal=Issue.DUPLICATE_FILE,
        reason=_same_as(files.summary(owner), findings),
        content_sha256=findings.content_sha256,
        duplicate_of=owner,
    )


def _same_as(earlier: File, findings: Findings) -> str:
    """What became of an earlier file with the same content; by the findings in that content, while it is still being
    validated."""
    known = earlier.validated_at is not None
    file = f"{earlier.name}, dropped {times.shown(earlier.uploaded_at)}"
    if earlier.rows.good if known else findings.good:
        return f"The same content was ingested before, as {file}. {Issue.DUPLICATE_FILE.advice}"
    worst = worst_error(earlier.issues if known else findings.findings)
    return " ".join(filter(None, [f"The same content was refused before, as {file}.", worst and worst.advice]))


def _link(corrections: Corrections, file_id: str) -> None:
    """Record in the file whose quarantined rows these were how many of them have been corrected."""
    if len(corrections.bitmap) > _LONGEST_BITMAP:
        logger.warning("too many corrected rows to keep count of", file_id=file_id, rows=corrections.rows)
        return
    bitmaps = files.record_corrections(corrections.file_id, file_id, corrections.bitmap)
    if bitmaps is not None:
        rows, _ = quarantine.union(bitmaps)
        files.set_corrected(corrections.file_id, rows)


def _validation(findings: Findings, drift: Drift | None) -> Validation:
    return Validation(
        status=Status.REJECTED if findings.fatal else Status.VALIDATED,
        criticality=findings.criticality,
        fatal=findings.fatal,
        reason=findings.reason,
        rows=RowCounts(total=findings.total, good=findings.good, bad=findings.bad, repaired=findings.repaired),
        parts=len(findings.parts),
        redacted=findings.redacted,
        duplicate_of=findings.duplicate_of,
        content=findings.content_sha256 or None,
        issues=tuple(
            IssueCount(type=each.type, column=each.column, severity=each.severity, rows=each.rows, detail=each.detail)
            for each in findings.findings
        ),
        drift=FileDrift(verdict=drift.verdict, columns=drift.columns) if drift else None,
        histograms=findings.histograms,
        replaces=tuple(Replaced(file_id=each.file_id, rows=each.rows) for each in findings.corrections),
    )
