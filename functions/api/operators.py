"""The operators' routes, only for the description: the ops function answers them, at an address of its own.

Nothing calls these functions. A test compares their routes and schemas with what the ops function does.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from fastapi.routing import APIRoute

from auth import require
from jobchange import contract
from jobchange.access.tokens import Role
from problem import PROBLEM, documented
from schemas.models import Aliases, Decision
from schemas.operators import (
    AlertId,
    DeadLetters,
    NewThreshold,
    Promotion,
    Receipt,
    Redrive,
    Redriven,
    Replay,
    Training,
    TrainingPreview,
    TrainingStarted,
)
from schemas.state import Alert
from schemas.subject_access import SubjectAccess

TAG = "operators"
ABOUT = (
    "How the system is run. Each call needs an operator's token and is recorded as a run. These routes have an address "
    "of their own, `ops_url` in `make -s outputs`, so they can't be tried out from this page."
)
_SERVER = {
    "url": "{ops_url}",
    "description": "The operators' API.",
    "variables": {"ops_url": {"default": "https://ops.example", "description": "`ops_url` in `make -s outputs`."}},
}
_NUMBER = contract.BY_NAME[contract.IDENTIFIER]

Version = Annotated[str, Path(description="The model's version, as GET /models shows it.")]
FileId = Annotated[str, Path(description="The file's id, as GET /files shows it.")]
CandidateCursor = Annotated[str | None, Query(description="The `next_cursor` of the page before.")]
EnrolleeId = Annotated[int, Path(ge=_NUMBER.minimum, le=_NUMBER.maximum, description=_NUMBER.help)]


class _OperatorsRoute(APIRoute):
    """A route at the operators' address."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "openapi_extra": {"servers": [_SERVER]}})


router = APIRouter(
    prefix="/ops",
    tags=[TAG],
    dependencies=[Depends(require(Role.OPERATOR))],
    # Or FastAPI would describe an error of its own, which the ops function doesn't have.
    responses={"4XX": {"description": "Any other refusal", "content": PROBLEM}},
    route_class=_OperatorsRoute,
)


@router.get("/dlq", response_model=DeadLetters, responses=documented(401))
async def show_dead_letters() -> None:
    """Every queue with the number of its dead letters, up to ten of them, and why they failed."""


@router.post("/dlq/redrive", response_model=Redriven, responses=documented(400, 401, 413))
async def redrive_dead_letters(redrive: Redrive) -> None:
    """Move the dead letters of a queue back to it, to be tried again."""


@router.post("/alerts/acknowledge", response_model=Alert, responses=documented(400, 401, 404, 413))
async def acknowledge_alert(alert: AlertId) -> None:
    """Acknowledge an open alert: somebody looks after it. The first call counts. Answers with the alert."""


@router.post("/alerts/resolve", response_model=Alert, responses=documented(400, 401, 404, 413))
async def resolve_alert(alert: AlertId) -> None:
    """Resolve an open alert: what it is about is over. Answers with the alert."""


@router.post("/files/{file_id}/replay", response_model=Replay, status_code=202, responses=documented(401, 404, 409))
async def replay_file(file_id: FileId) -> None:
    """Validate and score a file again under today's contract; its predictions replace the old ones."""


@router.get("/candidates/{enrollee_id}", response_model=SubjectAccess, responses=documented(400, 401, 404))
async def show_candidate(enrollee_id: EnrolleeId, cursor: CandidateCursor = None) -> None:
    """Everything that is held about a candidate, page by page: follow `next_cursor` to the end. Predictions
    are explained in words that can be handed to the candidate."""


_RUNNING: dict[int | str, dict[str, Any]] = {202: {"model": Receipt, "description": "The erasure is still running."}}


@router.delete("/candidates/{enrollee_id}", response_model=Receipt, responses=_RUNNING | documented(401, 404))
async def erase_candidate(enrollee_id: EnrolleeId) -> None:
    """Erase a candidate; answers with the receipt, or, after a while, with what has been erased so far (202). Another
    request searches everything once more."""


@router.post("/models/{version}/promote", response_model=Aliases, responses=documented(400, 401, 404, 409, 413))
async def promote(version: Version, promotion: Promotion | None = None) -> None:
    """Make a registered version the champion; one that failed its gates only with `force` and a written `reason`."""


@router.post("/models/{version}/challenge", response_model=Aliases, responses=documented(401, 404, 409))
async def set_challenger(version: Version) -> None:
    """Make a version the challenger, which scores in the champion's shadow."""


@router.delete("/challenger", response_model=Aliases, responses=documented(401, 409))
async def remove_challenger() -> None:
    """Leave the champion without a challenger."""


@router.post("/models/rollback", response_model=Aliases, responses=documented(401, 409))
async def roll_back() -> None:
    """Make the previous champion the champion again."""


@router.post("/models/{version}/threshold", response_model=Decision, responses=documented(400, 401, 404, 409, 413))
async def change_threshold(version: Version, decision: NewThreshold) -> None:
    """Decide on a version's threshold by another rule, `missed` or `capacity`, with a written `reason`. It takes
    effect ten seconds later; earlier predictions keep their verdicts, and so do files that were dropped before."""


@router.get("/train", response_model=TrainingPreview, responses=documented(401))
async def preview_training() -> None:
    """What a training would learn from: the labelled files, how many candidates have an outcome that counts by now, and
    the rule for the threshold, unless another is declared."""


@router.post("/train", response_model=TrainingStarted, status_code=202, responses=documented(400, 401, 413))
async def train(training: Training | None = None) -> None:
    """Start training a model on the files under training/; answers with the id of its run, which records the result.
    `missed` or `capacity` declares the rule for its threshold; without them it inherits the champion's."""
