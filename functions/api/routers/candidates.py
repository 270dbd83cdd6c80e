"""Candidates, as far as predictions know them."""

from typing import Annotated

from fastapi import APIRouter, Path

from auth import Caller
from jobchange import contract
from jobchange.store import predictions
from problem import documented
from schemas.predictions import Prediction, Predictions

router = APIRouter(prefix="/candidates", tags=["candidates"])

_MOST = 1000
_NUMBER = contract.BY_NAME[contract.IDENTIFIER]


@router.get("/{enrollee_id}/predictions", responses=documented(401), response_model_exclude_unset=True)
async def of_candidate(
    _: Caller, enrollee_id: Annotated[int, Path(ge=_NUMBER.minimum, le=_NUMBER.maximum, description=_NUMBER.help)]
) -> Predictions:
    """The predictions of one person from all sources, newest first; of more than 1,000 the newest 1,000."""
    found = predictions.list_of_candidate(enrollee_id, limit=_MOST)
    return Predictions(predictions=[Prediction.of(each) for each in found])
