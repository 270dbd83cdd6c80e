"""What has happened, as charts show it; how good the models are is measured by the outcomes of candidates."""

from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from jobchange import contract
from jobchange.contract import Issue
from jobchange.monitoring.impact import MonthlyImpact
from jobchange.monitoring.ingestion import Quality
from jobchange.monitoring.population import DriftByDay, Scores
from jobchange.monitoring.traffic import Traffic
from jobchange.statistics.impact import FourFifths
from schemas.fields import EXAMPLE_FILE_ID, EXAMPLE_INSTANT, EXAMPLE_VERSION, Probability
from schemas.files import EXAMPLE_DRIFT, EXAMPLE_SCORES

if TYPE_CHECKING:
    from jobchange.monitoring.outcomes import Version
    from jobchange.statistics.performance import Performance


class CalibrationBin(BaseModel):
    """Predictions of about the same probability, and how many of the candidates changed job."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)

    low: Probability = Field(serialization_alias="from")
    high: Probability = Field(serialization_alias="to")
    mean_probability: Probability
    observed_rate: Probability
    outcomes: int


class Live(BaseModel):
    """How good a version is on the candidates whose outcome is known."""

    outcomes: int = Field(description="How many there are.")
    auc: Probability | None = Field(description="Null unless some changed job and some didn't.")
    brier: Probability | None
    ece: Probability | None = Field(description="Expected calibration error.")
    cut: bool = Field(description="Whether there are more, of which the newest are measured.")

    @classmethod
    def of(cls, version: "Version") -> Self:
        return cls(**_measures(version.performance), ece=version.performance.ece, cut=version.cut)


class LiveWeek(BaseModel):
    week: str = Field(description="The ISO week in which the outcomes were observed, such as 2026-W48.")
    outcomes: int
    auc: Probability | None
    brier: Probability | None


class LiveVersion(Live):
    version: str
    calibration: list[CalibrationBin] = Field(description="The bins that hold something, of 15 of equal width.")
    weeks: list[LiveWeek]

    @classmethod
    def of(cls, version: "Version") -> Self:
        measured = version.performance
        return cls(
            version=version.version,
            **_measures(measured),
            ece=measured.ece,
            cut=version.cut,
            calibration=[CalibrationBin.model_validate(each) for each in measured.calibration],
            weeks=[LiveWeek(week=each.week, **_measures(each.performance)) for each in version.weeks],
        )


class LiveVersions(BaseModel):
    """Every version with outcomes, newest first."""

    versions: list[LiveVersion]


def _measures(measured: "Performance") -> dict[str, Any]:
    return {"outcomes": measured.outcomes, "auc": measured.auc, "brier": measured.brier}


_DAY: dict[str, Any] = {"start": "2026-01-31T00:00:00.000Z", "end": "2026-02-01T00:00:00.000Z", "bucket_seconds": 300}
_BUCKET = "2026-01-31T09:30:00.000Z"
EXAMPLE_LIVE: dict[str, Any] = {"outcomes": 500, "auc": 0.79, "brier": 0.14, "ece": 0.02, "cut": False}
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
    Traffic: {**_DAY, "points": [{"at": _BUCKET, "source": "api", "predictions": 12, "will_change": 4}]},
    Quality: {
        **_DAY,
        "points": [{"at": _BUCKET, "files": 1, "total": 400, "good": 398, "bad": 2, "repaired": 5, "recovered": 0}],
        "issues": [{"at": _BUCKET, "type": Issue.OUT_OF_RANGE, "rows": 2}],
        "criticality": {"minor": 1},
        "latency": [{"at": EXAMPLE_INSTANT, "file_id": EXAMPLE_FILE_ID, "name": "candidates.csv", "seconds": 59.9}],
        "cut": False,
    },
    DriftByDay: {
        "days": [{"day": "2026-01-31", "rows": 398, "model_version": EXAMPLE_VERSION, **EXAMPLE_DRIFT, "score": None}],
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
                "weeks": [{"week": "2026-W05", "outcomes": 500, "auc": 0.79, "brier": 0.14}],
            }
        ]
    },
}
