"""The data contract, as the page's form is built from it."""

from functools import cache

from fastapi import APIRouter

from auth import Caller
from jobchange import contract as declared
from jobchange.contract.candidate import MAX_BYTES, MAX_CANDIDATES, optional
from problem import documented
from shapes import Column, Contract, Limits

router = APIRouter(prefix="/contract", tags=["contract"])


@router.get("", responses=documented(401))
async def contract(_: Caller) -> Contract:
    """The columns with their levels and ranges, the known cities, and what one request may hold."""
    return _contract()


@cache
def _contract() -> Contract:
    return Contract(
        version=declared.VERSION,
        columns=[Column(**vars(column), optional=optional(column)) for column in declared.COLUMNS],
        cities=dict(declared.CITIES),
        limits=Limits(candidates=MAX_CANDIDATES, bytes=MAX_BYTES),
        bad_shares={
            declared.Criticality.MAJOR: declared.MAJOR_SHARE,
            declared.Criticality.CRITICAL: declared.CRITICAL_SHARE,
        },
    )
