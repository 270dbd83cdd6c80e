"""All registered models."""

import json
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path

from auth import Caller
from jobchange.errors import NotFound
from jobchange.registry import loader
from jobchange.registry.artifact import CARD_FILE, CARD_HTML_FILE
from jobchange.statistics.operating_points import LabelledScores, operating_points
from jobchange.store import lake, models
from jobchange.store.lake_layout import model_key
from problem import documented
from schemas.links import Link
from schemas.models import ListedModel, Models, ModelVersion, OperatingPoints, PairedDifference

router = APIRouter(prefix="/models", tags=["model"])

LINK_SECONDS = 300

Version = Annotated[str, Path(max_length=64, description="The model's version, as listings show it.")]


@router.get("", responses=documented(401))
async def listing(_: Caller) -> Models:
    """Every version with its gates and who promoted it, newest first."""
    roles = {version: role for role, version in asdict(models.aliases()).items()}
    listed = [ListedModel.model_validate(each) for each in models.list_newest()]
    return Models(models=[each.model_copy(update={"role": roles.get(each.version)}) for each in listed])


@router.get("/{version}", responses=documented(401, 404, 503))
async def one(_: Caller, version: Version) -> ModelVersion:
    """A version: its gates, how it was trained, how good it is, and the decisions on its threshold."""
    record = ListedModel.model_validate(models.get(version))
    (card,) = loader.read(version, CARD_FILE)
    roles = {name: role for role, name in asdict(models.aliases()).items()}
    return ModelVersion(**{**dict(record), "role": roles.get(version)}, card=json.loads(card))


@router.get("/{version}/thresholds", responses=documented(401, 404, 503))
async def thresholds(_: Caller, version: Version) -> OperatingPoints:
    """What each threshold would do: how many of the training's candidates it would call, how many of them rightly, and
    by group, with impact ratios; by the probabilities of models that hadn't seen them."""
    models.get(version)
    scores = [LabelledScores(**each) for each in loader.profile(version).get("labelled_scores", [])]
    if not scores:
        raise NotFound("This version was trained by an older release, which kept no scores for this.")
    return OperatingPoints.model_validate(operating_points(scores[0], scores[1:]))


@router.get("/{version}/against/{other}", responses=documented(401, 404, 503))
async def against(_: Caller, version: Version, other: Version) -> PairedDifference:
    """How much higher a version's ROC-AUC and log loss are than another's on the candidates that both were trained on,
    each by models that hadn't seen them; with intervals of the difference, which are narrower than those of the two."""
    from jobchange.registry.comparison import paired_difference

    return PairedDifference.model_validate(paired_difference(version, other))


@router.get("/{version}/card", responses=documented(401, 404))
async def card(_: Caller, version: Version) -> Link:
    """Where the model's card can be read: what it is for, how it was trained, and how good it is."""
    if CARD_HTML_FILE not in models.get(version).checksums:
        raise NotFound("This version has no model card as a page.")
    return Link(url=lake.presigned(model_key(version, CARD_HTML_FILE), seconds=LINK_SECONDS))
