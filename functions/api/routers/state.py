"""How the system is right now, and the alerts."""

from typing import Annotated

from fastapi import APIRouter, Query

from auth import Caller
from jobchange.access.tokens import Role
from jobchange.monitoring.state import queue_states, state
from jobchange.store import alerts
from jobchange.store.outbox import AlertState
from params import Cursor, Limit
from problem import documented
from schemas.state import Alert, AlertsPage, State

router = APIRouter(tags=["state"])

Which = Annotated[AlertState, Query(description="Those that need somebody, or those that are over.")]


@router.get("/state", responses=documented(401))
async def now(caller: Caller) -> State:
    """What is open, what waits and when the system last did something; the queues for operators only."""
    queues = queue_states() if caller.role is Role.OPERATOR else None
    return State.model_validate({**vars(state()), "queues": queues})


@router.get("/alerts", responses=documented(400, 401))
async def listing(
    _: Caller,
    state: Which = AlertState.OPEN,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> AlertsPage:
    """Alerts, newest first."""
    found, next_cursor = alerts.list_newest(state, limit=limit, cursor=cursor)
    return AlertsPage(alerts=[Alert.model_validate(each) for each in found], next_cursor=next_cursor)
