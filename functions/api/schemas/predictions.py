"""Predictions, as they are scored, listed and looked up."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from jobchange import contract
from jobchange.contract.candidate import EXAMPLE, Features
from jobchange.store import predictions
from jobchange.store.prediction_keys import Source
from schemas.fields import EXAMPLE_FILE_ID, EXAMPLE_INSTANT, EXAMPLE_VERSION, Instant, NextCursor, Probability


class Contribution(BaseModel):
    """How much one value moves the log-odds away from a typical candidate's."""

    feature: str
    value: str | float | None
    contribution: float


class Prediction(BaseModel):
    """One scored candidate."""

    # The model's version is a field; pydantic would keep the prefix for itself.
    model_config = ConfigDict(protected_namespaces=())

    id: str
    created_at: Instant
    source: Source
    model_version: str
    enrollee_id: int | None
    features: Features
    probability: Probability = Field(description="That the candidate is looking for a job change.")
    will_change: bool = Field(description="Whether the probability reaches the model's threshold.")
    file_id: str | None = Field(description="The file the candidate came in, if in one.")
    row: int | None = Field(description="The candidate's row in that file.")
    explanation: list[Contribution] = Field(default=[], description="Only where it was asked for; the largest first.")

    @classmethod
    def of(cls, stored: predictions.Prediction) -> Self:
        return cls(**{name: getattr(stored, name) for name in Prediction.model_fields if name != "explanation"})


class RankedPrediction(Prediction):
    """One scored candidate of a file."""

    rank: int = Field(default=0, ge=0, description="Its place in the file by probability, from 1; only by rank.")

    @classmethod
    def at(cls, rank: int, stored: predictions.Prediction) -> Self:
        ranked = cls.of(stored)
        ranked.rank = rank
        return ranked


class RankedPredictions(BaseModel):
    predictions: list[RankedPrediction]
    next_cursor: NextCursor


class Predictions(BaseModel):
    predictions: list[Prediction]


class PredictionsPage(Predictions):
    next_cursor: NextCursor


EXAMPLE_PREDICTION: dict[str, Any] = {
    "id": "B-5X2LegtJF9hl-jLqWLFsLmqf89CHAzzzzz--",
    "created_at": EXAMPLE_INSTANT,
    "source": "api",
    "model_version": EXAMPLE_VERSION,
    "enrollee_id": EXAMPLE["enrollee_id"],
    "features": {name: value for name, value in EXAMPLE.items() if name != contract.IDENTIFIER},
    "probability": 0.62,
    "will_change": True,
    "file_id": None,
    "row": None,
    "explanation": [
        {"feature": "company_size", "value": EXAMPLE["company_size"], "contribution": -0.41},
        {"feature": "training_hours", "value": EXAMPLE["training_hours"], "contribution": 0.05},
    ],
}
_RANKED = {**EXAMPLE_PREDICTION, "source": "scheduled", "file_id": EXAMPLE_FILE_ID, "row": 17, "rank": 1}
EXAMPLES: dict[type, Any] = {
    Prediction: EXAMPLE_PREDICTION,
    Predictions: {"predictions": [EXAMPLE_PREDICTION]},
    PredictionsPage: {"predictions": [EXAMPLE_PREDICTION], "next_cursor": None},
    RankedPrediction: _RANKED,
    RankedPredictions: {"predictions": [_RANKED], "next_cursor": None},
}
