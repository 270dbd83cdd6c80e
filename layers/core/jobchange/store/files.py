"""The record of every ingested file: what it says, how it is stored and read, and what is noted in it afterwards.

A file goes VALIDATING → REJECTED, or VALIDATING → VALIDATED → SCORED.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from jobchange import times
from jobchange.contract import Criticality, Issue, Severity
from jobchange.errors import NotFound
from jobchange.settings import settings
from jobchange.statistics.drift import ColumnDrift, Verdict
from jobchange.store import conditions, lake_layout, score_histograms
from jobchange.store.tables import FileRow

SUMMARY, DETAIL, CORRECTED, ERASED = "summary", "detail", "corrected#", "erased#"
VALIDATING = PENDING = "1"
"""The key in the sparse indexes of files that are being validated, and that wait to be scored."""


class Status(StrEnum):
    VALIDATING = "VALIDATING"
    VALIDATED = "VALIDATED"
    """Its good rows wait to be scored."""
    SCORED = "SCORED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, kw_only=True)
class RowCounts:
    """`total` = `good` + `bad`; `repaired` of the good ones have at least one repaired value."""

    total: int = 0
    good: int = 0
    bad: int = 0
    repaired: int = 0


@dataclass(frozen=True, kw_only=True)
class IssueCount:
    """In how many rows a column (None: the row or file as a whole) has an issue."""

    type: Issue
    column: str | None
    severity: Severity
    rows: int
    detail: str | None = None
    """A sentence with the figures, where the number of rows isn't all of it."""


@dataclass(frozen=True, kw_only=True)
class FileDrift:
    """The drift of its columns, and the worst of their verdicts."""

    verdict: Verdict
    columns: tuple[ColumnDrift, ...]


@dataclass(frozen=True, kw_only=True)
class Replaced:
    """How many quarantined rows of an earlier file this one holds, corrected."""

    file_id: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a part (None: the file as a whole) could not be worked on, and when (RFC 3339)."""

    part: int | None
    reason: str
    at: str


@dataclass(frozen=True, kw_only=True)
class Validation:
    """What the record of a file says after its validation."""

    status: Status
    criticality: Criticality
    fatal: Issue | None = None
    reason: str | None = None
    rows: RowCounts = RowCounts()
    parts: int = 0
    redacted: int = 0
    """Rows left out because their candidate was erased before."""
    duplicate_of: str | None = None
    """The earlier file with the same content, for which this one was rejected."""
    content: str | None = None
    issues: tuple[IssueCount, ...] = ()
    drift: FileDrift | None = None
    histograms: Mapping[str, Sequence[int]] = field(default_factory=dict)
    replaces: tuple[Replaced, ...] = ()


@dataclass(frozen=True, kw_only=True)
class File:
    """The record of one file. Instants are RFC 3339.

    `corrected` counts the distinct bad rows that later files hold corrected, `erased` the rows, among all, of
    candidates erased since. `score_histogram` counts the probabilities in bins (see `score_histograms`), once the file
    is scored, and `will_change` counts the candidates that reach the threshold, but for those erased.
    """

    file_id: str
    name: str
    upload_id: str | None
    status: Status
    criticality: Criticality | None
    reason: str | None
    rows: RowCounts
    issues: tuple[IssueCount, ...]
    drift: FileDrift | None
    histograms: Mapping[str, Sequence[int]]
    replaces: tuple[Replaced, ...]
    corrected: int
    erased: int
    redacted: int
    duplicate_of: str | None
    replay_of: str | None
    replayed_by: str | None
    scored: int
    score_histogram: list[int] | None
    will_change: int | None
    failure: Failure | None
    contract_version: str | None
    model_version: str | None
    uploaded_at: str
    validated_at: str | None
    predicted_at: str | None

    @property
    def scores(self) -> list[int] | None:
        """The histogram of the probabilities in tenths."""
        return self.score_histogram and score_histograms.coarsened(self.score_histogram, 10)

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do for it."""
        return self.status in (Status.SCORED, Status.REJECTED)


@dataclass(frozen=True, kw_only=True)
class FileDetail(File):
    """A file with its findings in full (None before it is validated), and the files that corrected its bad rows."""

    findings: Mapping[str, Any] | None
    corrected_by: tuple[str, ...]


def link_replay(file_id: str, by: str) -> None:
    """Link a file to the one that replays it."""
    FileRow(file_id, SUMMARY).update([FileRow.replayed_by.set(by)], condition=FileRow.status.exists())


def mark_replaced(file_id: str) -> None:
    """Note that a file's predictions have been replaced by those of its replay."""
    FileRow(file_id, SUMMARY).update([FileRow.replaced_at.set(times.now())], condition=FileRow.status.exists())


def record_redaction(file_id: str, candidate: str, *, good: int, bad: int) -> None:
    """Note how many good and bad rows of a file were those of an erased candidate (by its hash). The first numbers
    stay, as a repeated attempt may find fewer rows. The file's record holds the sums."""
    note = FileRow(file_id, f"{ERASED}{candidate}")
    conditions.update(note, [FileRow.good.set(good), FileRow.bad.set(bad)], FileRow.file_id.does_not_exist())
    notes = list(FileRow.query(file_id, FileRow.part.startswith(ERASED), consistent_read=True))
    sums = {"good": sum(int(each.good) for each in notes), "bad": sum(int(each.bad) for each in notes)}
    FileRow(file_id, SUMMARY).update([FileRow.erased.set(sums)])


