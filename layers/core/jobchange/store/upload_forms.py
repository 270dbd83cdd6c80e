"""Upload forms: who has one may put one object into the lake, without any credentials."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from jobchange import times
from jobchange.store import lake
from jobchange.store.lake_layout import upload_key

MAX_BYTES = 1 << 30
MINUTES = 10
NAME = r'^[^\x00-\x1f\x7f"$/\\]{1,100}\.[cC][sS][vV](\.[gG][zZ])?$'
"""What an uploaded file may be called. S3 would replace a ${filename}."""


@dataclass(frozen=True, kw_only=True)
class UploadForm:
    """A form to be posted to `url` with `fields`, the file last; good until `expires_at`."""

    upload_id: str
    url: str
    fields: dict[str, str]
    key: str
    expires_at: str
    max_bytes: int = MAX_BYTES


def form(name: str) -> UploadForm:
    """A form for one file of this name (as `NAME` says)."""
    now = datetime.now(UTC)
    upload_id = f"u{int(now.timestamp() * 1000):011x}{secrets.token_hex(8)}"
    key = upload_key(upload_id, name)
    content_type = "application/gzip" if name.lower().endswith(".gz") else "text/csv"
    url, fields = lake.presigned_form(key, content_type=content_type, most_bytes=MAX_BYTES, seconds=MINUTES * 60)
    expires_at = times.text(now + timedelta(minutes=MINUTES))
    return UploadForm(upload_id=upload_id, url=url, fields=fields, key=key, expires_at=expires_at)
