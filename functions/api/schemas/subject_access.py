"""What is held about a candidate. The ops function answers without pydantic; a test holds it to these."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from jobchange import contract
from jobchange.contract.candidate import EXAMPLE, Features
from jobchange.store.files import Status
from jobchange.store.prediction_keys import Source
from schemas.fields import EXAMPLE_FILE_ID, EXAMPLE_INSTANT, EXAMPLE_VERSION, Instant, NextCursor, Probability
from schemas.operators import Receipt
from schemas.predictions import EXAMPLE_PREDICTION


class HeldPrediction(BaseModel):
    """A prediction, what led from it to its verdict, and why it is as it is."""

    model_config = ConfigDict(protected_namespaces=())

    id: str
    created_at: Instant
    source: Source
    file_id: str | None
    row: int | None
    features: Features
    model_version: str
    probability: Probability
    threshold: Probability | None = Field(description="What a probability has to reach; null when not known any more.")
    will_change: bool
    explanation: list[str] | None = Field(
        description="In sentences, from the average candidate's chance to this one's; null when not known any more."
    )
    challenger_version: str | None
    challenger_probability: Probability | None
    challenger_will_change: bool | None


class HeldOutcome(BaseModel):
    """What was reported of the candidate."""

    model_config = ConfigDict(protected_namespaces=())

    observed_at: Instant
    changed_job: bool
    prediction_id: str | None
    model_version: str | None
    probability: Probability | None
    challenger_version: str | None
    challenger_probability: Probability | None


class HeldRow(BaseModel):
    """A row of a dataset."""

    values: dict[str, str] | None = Field(description="Cells by column; null for a line that can't be split.")
    text: str | None = Field(description="The exact text where there are no values, at most 2,000 characters of it.")
    certain: bool = Field(
        description="False where the number is damaged or the line can't be split: it may be somebody else's."
    )


class HeldFileRow(HeldRow):
    """A row of a file: a good one with its values, a bad one with its text."""

    row: int = Field(description="Its number in the file, from 1 below the header.")
    reasons: list[str] = Field(description="Of a bad row: what is wrong with it.")


class _Found(BaseModel):
    mentions: bool = Field(
        description="It was rejected as a whole, and has the number somewhere or can't be read: it may not be about "
        "the candidate at all."
    )
    found: int = Field(description="How many rows there are; up to 200 of them are shown.")


class HeldDataset(_Found):
    """A dataset under training/ with rows of the candidate."""

    object: str
    rows: list[HeldRow]


class HeldFile(_Found):
    """A file with rows of the candidate."""

    file_id: str
    name: str
    uploaded_at: Instant
    status: Status
    duplicate_of: str | None = Field(description="The earlier file with the same rows, which shows them.")
    rows: list[HeldFileRow]
    objects: list[str] = Field(description="Where the rows are in the lake: as dropped and in all that was made of it.")


class SubjectAccess(BaseModel):
    """What is held about a candidate: a page of it. All pages together are all there is."""

    enrollee_id: int
    erasure: Receipt | None = Field(description="How far the erasure is, if somebody asked for one.")
    predictions: list[HeldPrediction]
    outcomes: list[HeldOutcome]
    training: list[HeldDataset]
    files: list[HeldFile]
    waiting: int = Field(description="Files that are being validated: ask once more in a few minutes.")
    next_cursor: NextCursor


_VALUES = {name: str(value) for name, value in EXAMPLE.items() if value is not None and name in contract.NAMES}
EXAMPLES: dict[type, Any] = {
    SubjectAccess: {
        "enrollee_id": EXAMPLE["enrollee_id"],
        "erasure": None,
        "predictions": [
            {
                "id": EXAMPLE_PREDICTION["id"],
                "created_at": EXAMPLE_INSTANT,
                "source": "api",
                "file_id": None,
                "row": None,
                "features": EXAMPLE_PREDICTION["features"],
                "model_version": EXAMPLE_VERSION,
                "probability": 0.62,
                "threshold": 0.4,
                "will_change": True,
                "explanation": [
                    "The average candidate's chance of looking for a job is 25.0%.",
                    "City development index 0.62 raises it by 37.0 points.",
                    "This makes 62.0%.",
                ],
                "challenger_version": None,
                "challenger_probability": None,
                "challenger_will_change": None,
            }
        ],
        "outcomes": [],
        "training": [
            {
                "object": "training/labelled.csv",
                "mentions": False,
                "found": 1,
                "rows": [{"values": _VALUES, "text": None, "certain": True}],
            }
        ],
        "files": [
            {
                "file_id": EXAMPLE_FILE_ID,
                "name": "candidates.csv",
                "uploaded_at": EXAMPLE_INSTANT,
                "status": Status.SCORED,
                "duplicate_of": None,
                "mentions": False,
                "found": 1,
                "rows": [
                    {
                        "row": 17,
                        "values": None,
                        "text": "4711,city_103,0.92,,Has relevent experience,,,,5,,,,none",
                        "reasons": ["Training hours: The value isn't a number of the required kind."],
                        "certain": True,
                    }
                ],
                "objects": ["raw/candidates.csv", f"bad/{EXAMPLE_FILE_ID}/candidates.csv"],
            }
        ],
        "waiting": 0,
        "next_cursor": None,
    }
}
