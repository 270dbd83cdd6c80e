"""What operators send and get. The ops function checks and answers without pydantic; a test holds it to these."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from jobchange.aws.queues import Queue
from jobchange.registry.threshold import LEAST
from schemas.fields import EXAMPLE_FILE_ID, EXAMPLE_INSTANT, Instant
from schemas.models import EXAMPLE_RULE, ThresholdRule
from schemas.runs import EXAMPLE_RUN_ID
from schemas.state import EXAMPLE_ALERT_ID


class DeadLetter(BaseModel):
    """A message that failed as often as it may. What isn't known of it is null."""

    id: str
    file_id: str | None
    part: int | None
    name: str | None = Field(description="The file's name.")
    reason: str | None = Field(description="Why it failed, and what that means.")
    received: int = Field(description="How often it was delivered, to be shown too.")
    sent_at: Instant


class DeadLetterQueue(BaseModel):
    """The dead letters of one queue."""

    queue: Queue
    messages: int = Field(description="About how many there are.")
    samples: list[DeadLetter] = Field(description="Up to ten of them.")


class DeadLetters(BaseModel):
    queues: list[DeadLetterQueue]


class Redrive(BaseModel):
    """Which dead letters go back to their queue."""

    model_config = ConfigDict(extra="forbid")

    queue: Queue


class Redriven(BaseModel):
    queue: Queue
    moved: int = Field(description="How many messages went back. The rest of very many needs another call.")


class AlertId(BaseModel):
    """Which alert."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=500)


class Replay(BaseModel):
    file_id: str = Field(description="The replay's own id, under which it is found once it has begun.")


class Receipt(BaseModel):
    """How far the erasure of a candidate is."""

    enrollee_id_hash: str = Field(description="The candidate's number under a keyed hash.")
    status: Literal["RUNNING", "COMPLETE"]
    erased: dict[str, int] = Field(description="How much was erased so far, by place.")
    waiting: int = Field(description="Files that are being validated and will be searched afterwards.")
    backups: dict[str, Instant] = Field(description="Tables whose backups hold the data, and until when.")
    suppressed_at: Instant
    at: Instant | None = Field(description="When it was complete.")


class Promotion(BaseModel):
    """How a version is promoted. One that failed its gates needs both `force` and a `reason`."""

    model_config = ConfigDict(extra="forbid")

    force: bool = False
    reason: str | None = Field(default=None, max_length=500)


class Training(BaseModel):
    """How the threshold of the new version is chosen: by one of these, or else as the champion's is."""

    model_config = ConfigDict(extra="forbid")

    missed: float | None = Field(
        default=None, ge=LEAST, le=1 / LEAST, description="A missed candidate is as bad as this many false alarms."
    )
    capacity: float | None = Field(
        default=None, ge=LEAST, le=1, description="The share of candidates that can be called: 50 of 1,000 are 0.05."
    )


class NewThreshold(Training):
    """A decision on the threshold of a version, by one of the two rules."""

    reason: str = Field(min_length=1, max_length=500)


class TrainingFile(BaseModel):
    name: str = Field(description="Its key in the lake.")
    size: int = Field(description="In bytes.")


class TrainingPreview(BaseModel):
    """What a training would learn from."""

    files: list[TrainingFile]
    outcomes: int = Field(description="Candidates with an outcome that counts by now.")
    threshold_rule: ThresholdRule = Field(description="That of the champion, or the default.")


class TrainingStarted(BaseModel):
    run_id: str = Field(description="GET /runs lists the run when it has ended.")


EXAMPLES: dict[type, Any] = {
    DeadLetters: {
        "queues": [
            {
                "queue": Queue.SCORE,
                "messages": 1,
                "samples": [
                    {
                        "id": "5fea7756-0ea4-451a-a703-a558b933e274",
                        "file_id": EXAMPLE_FILE_ID,
                        "part": 0,
                        "name": "candidates.csv",
                        "reason": "It was cut off each time: it may have run out of time or memory.",
                        "received": 4,
                        "sent_at": EXAMPLE_INSTANT,
                    }
                ],
            }
        ]
    },
    AlertId: {"id": EXAMPLE_ALERT_ID},
    Redrive: {"queue": Queue.SCORE},
    Redriven: {"queue": Queue.SCORE, "moved": 1},
    Replay: {"file_id": EXAMPLE_FILE_ID},
    Receipt: {
        "enrollee_id_hash": "9b2f5c0e6d7a",
        "status": "COMPLETE",
        "erased": {"predictions": 2, "outcomes": 1, "good": 2},
        "waiting": 0,
        "backups": {"jobchange-predictions": "2026-03-07T09:30:00.000Z"},
        "suppressed_at": EXAMPLE_INSTANT,
        "at": "2026-01-31T09:30:04.000Z",
    },
    Promotion: {"force": True, "reason": "The champion was trained on the wrong files."},
    Training: {"missed": 3},
    NewThreshold: {"capacity": 0.05, "reason": "We can call 50 a week."},
    TrainingPreview: {
        "files": [{"name": "training/labelled.csv", "size": 1_048_576}],
        "outcomes": 3_000,
        "threshold_rule": EXAMPLE_RULE,
    },
    TrainingStarted: {"run_id": EXAMPLE_RUN_ID},
}
