"""What has happened, as charts show it; how good the models are is measured by the outcomes of candidates."""

from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from jobchange import contract
from jobchange.contract import Issue
from jobchange.monitoring.api_requests import Requests
from jobchange.monitoring.impact import MonthlyImpact
from jobchange.monitoring.ingestion import Quality
from jobchange.monitoring.population import DriftByDay, Scores
from jobchange.monitoring.queue_depths import QueueDepths
from jobchange.monitoring.traffic import Traffic
from jobchange.statistics.impact import FourFifths
from schemas.fields import EXAMPLE_FILE_ID, EXAMPLE_INSTANT, EXAMPLE_VERSION, Instant, Probability
from schemas.files import EXAMPLE_DRIFT, EXAMPLE_SCORES

if TYPE_CHECKING:
    from jobchange.monitoring.outcomes import Version
    from jobchange.statistics.interval import Interval
    from jobchange.statistics.performance import Performance


class CalibrationBin(BaseModel):
    """Predictions of about the same probability, and how many of the candidates changed job."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)

    low: Probability = Field(serialization_alias="from")
    high: Probability = Field(serialization_alias="to")
    mean_probability: Probability
    observed_rate: Probability
    outcomes: int


class Range(BaseModel):
    """The ends of a figure's interval, which holds the true one 19 times out of 20."""

    model_config = ConfigDict(from_attributes=True)

    low: float
    high: float


class Live(BaseModel):
    """How good a version is on the candidates whose outcome is known."""

    outcomes: int = Field(description="How many there are, of several of one candidate the last.")
    auc: Probability | None = Field(description="Null unless some changed job and some didn't.")
    auc_interval: Range | None
    expected_auc: Probability | None = Field(
        description="What the same candidates' scores imply. Live quality is held against it, as outcomes may be known "
        "of some candidates rather than others."
    )
    brier: Probability | None
    ece: Probability | None = Field(description="Expected calibration error.")
    ece_chance: Probability | None = Field(
        description="What it is by chance alone with so few outcomes, on average, if probabilities are perfect."
    )
    uncalled: int | None = Field(description="Outcomes of candidates below the threshold.")
    superseded: int = Field(description="Outcomes left out, as a later one of the same candidate counts.")
    waiting: int = Field(description="Outcomes that count once the horizon of their prediction has passed.")
    cut: bool = Field(description="Whether there are more, of which the newest are measured.")

    @classmethod
    def of(cls, version: "Version") -> Self:
        return cls(**_live(version))


class LiveWeek(BaseModel):
    week: str = Field(description="The ISO week in which the outcomes were observed, such as 2026-W48.")
    outcomes: int
    auc: Probability | None
    auc_interval: Range | None
    brier: Probability | None


class Figure(Range):
    """A figure with the ends of its interval."""

    value: float


class EstimatedQuality(BaseModel):
    """Measures over some candidates, expected or measured."""

    model_config = ConfigDict(from_attributes=True)

    candidates: int
    rate: Figure = Field(description="The share of candidates who change job.")
    auc: Figure | None
    precision: Figure | None = Field(description="Of those called, the share who change job.")
    recall: Figure | None = Field(description="Of those who change job, the share called.")


class LiveGroup(EstimatedQuality):
    """A version on the candidates of one group whose outcome is known, of whatever file or client."""

    column: str
    level: str
    auc: Figure | None = Field(description="Null with fewer than 20 of either outcome: too few to say.")
    expected_auc: Probability | None = Field(description="What the same candidates' scores imply.")


class LiveVersion(Live):
    version: str
    calibration: list[CalibrationBin] = Field(description="The bins that hold something, of 15 of equal width.")
    weeks: list[LiveWeek]
    groups: list[LiveGroup] = Field(description="By gender, education and experience.")

    @classmethod
    def of(cls, version: "Version") -> Self:
        measured = version.performance
        return cls(
            version=version.version,
            **_live(version),
            calibration=[CalibrationBin.model_validate(each) for each in measured.calibration],
            weeks=[
                LiveWeek(week=each.week, **_measures(each.performance), auc_interval=range_of(each.auc))
                for each in version.weeks
            ],
            groups=[
                LiveGroup(
                    column=each.column,
                    level=each.level,
                    expected_auc=each.expected.auc if each.expected else None,
                    **EstimatedQuality.model_validate(each.measured).model_dump(),
                )
                for each in version.groups
            ],
        )


class LiveVersions(BaseModel):
    """Every version with outcomes, newest first."""

    versions: list[LiveVersion]


def range_of(interval: "Interval | None") -> Range | None:
    """The ends of an interval, if there is one."""
    return Range.model_validate(interval) if interval else None


def _live(version: "Version") -> dict[str, Any]:
    return {
        **_measures(version.performance),
        "auc_interval": range_of(version.auc),
        "expected_auc": version.expected and version.expected.auc,
        "ece": version.performance.ece,
        "ece_chance": version.ece_chance,
        "uncalled": version.uncalled,
        "superseded": version.superseded,
        "waiting": version.waiting,
        "cut": version.cut,
    }


def _measures(measured: "Performance") -> dict[str, Any]:
    return {"outcomes": measured.outcomes, "auc": measured.auc, "brier": measured.brier}


class _Estimate(BaseModel):
    model_config = ConfigDict(protected_namespaces=(), from_attributes=True)

    model_version: str
    expected: EstimatedQuality = Field(description="From the scores, before outcomes are known.")
    measured: EstimatedQuality | None = Field(description="On the candidates whose outcome is known by now.")


class DayEstimate(_Estimate):
    day: str


