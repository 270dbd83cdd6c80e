"""Whether the API is alive."""

from fastapi import APIRouter

from jobchange import __version__
from problem import documented
from schemas.health import Health

router = APIRouter(tags=["health"])


@router.get("/health", responses=documented())
async def health() -> Health:
    """Alive, and in which version. Says nothing about the data, and needs no token."""
    return Health(status="ok", version=__version__)
