"""Who is calling, so that a page can show what its token may do."""

from fastapi import APIRouter

from auth import Caller
from problem import documented
from schemas.me import Me

router = APIRouter(prefix="/me", tags=["access"])


@router.get("", responses=documented(401))
async def me(caller: Caller) -> Me:
    """The client that the token was issued to, and its role."""
    return Me(name=caller.name, role=caller.role, source=caller.source)
