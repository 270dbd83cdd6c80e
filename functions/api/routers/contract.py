"""The data contract, as the page's form is built from it."""

from functools import cache

from fastapi import APIRouter

from auth import Caller
from jobchange import contract
from jobchange.contract.candidate import MAX_BYTES, MAX_CANDIDATES
from problem import documented
from schemas.contract import Column, Contract, Limits

router = APIRouter(prefix="/contract", tags=["contract"])


@router.get("", responses=documented(401))
async def get_contract(_: Caller) -> Contract:
    """The columns with their levels and ranges, the known cities, and what one request may hold."""
    return _contract()


@cache
def _contract() -> Contract:
    return Contract(
        version=contract.VERSION,
        columns=[Column.of(column) for column in contract.COLUMNS],
        cities=dict(contract.CITIES),
        limits=Limits(candidates=MAX_CANDIDATES, bytes=MAX_BYTES),
        bad_shares={
            contract.Criticality.MAJOR: contract.MAJOR_SHARE,
            contract.Criticality.CRITICAL: contract.CRITICAL_SHARE,
        },
    )
