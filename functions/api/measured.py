"""The shapes of outcomes, and of how models do on live data. Instants are RFC 3339 in UTC, probabilities in [0, 1]."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, WithJsonSchema, model_validator
from pydantic.types import StrictInt

from dates import instant
from jobchange import contract
from shapes import Instant, Probability

if TYPE_CHECKING:
    from jobchange.monitoring.outcomes import Version
    from jobchange.statistics.performance import Performance

_NUMBER = contract.BY_NAME[contract.IDENTIFIER]


class OutcomeReport(BaseModel):
    """What a candidate really did; the candidate is named by a prediction or by number."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"enrollee_id": 4711, "changed_job": True, "observed_at": "2026-01-31T09:30:00Z"}],
            "oneOf": [{"required": ["prediction_id"]}, {"required": ["enrollee_id"]}],
        },
    )

    prediction_id: str | None = Field(
        default=None, max_length=100, description="Of a prediction made of the candidate."
    )
    enrollee_id: Annotated[StrictInt, Field(ge=_NUMBER.minimum, le=_NUMBER.maximum)] | None = Field(
        default=None, description=_NUMBER.help
    )
    changed_job: StrictBool
    observed_at: Annotated[str, AfterValidator(instant), WithJsonSchema({"type": "string", "format": "date-time"})] = (
        Field(description="When that was known: after the prediction, and as long ago at most as predictions are kept.")
    )

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        if (self.prediction_id is None) == (self.enrollee_id is None):
            raise ValueError("Name the candidate by prediction_id or by enrollee_id, one of them.")
        return self


class Outcome(BaseModel):
    """An outcome as it is kept, with the prediction it is measured against."""

    model_config = ConfigDict(protected_namespaces=(), from_attributes=True)

    enrollee_id: int
    observed_at: Instant
    changed_job: bool
    prediction_id: str | None = Field(description="The candidate's latest one before, if there is one.")
    model_version: str | None
    probability: Probability | None


class Outcomes(BaseModel):
    outcomes: list[Outcome]


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


class Comparison(BaseModel):
    """The challenger beside the champion, on the candidates of dropped files that both scored."""

    model_config = ConfigDict(from_attributes=True)

    challenger: str
    predictions: int
    agreement: Probability | None = Field(description="The share of candidates that both call alike.")
    mean_shift: float | None = Field(description="The mean of challenger's minus champion's probability.")
    outcomes: int = Field(description="How many of these candidates' outcomes are known.")
    champion_auc: Probability | None
    challenger_auc: Probability | None


class Aliases(BaseModel):
    """The versions that have a part to play."""

    model_config = ConfigDict(from_attributes=True)

    champion: str | None
    challenger: str | None
    previous: str | None


class Gate(BaseModel):
    """One condition that a model must meet to be promoted."""

    gate: str
    passed: bool
    value: float | None
    limit: float | None
    sentence: str


class ModelRecord(BaseModel):
    """One registered version."""

    model_config = ConfigDict(from_attributes=True)

    version: str
    created_at: Instant
    status: Literal["PASSED", "FAILED"] = Field(description="Whether it passed all its gates.")
    gates: list[Gate]
    reason: str | None = Field(description="Why it failed, or was promoted all the same.")
    metrics: dict[str, float] = Field(description="In cross-validation.")
    promoted_at: Instant | None
    promoted_by: str | None


class Model(ModelRecord):
    """The champion: its record, how it was made, and how it does."""

    card: dict[str, Any] = Field(description="Data, settings, software and metrics of its training.")
    aliases: Aliases
    comparison: Comparison | None = Field(description="Null without a challenger.")
    live: Live | None = Field(description="Null without outcomes.")


class ListedModel(ModelRecord):
    role: Literal["champion", "challenger", "previous"] | None = None


class Models(BaseModel):
    models: list[ListedModel]


def _measures(measured: "Performance") -> dict[str, Any]:
    return {"outcomes": measured.outcomes, "auc": measured.auc, "brier": measured.brier}