class FileEstimate(_Estimate):
    file_id: str
    name: str
    uploaded_at: Instant


class GroupEstimate(BaseModel):
    """What a score means is taken from all candidates, so it shows what the group's mix of scores makes of the quality;
    whether scores mean something else in a group, the card shows."""

    model_config = ConfigDict(from_attributes=True)

    column: str
    level: str
    expected: EstimatedQuality


class Estimates(BaseModel):
    """The expected quality by day and by file (the newest 300), oldest first, and by group."""

    model_config = ConfigDict(from_attributes=True)

    days: list[DayEstimate]
    files: list[FileEstimate]
    groups: list[GroupEstimate] = Field(description="Over all files of the newest version.")
    cut: bool = Field(description="Whether there are more files, of which the newest count.")


_DAY: dict[str, Any] = {"start": "2026-01-31T00:00:00.000Z", "end": "2026-02-01T00:00:00.000Z", "bucket_seconds": 300}
_BUCKET = "2026-01-31T09:30:00.000Z"
_REQUESTS = {"answered": 980, "refused": 18, "failed": 2, "p50": 0.021, "p95": 0.11, "p99": 0.43}
_MISSING = [{"column": "experience", "share": 0.01, "training": 0.003}]
EXAMPLE_LIVE: dict[str, Any] = {
    "outcomes": 500,
    "auc": 0.79,
    "auc_interval": {"low": 0.74, "high": 0.84},
    "expected_auc": 0.8,
    "brier": 0.14,
    "ece": 0.04,
    "ece_chance": 0.04,
    "uncalled": 320,
    "superseded": 3,
    "waiting": 12,
    "cut": False,
}
_QUALITY: dict[str, Any] = {
    "candidates": 398,
    "rate": {"value": 0.25, "low": 0.21, "high": 0.29},
    "auc": {"value": 0.8, "low": 0.75, "high": 0.85},
    "precision": {"value": 0.56, "low": 0.48, "high": 0.64},
    "recall": {"value": 0.74, "low": 0.66, "high": 0.82},
}
_ESTIMATE: dict[str, Any] = {"model_version": EXAMPLE_VERSION, "expected": _QUALITY, "measured": _QUALITY}
_GROUPS = (
    (contract.BY_NAME["gender"].levels[0], 100, 30, 0.219, 0.396, None, None),
    (
        contract.BY_NAME["gender"].levels[1],
        900,
        270,
        0.271,
        0.331,
        {"value": 1.0, "low": 0.73, "high": 1.35},
        FourFifths.UNCERTAIN,
    ),
)
EXAMPLES: dict[type, Any] = {
    QueueDepths: {**_DAY, "points": [{"at": _BUCKET, "queue": "score", "waiting": 12, "dead_letters": 0}]},
    Requests: {**_DAY, "limit": 29.0, "total": _REQUESTS, "points": [{"at": _BUCKET, **_REQUESTS}]},
    Traffic: {**_DAY, "points": [{"at": _BUCKET, "source": "api", "predictions": 12, "will_change": 4}]},
    Quality: {
        **_DAY,
        "points": [{"at": _BUCKET, "files": 1, "total": 400, "good": 398, "bad": 2, "repaired": 5, "recovered": 0}],
        "issues": [{"at": _BUCKET, "type": Issue.OUT_OF_RANGE, "rows": 2}],
        "criticality": {"ok": 0, "minor": 1, "major": 0, "critical": 0},
        "latency": [{"at": EXAMPLE_INSTANT, "file_id": EXAMPLE_FILE_ID, "name": "candidates.csv", "seconds": 59.9}],
        "cut": False,
    },
    DriftByDay: {
        "days": [
            {
                "day": "2026-01-31",
                "rows": 398,
                "model_version": EXAMPLE_VERSION,
                **EXAMPLE_DRIFT,
                "score": None,
                "missing": _MISSING,
            }
        ],
        "cut": False,
    },
    Scores: {
        "bins": [edge / 10 for edge in range(11)],
        "training": [4000, 3500, 3000, 2500, 2000, 1500, 1200, 800, 500, 158],
        "observed": EXAMPLE_SCORES,
        "model_version": EXAMPLE_VERSION,
        "cut": False,
    },
    MonthlyImpact: {
        "month": "2026-01",
        "column": "gender",
        "groups": [
            {
                "group": level,
                "rows": rows,
                "selected": selected,
                "rate": {"value": selected / rows, "low": low, "high": high},
                "ratio": ratio,
                "verdict": verdict,
            }
            for level, rows, selected, low, high, ratio, verdict in _GROUPS
        ],
        "unknown": 210,
    },
    LiveVersions: {
        "versions": [
            {
                **EXAMPLE_LIVE,
                "version": EXAMPLE_VERSION,
                "calibration": [
                    {"from": 0.2, "to": 0.267, "mean_probability": 0.23, "observed_rate": 0.25, "outcomes": 60}
                ],
                "weeks": [
                    {
                        "week": "2026-W05",
                        "outcomes": 500,
                        "auc": 0.79,
                        "auc_interval": {"low": 0.74, "high": 0.84},
                        "brier": 0.14,
                    }
                ],
                "groups": [{"column": "gender", "level": "Male", **_QUALITY, "expected_auc": 0.79}],
            }
        ]
    },
    Estimates: {
        "days": [{"day": "2026-01-31", **_ESTIMATE}],
        "files": [{"file_id": EXAMPLE_FILE_ID, "name": "candidates.csv", "uploaded_at": EXAMPLE_INSTANT, **_ESTIMATE}],
        "groups": [{"column": "gender", "level": "Male", "expected": _QUALITY}],
        "cut": False,
    },
}
