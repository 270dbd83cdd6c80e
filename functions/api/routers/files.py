"""Ingested files: what became of each, its report, its bad rows, and its candidates with their scores."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from auth import Caller
from jobchange import times
from jobchange.errors import Conflict, NotFound
from jobchange.settings import settings
from jobchange.store import file_listings, files, lake, prediction_listings, scored_files, scoring_state
from jobchange.store.files import FileDetail, Status
from jobchange.store.lake_layout import UPLOAD_ID, bad_key, ranking_key, report_key
from params import Beginning, Cursor, Ending, Limit
from problem import documented, invalid
from schemas.files import File, FilesPage, FileWithExamples
from schemas.links import Link
from schemas.predictions import RankedPrediction, RankedPredictions

router = APIRouter(prefix="/files", tags=["files"])

LINK_SECONDS = 300

FileId = Annotated[
    str, Path(pattern=r"^[0-9A-Za-z]+$", max_length=64, description="The file's id, as listings show it.")
]
Order = Annotated[
    Literal["rank", "row"],
    Query(description="`rank`: the most probable first; `row`: as in the file that was dropped."),
]
DroppedFrom = Annotated[Beginning | None, Query(description="Dropped from this day or instant on.")]
DroppedBefore = Annotated[
    Ending | None, Query(description="Dropped before this instant, or until the end of this day (UTC).")
]
UploadId = Annotated[str | None, Query(pattern=UPLOAD_ID, description="What POST /uploads answered.")]


@router.get("", responses=documented(400, 401))
async def listing(
    _: Caller,
    limit: Limit = 50,
    cursor: Cursor = None,
    upload_id: UploadId = None,
    start: DroppedFrom = None,
    end: DroppedBefore = None,
) -> FilesPage:
    """Files, newest first, all or those dropped from `start` to before `end`; or, with an upload's id, those that came
    by it, all on one page."""
    if upload_id is not None:
        if cursor is not None:
            raise invalid("cursor", "The files of one upload are all on one page: send no cursor.")
        return FilesPage(
            files=[File.model_validate(each) for each in file_listings.list_of_upload(upload_id, limit=limit)],
            next_cursor=None,
        )
    found, next_cursor = file_listings.list_newest(limit=limit, cursor=cursor, start=start or "", end=end or "")
    return FilesPage(files=[File.model_validate(each) for each in found], next_cursor=next_cursor)


@router.get("/{file_id}", responses=documented(401, 404))
async def one(_: Caller, file_id: FileId) -> FileWithExamples:
    """One file, with examples of what is wrong in it."""
    return FileWithExamples.of(files.get(file_id))


@router.get("/{file_id}/report", responses=documented(401, 404))
async def report(_: Caller, file_id: FileId) -> Link:
    """Where the file's report can be read."""
    _finished(file_id)
    return Link(url=lake.presigned(report_key(file_id), seconds=LINK_SECONDS))


@router.get("/{file_id}/bad", responses=documented(401, 404))
async def bad(_: Caller, file_id: FileId) -> Link:
    """Where the file's bad rows can be downloaded: correct them and drop them again."""
    file = _finished(file_id)
    if not file.rows.bad:
        raise NotFound("This file has no bad rows.")
    key = bad_key(file_id, file.name)
    return Link(url=lake.presigned(key, seconds=LINK_SECONDS, filename=key.rsplit("/", 1)[-1]))


@router.get("/{file_id}/scored", responses=documented(401, 404, 409))
async def scored(_: Caller, file_id: FileId, order: Order = "rank") -> Link:
    """Where all good rows of the file can be downloaded as one CSV, with probability, rank and verdict."""
    file = _ranked(file_id)
    name = scored_files.RANKED if order == "rank" else scored_files.IN_ORDER
    return Link(
        url=lake.presigned(ranking_key(file_id, name), seconds=LINK_SECONDS, filename=scored_files.name(file.name))
    )


@router.get("/{file_id}/predictions", responses=documented(400, 401, 404, 409), response_model_exclude_unset=True)
async def predicted(
    _: Caller,
    file_id: FileId,
    order: Order = "rank",
    limit: Limit = 100,
    cursor: Cursor = None,
    min_probability: Annotated[float, Query(ge=0, le=1, description="Only from this probability on; by rank.")] = 0.0,
    will_change: Annotated[bool, Query(description="Only those that reach the model's threshold; by rank.")] = False,
) -> RankedPredictions:
    """The predictions of a file, page by page. By row, those are listed that have been made so far."""
    claimed_at = scoring_state.get(file_id).claimed_at
    if order == "row":
        if min_probability or will_change:
            raise invalid("order", "Candidates can be left out by their probability only in the order of their ranks.")
        listed, next_cursor = prediction_listings.list_of_file(file_id, claimed_at, limit=limit, cursor=cursor)
        return RankedPredictions(predictions=[RankedPrediction.of(each) for each in listed], next_cursor=next_cursor)
    _ranked(file_id)
    found, next_cursor = prediction_listings.list_ranked(
        file_id, claimed_at, limit=limit, cursor=cursor, min_probability=min_probability, will_change=will_change
    )
    return RankedPredictions(
        predictions=[RankedPrediction.at(rank, each) for rank, each in found], next_cursor=next_cursor
    )


def _ranked(file_id: str) -> files.File:
    """The record of a file with a ranking. Raises NotFound where there will be none, Conflict while there is none."""
    file = files.summary(file_id)
    if file.status is Status.REJECTED:
        raise NotFound("This file was rejected, so none of its candidates was scored.")
    if file.status is not Status.SCORED:
        raise Conflict("This file is still being scored. Try again in a minute.")
    if scored_files.is_ranked(file_id):
        return file
    if not file.rows.good:
        raise NotFound("This file has no good rows, so none of its candidates was scored.")
    if file.replayed_by is not None:
        raise NotFound(f"This file was replayed. See its replay, {file.replayed_by}.")
    if times.parse(file.uploaded_at) < datetime.now(UTC) - timedelta(days=settings().lake_days):
        raise NotFound(f"Files are deleted after {settings().lake_days} days, and so are their scores.")
    raise Conflict("The scores of this file are being put in order. Try again in a minute.")


def _finished(file_id: str) -> FileDetail:
    file = files.get(file_id)
    if file.status is Status.VALIDATING:
        raise NotFound("This file is still being validated. Try again in a moment.")
    return file
