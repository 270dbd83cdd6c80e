"""Ingested files: what became of each, its report and its bad rows."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from auth import Caller
from jobchange.errors import NotFound
from jobchange.store import file_listings, files, lake
from jobchange.store.files import FileDetail, Status
from jobchange.store.lake_layout import UPLOAD_ID, bad_key, report_key
from params import Cursor, Limit
from problem import documented, invalid
from schemas.files import File, FilesPage, FileWithExamples
from schemas.links import Link

router = APIRouter(prefix="/files", tags=["files"])

LINK_SECONDS = 300

FileId = Annotated[str, Path(max_length=64, description="The file's id, as listings show it.")]
UploadId = Annotated[str | None, Query(pattern=UPLOAD_ID, description="What POST /uploads answered.")]


@router.get("", responses=documented(400, 401))
async def listing(_: Caller, limit: Limit = 50, cursor: Cursor = None, upload_id: UploadId = None) -> FilesPage:
    """Files, newest first; or, with an upload's id, those that came by it, all on one page."""
    if upload_id is not None:
        if cursor is not None:
            raise invalid("cursor", "The files of one upload are all on one page: send no cursor.")
        return FilesPage(
            files=[File.model_validate(each) for each in file_listings.list_of_upload(upload_id, limit=limit)],
            next_cursor=None,
        )
    found, next_cursor = file_listings.list_newest(limit=limit, cursor=cursor)
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


def _finished(file_id: str) -> FileDetail:
    file = files.get(file_id)
    if file.status is Status.VALIDATING:
        raise NotFound("This file is still being validated. Try again in a moment.")
    return file
