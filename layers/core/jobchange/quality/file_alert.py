"""The alert about a file that needs attention."""

from collections.abc import Iterable

from jobchange.contract import Criticality, Issue, Severity
from jobchange.quality.findings import Finding, Findings
from jobchange.settings import settings
from jobchange.store.claims import Claim
from jobchange.store.files import IssueCount
from jobchange.store.outbox import Alert
from jobchange.store.source_objects import SourceObject

_ALERTING = (Criticality.MAJOR, Criticality.CRITICAL)


def alert_id(file_id: str) -> str:
    return f"file#{file_id}"


def alert_about(findings: Findings, upload: SourceObject, claim: Claim) -> Alert | None:
    if findings.criticality not in _ALERTING:
        return None
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
            "issues": {_issue(each): each.rows for each in sorted(findings.findings, key=lambda each: -each.rows)},
        },
        what_to_do=_advice(findings),
        at=claim.uploaded_at,
        link=settings().page_link(f"files/{upload.file_id}"),
    )


def _advice(findings: Findings) -> str:
    """What to do: for a rejected file what its reason says after the colon, otherwise the advice of the worst error."""
    if findings.fatal and findings.reason:
        advice = findings.reason.rpartition(": ")[2]
        return advice[:1].upper() + advice[1:]
    worst = worst_error(findings.findings)
    return worst.advice if worst else "Look at the report."


def worst_error(issues: Iterable[Finding | IssueCount]) -> Issue | None:
    """The issue that rejected a file, or the most rows of it; None where there are only warnings."""
    errors = [each for each in issues if each.type.severity is not Severity.WARNING]
    worst = max(errors, key=lambda each: (each.type.severity is Severity.FATAL, each.rows), default=None)
    return worst.type if worst else None


def _issue(finding: Finding) -> str:
    return f"{finding.type.value} in {finding.column}" if finding.column else finding.type.value
