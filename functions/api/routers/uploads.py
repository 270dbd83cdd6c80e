"""Uploads of files by form."""

from fastapi import APIRouter

from auth import Caller
from jobchange.store import upload_forms
from problem import documented
from schemas.uploads import NewUpload, Upload

router = APIRouter(prefix="/uploads", tags=["files"])


@router.post("", responses=documented(400, 401, 413))
async def upload(_: Caller, new: NewUpload) -> Upload:
    """A form for one file, good for ten minutes: CSV, the same packed with gzip, or an Excel workbook, whose first
    visible sheet is read. Nothing happens until it is posted."""
    return Upload(**vars(upload_forms.form(new.name)))
