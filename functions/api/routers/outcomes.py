"""What candidates really did."""

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.exceptions import RequestValidationError

from auth import Caller
from jobchange.contract.candidate import MAX_CANDIDATES
from problem import documented
from schemas.outcomes import Outcome, OutcomeReport, Outcomes

router = APIRouter(prefix="/outcomes", tags=["outcomes"])


@router.post("", responses=documented(400, 401, 413))
async def report(
    _: Caller, reports: Annotated[list[OutcomeReport], Body(min_length=1, max_length=MAX_CANDIDATES)]
) -> Outcomes:
    """Say who changed job and who didn't, so that the model can be measured by it; all are taken or none.

    The same candidate and instant reported again is one outcome; of several of a candidate the last one counts. It
    speaks of the latest prediction that is old enough: a yes of one made OutcomeDelayDays before (parameters of the
    stack, 0 unless set), a no of one made OutcomeHorizonDays before, as until then it only says "not yet".
    """
    from jobchange.monitoring import outcome_reports

    try:
        recorded = outcome_reports.record([outcome_reports.Report(**vars(each)) for each in reports])
    except outcome_reports.ReportsRefused as error:
        refusals = [
            {"type": "value_error", "loc": ("body", each.position, each.field), "msg": each.reason}
            for each in error.refusals
        ]
        raise RequestValidationError(refusals, body=reports) from None
    return Outcomes(outcomes=[Outcome.model_validate(each) for each in recorded])
