"""Ingested files, with what is wrong in them."""

from collections.abc import Sequence
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from jobchange import contract
from jobchange.contract import Criticality, Issue, Severity
from jobchange.statistics.drift import ColumnDrift, Verdict
from jobchange.store.files import FileDetail, Status
from schemas.fields import (
    EXAMPLE_FILE_ID,
    EXAMPLE_INSTANT,
    EXAMPLE_UPLOAD_ID,
    EXAMPLE_VERSION,
    Instant,
    NextCursor,
)


class _Stored(BaseModel):
    """Made from the type of the same name in the store."""

    # The model's version is a field of some; pydantic would keep the prefix for itself.
    model_config = ConfigDict(from_attributes=True, protected_namespaces=())


class Rows(_Stored):
    total: int
    good: int
    bad: int
    repaired: int = Field(description="Good rows with at least one repaired value.")


class FileIssue(_Stored):
    """One kind of thing that is wrong in one column, and in how many rows."""

    type: Issue
    column: str | None
    severity: Severity
    rows: int
    detail: str | None = Field(description="A sentence with the figures, where the rows aren't all of it.")


class Example(_Stored):
    row: int | None = Field(description="The row's number in the file as dropped.")
    value: str | None = Field(description="Invisible characters are named by their code points.")
    meant: str | None = Field(
        default=None, description="What a repaired value was read as, or what an unknown one may be meant to be."
    )


class IssueWithExamples(FileIssue):
    examples: list[Example]


class Drift(_Stored):
    verdict: Verdict = Field(description="The worst of the columns' verdicts.")
    columns: list[ColumnDrift]


class Replaced(_Stored):
    """Quarantined rows of an earlier file that this file holds, corrected."""

    file_id: str
    rows: int


class Failure(_Stored):
    part: int | None = Field(
        description="The part that could not be scored; null when the file as a whole could not be validated or ranked."
    )
    reason: str
    at: Instant


class File(_Stored):
    """One ingested file."""

    file_id: str
    name: str
    upload_id: str | None = Field(description="The upload it came by, if it came by form.")
    status: Status
    criticality: Criticality | None
    reason: str | None = Field(description="Why the file was rejected.")
    rows: Rows
    issues: Sequence[FileIssue]
    drift: Drift | None = Field(description="Against the training data of the model in use when the file came.")
    replaces: list[Replaced]
    recovered: int = Field(
        validation_alias="corrected", description="Distinct bad rows that later files hold corrected."
    )
    redacted: int = Field(description="Rows left out, because their candidates had been erased before it was read.")
    erased: int = Field(description="Rows, among all these, that were those of candidates erased since.")
    duplicate_of: str | None = Field(description="The earlier file with the same content, if it was rejected for it.")
    replay_of: str | None = Field(description="The file that this one replays under a later contract.")
    replayed_by: str | None = Field(description="The file whose predictions replace those of this one.")
    scored: int = Field(description="Rows scored so far.")
    scores: list[int] | None = Field(description="How many probabilities are in each tenth from 0 to 1.")
    will_change: int | None = Field(
        description="How many candidates reach the model's threshold, but for those erased; null until all are scored."
    )
    failure: Failure | None = Field(description="Why its validation or scoring couldn't go on, until it does.")
    contract_version: str | None = Field(description="The version of the data contract it was validated by.")
    model_version: str | None
    uploaded_at: Instant
    validated_at: Instant | None
    predicted_at: Instant | None


class FileWithExamples(File):
    issues: Sequence[IssueWithExamples]
    empty_lines: int = Field(description="Empty lines; they don't count as rows.")
    recovered_by: list[str] = Field(
        validation_alias="corrected_by", description="The files that hold bad rows of this one, corrected."
    )

    @classmethod
    def of(cls, file: FileDetail) -> Self:
        """The issues of the record with the examples of the findings."""
        findings = file.findings or {}
        examples = {(each["type"], each["column"]): each["examples"] for each in findings.get("findings", [])}
        issues = [{**vars(issue), "examples": examples.get((issue.type, issue.column), [])} for issue in file.issues]
        more = {"issues": issues, "scores": file.scores, "empty_lines": findings.get("empty_lines", 0)}
        return cls.model_validate({**vars(file), **more})


class FilesPage(BaseModel):
    files: list[File]
    next_cursor: NextCursor


EXAMPLE_DRIFT: dict[str, Any] = {
    "verdict": Verdict.STABLE,
    "columns": [{"column": "experience", "psi": 0.002, "threshold": 0.012, "verdict": Verdict.STABLE}],
}
EXAMPLE_SCORES = [120, 90, 60, 40, 30, 20, 15, 12, 8, 3]
_ISSUE = {"type": Issue.OUT_OF_RANGE, "column": "training_hours", "severity": "error", "rows": 2, "detail": None}
_FILE: dict[str, Any] = {
    "file_id": EXAMPLE_FILE_ID,
    "name": "candidates.csv",
    "upload_id": EXAMPLE_UPLOAD_ID,
    "status": "SCORED",
    "criticality": "minor",
    "reason": None,
    "rows": {"total": 400, "good": 398, "bad": 2, "repaired": 5},
    "issues": [_ISSUE],
    "drift": EXAMPLE_DRIFT,
    "replaces": [],
    "recovered": 0,
    "redacted": 0,
    "erased": 0,
    "duplicate_of": None,
    "replay_of": None,
    "replayed_by": None,
    "scored": 398,
    "scores": EXAMPLE_SCORES,
    "will_change": 68,
    "failure": None,
    "contract_version": contract.VERSION,
    "model_version": EXAMPLE_VERSION,
    "uploaded_at": EXAMPLE_INSTANT,
    "validated_at": "2026-01-31T09:30:02.000Z",
    "predicted_at": "2026-01-31T09:31:00.000Z",
}
EXAMPLES: dict[type, Any] = {
    File: _FILE,
    FileWithExamples: {
        **_FILE,
        "issues": [{**_ISSUE, "examples": [{"row": 17, "value": "5000", "meant": None}]}],
        "empty_lines": 0,
        "recovered_by": [],
    },
    FilesPage: {"files": [_FILE], "next_cursor": None},
}
