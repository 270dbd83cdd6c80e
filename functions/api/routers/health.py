"""Whether the API is alive."""

from fastapi import APIRouter

from problem import documented
from schemas.health import Health

router = APIRouter(tags=["health"])


@router.get("/health", responses=documented())
async def health() -> Health:
    """Alive. Says nothing about the data, and needs no token."""
    return Health(status="ok")
