"""From a dropped object to its good rows, bad rows, report, record and alert; any number of times with one result."""

import json
from dataclasses import dataclass, replace
from typing import Any

from jobchange import alerts, contract, registry
from jobchange.alerts import Alert
from jobchange.contract import Criticality, Issue
from jobchange.errors import NotFound
from jobchange.quality.findings import Finding, Findings
from jobchange.quality.report import FileFacts, render
from jobchange.quality.validate import validate
from jobchange.store import files, lake
from jobchange.store.files import Claim, Status, Upload
from jobchange.store.paths import bad_key, manifest_key, part_key, report_key
from jobchange.telemetry import logger

_ALERTING = (Criticality.MAJOR, Criticality.CRITICAL)


def ingest(upload: Upload) -> None:
    """Validate one upload and write everything that follows from it, the record last.

    Safe to repeat and to interrupt anywhere: a finished file is left alone, an unfinished one is done over, byte for
    byte the same. Errors of AWS propagate, and the message is delivered again.
    """
    aliases = registry.aliases()
    claim = files.claim(upload, champion=aliases.champion, challenger=aliases.challenger)
    if claim is None:
        logger.info("already ingested", file_id=upload.file_id)
    else:
        _ingest(upload, claim)
    alerts.send(upload.file_id)


def _ingest(upload: Upload, claim: Claim) -> None:
    lake.abort_uploads(bad_key(upload.file_id, ""))
    findings = _without_duplicates(_validated(upload), upload)
    if findings.fatal is None:
        lake.put(manifest_key(upload.file_id), _manifest(findings), content_type="application/json")
    facts = FileFacts(file_id=upload.file_id, name=upload.name, uploaded_at=claim.uploaded_at, links={})
    lake.put(report_key(upload.file_id), render(findings, file=facts).encode(), content_type="text/html; charset=utf-8")
    if not files.finish(claim, summary=_summary(findings, upload, claim), findings=findings.to_dict()):
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


@dataclass
class _LakeOutputs:
    """Where the validation's outputs go."""

    file_id: str
    upload: lake.Upload

    def part(self, index: int, body: bytes) -> None:
        lake.put(part_key(self.file_id, index), body, content_type="text/csv; charset=utf-8")

    def bad(self, body: bytes) -> None:
        self.upload.write(body)


def _validated(upload: Upload) -> Findings:
    try:
        source = lake.stream(upload.bucket, upload.key, upload.version_id)
    except NotFound:
        return Findings(
            findings=(Finding(Issue.UNREADABLE, None, 0),),
            fatal=Issue.UNREADABLE,
            reason="The file was deleted before it could be read. Drop it again.",
        )
    key = bad_key(upload.file_id, upload.name)
    with lake.uploading(key, content_type="text/csv; charset=utf-8") as bad:
        outputs = _LakeOutputs(upload.file_id, bad)
        return validate(source, name=upload.name, file_id=upload.file_id, outputs=outputs)


def _without_duplicates(findings: Findings, upload: Upload) -> Findings:
    """The findings, or those of a duplicate when another file had this content before; then no output is left."""
    if findings.fatal is not None:
        return findings
    owner = files.own_content(findings.content_sha256, upload.file_id)
    if owner == upload.file_id:
        return findings
    for part in findings.parts:
        lake.delete(part_key(upload.file_id, part.index))
    lake.delete(bad_key(upload.file_id, upload.name))
    return Findings(
        findings=(Finding(Issue.DUPLICATE_FILE, None, 0),),
        fatal=Issue.DUPLICATE_FILE,
        reason=f"The same content was ingested before, as file {owner}. {contract.ISSUES[Issue.DUPLICATE_FILE].advice}",
        content_sha256=findings.content_sha256,
    )


def _manifest(findings: Findings) -> bytes:
    plain = replace(findings, findings=(), histograms={}, recovered=()).to_dict()
    return json.dumps({"contract_version": contract.VERSION, "good": plain["good"], "parts": plain["parts"]}).encode()


def _summary(findings: Findings, upload: Upload, claim: Claim) -> dict[str, Any]:
    alert = _alert(findings, upload, claim)
    return {
        "status": (Status.REJECTED if findings.fatal else Status.VALIDATED).value,
        "criticality": findings.criticality.value,
        "fatal": findings.fatal and findings.fatal.value,
        "reason": findings.reason,
        "total": findings.total,
        "good": findings.good,
        "bad": findings.bad,
        "repaired": findings.repaired,
        "parts": len(findings.parts),
        "content": findings.content_sha256 or None,
        "issues": [
            {"type": each.type.value, "column": each.column, "severity": each.severity.value, "rows": each.rows}
            for each in findings.findings
        ],
        "alert": alert and alert.to_dict(),
    }


def _alert(findings: Findings, upload: Upload, claim: Claim) -> Alert | None:
    if findings.criticality not in _ALERTING:
        return None
    worst = max(findings.findings, key=lambda each: each.rows, default=None)
    return Alert(
        kind="file",
        subject_id=upload.file_id,
        title=f"{upload.name}: {findings.criticality.value}",
        criticality=findings.criticality,
        what_happened=" ".join(filter(None, [findings.verdict, findings.reason])),
        figures={
            "total": findings.total,
            "good": findings.good,
            "bad": findings.bad,
            "issues": {each.type.value: each.rows for each in findings.findings},
        },
        what_to_do=contract.ISSUES[worst.type].advice if worst else "Look at the report.",
        at=claim.uploaded_at,
    )