def set_redacted_version(file_id: str, version_id: str) -> None:
    """Read, from now on, this version of what is left of a file instead of what was dropped."""
    FileRow(file_id, SUMMARY).update([FileRow.redacted_version.set(version_id)], condition=FileRow.status.exists())


def set_findings(file_id: str, findings: object, uploaded_at: str) -> None:
    """Keep a file's findings, whose examples quote the file, for as long as the file itself."""
    expires = times.epoch(uploaded_at) + settings().lake_days * 86_400
    FileRow(file_id, DETAIL, findings=findings, expires=expires).save()


def record_corrections(origin: str, by: str, bitmap: str) -> list[str] | None:
    """Note that file `by` corrects the quarantined rows in `bitmap` (any text) of file `origin`; idempotent. Returns
    the bitmaps of all files that did; None when there is no such origin."""
    try:
        summary_row(origin)
    except NotFound:
        return None
    FileRow(origin, f"{CORRECTED}{by}", bitmap=bitmap).save()
    return [row.bitmap for row in _corrections(origin, consistent_read=True)]


def set_corrected(origin: str, rows: int) -> None:
    """Set how many distinct quarantined rows of a file were corrected; never more than it has. It never falls: a lower
    count was made before another file's rows were noted."""
    rows = min(rows, int(summary_row(origin).bad or 0))
    fewer = FileRow.corrected.does_not_exist() | (FileRow.corrected < rows)
    row = FileRow(origin, SUMMARY)
    conditions.update(row, [FileRow.corrected.set(rows)], FileRow.status.exists() & fewer)


def summary(file_id: str) -> File:
    """One file as listings show it. Raises NotFound."""
    return from_row(summary_row(file_id))


def get(file_id: str) -> FileDetail:
    """One file with its findings in full and the files that corrected its rows. Raises NotFound."""
    file = summary(file_id)
    try:
        findings = FileRow.get(file_id, DETAIL).findings
    except FileRow.DoesNotExist:
        findings = None
    corrected_by = tuple(row.part.removeprefix(CORRECTED) for row in _corrections(file_id))
    return FileDetail(**vars(file), findings=findings, corrected_by=corrected_by)


def attributes(validation: Validation) -> dict[str, Any]:
    """What a validation sets in a file's row, by attribute."""
    drift = validation.drift
    return {
        "status": validation.status.value,
        "criticality": validation.criticality.value,
        "fatal": validation.fatal and validation.fatal.value,
        "reason": validation.reason,
        **asdict(validation.rows),
        "parts": validation.parts,
        "redacted": validation.redacted or None,
        "duplicate_of": validation.duplicate_of,
        "content": validation.content,
        "issues": [asdict(each) for each in validation.issues],
        # As text: JSON numbers come back from DynamoDB as decimals.
        "drift": drift
        and {
            "verdict": drift.verdict.value,
            "columns": [
                asdict(one) | {"psi": f"{one.psi:.4f}", "threshold": f"{one.threshold:.4f}"} for one in drift.columns
            ],
        },
        "histograms": {name: list(counts) for name, counts in validation.histograms.items()} or None,
        "replaces": [asdict(each) for each in validation.replaces] or None,
    }


def from_row(row: FileRow) -> File:
    """The record of a file from the row that holds its summary."""
    return File(
        file_id=row.file_id,
        name=row.name,
        upload_id=lake_layout.upload_id(row.key),
        status=Status(row.status),
        criticality=None if row.criticality is None else Criticality(row.criticality),
        reason=row.reason,
        rows=RowCounts(
            total=int(row.total or 0), good=int(row.good or 0), bad=int(row.bad or 0), repaired=int(row.repaired or 0)
        ),
        issues=tuple(
            IssueCount(
                type=Issue.of(each["type"]),
                column=each["column"],
                severity=Severity(each["severity"]),
                rows=each["rows"],
                detail=each.get("detail"),
            )
            for each in row.issues or ()
        ),
        drift=row.drift and _drift(row.drift),
        histograms=row.histograms or {},
        replaces=tuple(Replaced(**each) for each in row.replaces or ()),
        corrected=int(row.corrected or 0),
        erased=sum(int(rows) for rows in (row.erased or {}).values()),
        redacted=int(row.redacted or 0),
        duplicate_of=row.duplicate_of,
        replay_of=row.replay_of,
        replayed_by=row.replayed_by,
        scored=int(row.scored or 0),
        score_histogram=row.scores,
        will_change=None if row.will_change is None else int(row.will_change),
        failure=row.failure and Failure(**row.failure),
        contract_version=row.contract_version,
        model_version=row.model_version,
        uploaded_at=row.uploaded_at,
        validated_at=row.validated_at,
        predicted_at=row.predicted_at,
    )


def _drift(plain: Mapping[str, Any]) -> FileDrift:
    columns = (
        ColumnDrift(one["column"], float(one["psi"]), float(one["threshold"]), Verdict(one["verdict"]))
        for one in plain["columns"]
    )
    return FileDrift(verdict=Verdict(plain["verdict"]), columns=tuple(columns))


def _corrections(file_id: str, consistent_read: bool = False) -> Iterator[FileRow]:
    return FileRow.query(file_id, FileRow.part.startswith(CORRECTED), consistent_read=consistent_read)


def summary_row(file_id: str) -> FileRow:
    """The row of a file with everything but its findings. Raises NotFound."""
    try:
        return FileRow.get(file_id, SUMMARY, consistent_read=True)
    except FileRow.DoesNotExist:
        raise NotFound(f"There is no file {file_id}.") from None
