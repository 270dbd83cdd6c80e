"""The alert about a file that needs attention."""

from jobchange.contract import Criticality
from jobchange.quality.findings import Findings
from jobchange.settings import settings
from jobchange.store.files import Claim, SourceObject
from jobchange.store.outbox import Alert

_ALERTING = (Criticality.MAJOR, Criticality.CRITICAL)


def alert_id(file_id: str) -> str:
    return f"file#{file_id}"


def alert_about(findings: Findings, upload: SourceObject, claim: Claim) -> Alert | None:
    if findings.criticality not in _ALERTING:
        return None
    worst = max(findings.findings, key=lambda each: each.rows, default=None)
    return Alert(
        id=alert_id(upload.file_id),
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
        what_to_do=worst.type.advice if worst else "Look at the report.",
        at=claim.uploaded_at,
        link=settings().page_link(f"files/{upload.file_id}"),
    )
