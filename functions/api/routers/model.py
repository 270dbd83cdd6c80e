"""The model in use."""

import json

from fastapi import APIRouter

from caller import Caller
from jobchange import registry
from jobchange.artifact import CARD_FILE
from jobchange.errors import NoChampion, NotFound
from problem import documented
from shapes import Model

router = APIRouter(prefix="/model", tags=["model"])


@router.get("", responses=documented(401, 404, 503))
async def champion(_: Caller) -> Model:
    """The champion: how good it is, what it was trained on, and who promoted it."""
    version = registry.champion()
    if version is None:
        raise NotFound(str(NoChampion()))
    record = registry.record(version)
    (card,) = registry.read(version, CARD_FILE)
    return Model(
        version=version,
        created_at=record.created_at,
        promoted_at=record.promoted_at,
        promoted_by=record.promoted_by,
        metrics=dict(record.metrics),
        card=json.loads(card),
    )
