"""What the system did."""

from fastapi import APIRouter

from auth import Caller
from jobchange.store import runs
from params import Cursor, Limit
from problem import documented
from schemas.runs import Run, RunsPage

router = APIRouter(prefix="/runs", tags=["runs"])


@router.get("", responses=documented(400, 401))
async def listing(_: Caller, limit: Limit = 50, cursor: Cursor = None) -> RunsPage:
    """Scoring, training and operator runs, newest first."""
    found, next_cursor = runs.list_newest(limit=limit, cursor=cursor)
    return RunsPage(runs=[Run(**each) for each in found], next_cursor=next_cursor)
