"""Predictions, as they are scored, listed and looked up."""

from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from jobchange import contract
from jobchange.contract import Issue
from jobchange.contract.candidate import EXAMPLE, Features
from jobchange.store import predictions
from jobchange.store.prediction_keys import Source
from schemas.fields import EXAMPLE_FILE_ID, EXAMPLE_INSTANT, EXAMPLE_VERSION, Instant, NextCursor, Probability

if TYPE_CHECKING:
    from jobchange.scoring.online import Explained


class Contribution(BaseModel):
    """How much one value moves the prediction away from the average of the training population (a Shapley value)."""

    feature: str
    value: str | float | None
    contribution: float = Field(description="In log-odds: together with the base these add up to the candidate's.")
    points: float = Field(
        description="In probability, 0.05 being five percentage points: together with the average these add up to the "
        "candidate's probability."
    )


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
    row: int | None = Field(description="The candidate's row in that file, or in the one that was just sent.")
    explanation: list[Contribution] = Field(
        default_factory=list, description="Only where it was asked for; those of most points first."
    )
    base: float | None = Field(default=None, description="Only with the explanation: the population's mean log-odds.")
    average: Probability | None = Field(
        default=None, description="Only with the explanation: the mean probability of the training population."
    )
    above: Probability | None = Field(
        default=None,
        description="Only with the explanation: the share of the training population with a lower probability.",
    )

    @classmethod
    def of(cls, stored: predictions.Prediction) -> Self:
        return cls(**{name: getattr(stored, name) for name in _STORED})


_EXPLAINED = ("explanation", "base", "average", "above")
_STORED = tuple(name for name in Prediction.model_fields if name not in _EXPLAINED)


def plain(stored: predictions.Prediction) -> dict[str, Any]:
    """A prediction as `Prediction` describes it, for answers so long that making a model of each takes its time."""
    return {name: getattr(stored, name) for name in _STORED}


def explanation(found: "Explained") -> dict[str, Any]:
    """The fields of `Prediction` that explain it."""
    why = found.explanation
    contributions = [Contribution(**vars(each)) for each in why.contributions]
    return {"explanation": contributions, "base": why.base, "average": why.average, "above": found.above}


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


class RowIssue(BaseModel):
    """One thing that is wrong with a row of a file."""

    type: Issue
    column: str | None = Field(description="Null when it is about the whole row.")
    value: str | None = Field(description="What is there; characters that nobody sees are named by their code points.")
    message: str = Field(description="What is wrong, and what would be right.")


class RefusedRow(BaseModel):
    """A row of a file that couldn't be scored."""

    row: int = Field(description="Its number in the file, from 1 below the header.")
    issues: list[RowIssue]


class FileNote(BaseModel):
    """What was seen in what was sent and kept no candidate from being scored."""

    type: Issue
    column: str | None
    rows: int = Field(description="Of how many candidates; 0 when it is about a file's header.")
    message: str


class StoredPrediction(Prediction):
    """One stored prediction, explained."""

    notes: list[FileNote] = Field(description="What is odd about the candidate, as POST /predictions/predict says it.")


class OtherColumns(BaseModel):
    """The columns of a file that the contract doesn't know: given back as they were sent, and kept nowhere."""

    names: list[str]
    rows: list[list[str]] = Field(description="The cells of each row of the file; none of a line that is malformed.")


class ScoredCandidates(Predictions):
    """Scored candidates in the order they were sent in. Of a file, each prediction has the number of its row, and each
    row is in one of the two lists."""

    refused: list[RefusedRow] = Field(default=[], description="Only for a file.")
    notes: list[FileNote] = []
    others: OtherColumns | None = Field(default=None, description="Only for a file that has some.")


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
        {"feature": "company_size", "value": EXAMPLE["company_size"], "contribution": -0.41, "points": -0.06},
        {"feature": "training_hours", "value": EXAMPLE["training_hours"], "contribution": 0.05, "points": 0.01},
    ],
    "base": -1.4,
    "average": 0.25,
    "above": 0.88,
}
_RANKED = {**EXAMPLE_PREDICTION, "source": "scheduled", "file_id": EXAMPLE_FILE_ID, "row": 17, "rank": 1}
EXAMPLES: dict[type, Any] = {
    Prediction: EXAMPLE_PREDICTION,
    StoredPrediction: {**EXAMPLE_PREDICTION, "notes": []},
    Predictions: {"predictions": [EXAMPLE_PREDICTION]},
    ScoredCandidates: {"predictions": [EXAMPLE_PREDICTION]},
    PredictionsPage: {"predictions": [EXAMPLE_PREDICTION], "next_cursor": None},
    RankedPrediction: _RANKED,
    RankedPredictions: {"predictions": [_RANKED], "next_cursor": None},
}
