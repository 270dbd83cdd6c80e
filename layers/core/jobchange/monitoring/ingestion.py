"""How good the dropped files were, and how soon they were scored, from their records."""

from collections import Counter
from dataclasses import asdict, dataclass

from jobchange import times
from jobchange.contract import Criticality, Issue
from jobchange.monitoring.window import Window, bucket_of
from jobchange.store import file_listings
from jobchange.store.files import File, Status

MOST_FILES = 1_000
"""Files read for one answer: about a megabyte of records."""
MOST_LATENCIES = 300


@dataclass(frozen=True)
class QualityPoint:
    """The files uploaded in the bucket that begins `at`, and their rows."""

    at: str
    files: int
    total: int
    good: int
    bad: int
    repaired: int
    recovered: int


@dataclass(frozen=True)
class IssuePoint:
    """How often an issue was found in the files of a bucket; a row counts once for each column in which it has it."""

    at: str
    type: Issue
    rows: int


@dataclass(frozen=True)
class Latency:
    """How long one file took from its upload at `at` until its last row was scored."""

    at: str
    file_id: str
    name: str
    seconds: float


@dataclass(frozen=True)
class Quality:
    """The files of a window, which is widened to whole buckets; oldest first. `cut` says that there were more than the
    newest 1,000, which are counted."""

    start: str
    end: str
    bucket_seconds: int
    points: list[QualityPoint]
    issues: list[IssuePoint]
    criticality: dict[Criticality, int]
    latency: list[Latency]
    cut: bool


def quality(window: Window) -> Quality:
    """The files that were validated; those that still are wait for the next look."""
    size = window.bucket_seconds
    window = window.widened(size)
    found, cut = uploaded(window)
    return Quality(
        start=window.start,
        end=window.end,
        bucket_seconds=size,
        points=_points(found, size),
        issues=_issues(found, size),
        criticality=dict.fromkeys(Criticality, 0) | Counter(file.criticality for file in found if file.criticality),
        latency=_latencies(found),
        cut=cut,
    )


def uploaded(window: Window) -> tuple[list[File], bool]:
    """The validated files of a window, oldest first, and whether there are more than are returned."""
    newest = file_listings.list_uploaded_between(window.start, window.end, limit=MOST_FILES + 1)
    validated = [file for file in newest[:MOST_FILES] if file.status is not Status.VALIDATING]
    return validated[::-1], len(newest) > MOST_FILES


def _points(found: list[File], size: int) -> list[QualityPoint]:
    sums: dict[str, Counter[str]] = {}
    for file in found:
        counts = sums.setdefault(bucket_of(file.uploaded_at, size), Counter())
        counts.update({"files": 1, **asdict(file.rows), "recovered": file.corrected})
    return [QualityPoint(at, **counts) for at, counts in sums.items()]


def _issues(found: list[File], size: int) -> list[IssuePoint]:
    sums: Counter[tuple[str, Issue]] = Counter()
    for file in found:
        for issue in file.issues:
            sums[bucket_of(file.uploaded_at, size), issue.type] += issue.rows
    return [IssuePoint(at, issue, rows) for (at, issue), rows in sums.items()]


def _latencies(found: list[File]) -> list[Latency]:
    scored = [file for file in found if file.status is Status.SCORED]
    return [Latency(file.uploaded_at, file.file_id, file.name, _seconds(file)) for file in scored[-MOST_LATENCIES:]]


def _seconds(file: File) -> float:
    return (times.parse(file.predicted_at or file.uploaded_at) - times.parse(file.uploaded_at)).total_seconds()
