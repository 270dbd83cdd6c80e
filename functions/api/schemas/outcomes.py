"""What candidates really did."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, WithJsonSchema, model_validator
from pydantic.types import StrictInt

from jobchange import contract
from jobchange.contract.candidate import EXAMPLE
from params import instant
from schemas.fields import EXAMPLE_INSTANT, EXAMPLE_VERSION, Instant, Probability
from schemas.predictions import EXAMPLE_PREDICTION

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
            raise ValueError("Name the candidate by prediction_id or by enrollee_id, not by both.")
        return self


class Outcome(BaseModel):
    """An outcome as it is kept, with the prediction it is measured against."""

    model_config = ConfigDict(protected_namespaces=(), from_attributes=True)

    enrollee_id: int
    observed_at: Instant
    changed_job: bool
    prediction_id: str | None = Field(
        description="The one named, or the candidate's latest; null if none was made long enough before."
    )
    model_version: str | None
    probability: Probability | None
    counts: bool = Field(description="Whether the model is measured by it by now, if no later one of the candidate is.")
    counts_from: Instant | None = Field(
        description="When its prediction's horizon has passed: from then on the model is measured by it and learns "
        "from it. Null without a prediction."
    )


class Outcomes(BaseModel):
    outcomes: list[Outcome]


EXAMPLES: dict[type, Any] = {
    Outcomes: {
        "outcomes": [
            {
                "enrollee_id": EXAMPLE["enrollee_id"],
                "observed_at": EXAMPLE_INSTANT,
                "changed_job": True,
                "prediction_id": EXAMPLE_PREDICTION["id"],
                "model_version": EXAMPLE_VERSION,
                "probability": EXAMPLE_PREDICTION["probability"],
                "counts": True,
                "counts_from": EXAMPLE_INSTANT,
            }
        ]
    },
}
