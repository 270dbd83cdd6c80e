"""Candidates, as far as predictions know them."""

from typing import Annotated

from fastapi import APIRouter, Path

from auth import Caller
from jobchange import contract
from jobchange.store import outcomes, prediction_listings
from problem import documented
from schemas.outcomes import Outcome, Outcomes
from schemas.predictions import Prediction, Predictions

router = APIRouter(prefix="/candidates", tags=["candidates"])

_MOST = 1000
_NUMBER = contract.BY_NAME[contract.IDENTIFIER]

Number = Annotated[int, Path(ge=_NUMBER.minimum, le=_NUMBER.maximum, description=_NUMBER.help)]


@router.get("/{enrollee_id}/predictions", responses=documented(401), response_model_exclude_unset=True)
async def predictions_of(_: Caller, enrollee_id: Number) -> Predictions:
    """The predictions of one person from all sources, newest first; of more than 1,000 the newest 1,000."""
    newest, _more = prediction_listings.list_of_candidate(enrollee_id, limit=_MOST)
    return Predictions(predictions=[Prediction.of(each) for each in newest])


@router.get("/{enrollee_id}/outcomes", responses=documented(401))
async def outcomes_of(_: Caller, enrollee_id: Number) -> Outcomes:
    """What was reported of one person, the latest observation first; of more than 1,000 the newest 1,000."""
    found = outcomes.newest_of_candidate(enrollee_id, limit=_MOST)
    return Outcomes(outcomes=[Outcome.model_validate(each) for each in found])
