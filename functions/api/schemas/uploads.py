"""Uploads of files by form."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from jobchange.store.upload_forms import ENDINGS, checked_name
from schemas.fields import EXAMPLE_UPLOAD_ID, Instant


class NewUpload(BaseModel):
    """A file that is to be uploaded."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, AfterValidator(checked_name)] = Field(
        description=f"Its name without folders, ending in {ENDINGS}."
    )


class Upload(BaseModel):
    """A form that uploads one file: post `fields` and then the file, as `file`, in one multipart/form-data to `url`."""

    upload_id: str = Field(description="Finds the file once it is there: GET /files?upload_id=…")
    url: str
    fields: dict[str, str]
    key: str = Field(description="Where in the lake the file will be.")
    expires_at: Instant
    max_bytes: int


_KEY = f"raw/{EXAMPLE_UPLOAD_ID}/candidates.csv"
EXAMPLES: dict[type, Any] = {
    NewUpload: {"name": "candidates.csv"},
    Upload: {
        "upload_id": EXAMPLE_UPLOAD_ID,
        "url": "https://s3.eu-west-1.amazonaws.com/jobchange-lake",
        "fields": {"key": _KEY, "Content-Type": "text/csv", "policy": "eyJ…"},
        "key": _KEY,
        "expires_at": "2026-01-31T09:40:00.125Z",
        "max_bytes": 1 << 30,
    },
}
