"""Claims of files: the right to finish a file's record, and the fence on that write."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jobchange import contract, times
from jobchange.store import conditions, outbox
from jobchange.store.files import PENDING, SUMMARY, VALIDATING, Status, Validation, attributes, set_findings
from jobchange.store.source_objects import SourceObject
from jobchange.store.tables import FileRow


@dataclass(frozen=True, kw_only=True)
class Claim:
    """The right to finish a file, good until somebody else claims it; what the first claim pinned never changes."""

    file_id: str
    token: str
    claimed_at: str
    uploaded_at: str
    model_version: str | None


def claim(upload: SourceObject, *, champion: str | None, challenger: str | None) -> Claim | None:
    """Claim a file for validation; None when it has been finished before.

    A second claim takes the file over: the earlier claim can no longer finish it. Nothing has to expire, so a killed
    attempt costs no waiting, and as outputs depend on the object alone, two attempts at once write the same.
    """
    row = FileRow(upload.file_id, SUMMARY)
    token = secrets.token_hex(8)
    pinned = {
        "uploaded_at": upload.uploaded_at,
        "year": upload.uploaded_at[:4],
        "claimed_at": times.now(),
        "contract_version": contract.VERSION,
    }
    if champion:
        pinned["model_version"] = champion
    if challenger:
        pinned["challenger_version"] = challenger
    actions = [getattr(FileRow, name).set(getattr(FileRow, name) | value) for name, value in pinned.items()]
    actions += [
        FileRow.bucket.set(upload.bucket),
        FileRow.key.set(upload.key),
        FileRow.name.set(upload.name),
        FileRow.size.set(upload.size),
        FileRow.status.set(Status.VALIDATING.value),
        FileRow.validating.set(VALIDATING),
        FileRow.claim.set(token),
    ]
    if upload.version_id:
        actions.append(FileRow.version_id.set(upload.version_id))
    if upload.replay_of:
        actions.append(FileRow.replay_of.set(upload.replay_of))
    unfinished = FileRow.status.does_not_exist() | (FileRow.status == Status.VALIDATING.value)
    if not conditions.update(row, actions, unfinished):
        return None
    return Claim(
        file_id=upload.file_id,
        token=token,
        claimed_at=row.claimed_at,
        uploaded_at=row.uploaded_at,
        model_version=row.model_version,
    )


def finish(claim: Claim, *, validation: Validation, findings: object, alert: Mapping[str, Any] | None = None) -> bool:
    """Write the record of a validated or rejected file; False when the claim has been taken over.

    `findings` is anything JSON-able; an alert about the file goes to the outbox together with the record, both or
    neither. The detail comes first: only the summary makes the file visible as finished, and the fence is there.
    """
    set_findings(claim.file_id, findings, claim.uploaded_at)
    now = times.now()
    values = {**attributes(validation), "validated_at": now}
    if validation.status is Status.VALIDATED:
        # Without good rows there is nothing to wait for.
        values |= {"pending": PENDING} if validation.parts else {"status": Status.SCORED.value, "predicted_at": now}
    actions = [getattr(FileRow, name).set(value) for name, value in values.items() if value is not None]
    actions += [FileRow.claim.remove(), FileRow.validating.remove(), FileRow.failure.remove()]
    row, unclaimed = FileRow(claim.file_id, SUMMARY), FileRow.claim == claim.token
    return (
        outbox.update_with_alert(row, actions, unclaimed, alert)
        if alert
        else conditions.update(row, actions, unclaimed)
    )


def record_failure(file_id: str, reason: str) -> None:
    """Note why a file couldn't be validated; nothing happens once it has been."""
    failure = {"part": None, "reason": reason, "at": times.now()}
    conditions.update(
        FileRow(file_id, SUMMARY), [FileRow.failure.set(failure)], FileRow.status == Status.VALIDATING.value
    )
