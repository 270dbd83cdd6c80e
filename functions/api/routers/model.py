"""The model in use."""

import json

from fastapi import APIRouter

from auth import Caller
from jobchange.errors import NoChampion, NotFound
from jobchange.registry import loader
from jobchange.registry.artifact import CARD_FILE
from jobchange.store import models
from problem import documented
from schemas.models import Aliases, Comparison, Model, ModelRecord
from schemas.stats import Live

router = APIRouter(prefix="/model", tags=["model"])


@router.get("", responses=documented(401, 404, 503))
async def champion(_: Caller) -> Model:
    """The champion: how good it is, what it was trained on, who promoted it, how it does, and its challenger."""
    from jobchange.monitoring import outcomes

    aliases = models.aliases()
    if aliases.champion is None:
        raise NotFound(str(NoChampion()))
    (card,) = loader.read(aliases.champion, CARD_FILE)
    challenger, live = aliases.challenger, outcomes.of_version(aliases.champion)
    return Model(
        **dict(ModelRecord.model_validate(models.get(aliases.champion))),
        card=json.loads(card),
        aliases=Aliases.model_validate(aliases),
        comparison=Comparison.of(outcomes.compare(aliases.champion, challenger)) if challenger else None,
        live=Live.of(live) if live else None,
    )
