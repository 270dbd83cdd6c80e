"""All registered models."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path

from auth import Caller
from jobchange.errors import NotFound
from jobchange.registry.artifact import CARD_HTML_FILE
from jobchange.store import lake, models
from jobchange.store.lake_layout import model_key
from problem import documented
from schemas.links import Link
from schemas.models import ListedModel, Models

router = APIRouter(prefix="/models", tags=["model"])

LINK_SECONDS = 300


@router.get("", responses=documented(401))
async def listing(_: Caller) -> Models:
    """Every version with its gates and who promoted it, newest first."""
    roles = {version: role for role, version in asdict(models.aliases()).items()}
    listed = [ListedModel.model_validate(each) for each in models.list_newest()]
    return Models(models=[each.model_copy(update={"role": roles.get(each.version)}) for each in listed])


@router.get("/{version}/card", responses=documented(401, 404))
async def card(
    _: Caller, version: Annotated[str, Path(max_length=64, description="The model's version, as listings show it.")]
) -> Link:
    """Where the model's card can be read: what it is for, how it was trained, and how good it is."""
    if CARD_HTML_FILE not in models.get(version).checksums:
        raise NotFound("This model has no card for people.")
    return Link(url=lake.presigned(model_key(version, CARD_HTML_FILE), seconds=LINK_SECONDS))
