"""Upload forms: who has one may put one object into the lake, without any credentials."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from jobchange import times
from jobchange.store import lake
from jobchange.store.clutter import clutter
from jobchange.store.lake_layout import upload_key

MAX_BYTES = 1 << 30
MINUTES = 10

TYPES = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".csv.gz": "application/gzip",
    ".tsv.gz": "application/gzip",
    ".txt.gz": "application/gzip",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What an uploaded file's name may end in, and the content type that goes with it."""
ENDINGS = f"{', '.join([*TYPES][:-1])} or {[*TYPES][-1]}"
"""The same in words."""
MAX_NAME = 100
"""Characters of a name before its ending."""
# S3 would replace a ${filename}.
_BARRED = '"$/\\'


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
    """A form for one file of this name. Raises ValueError, with a sentence, where no file may be called so."""
    content_type = TYPES[_ending(checked_name(name))]
    now = datetime.now(UTC)
    upload_id = f"u{int(now.timestamp() * 1000):011x}{secrets.token_hex(8)}"
    key = upload_key(upload_id, name)
    url, fields = lake.presigned_form(key, content_type=content_type, most_bytes=MAX_BYTES, seconds=MINUTES * 60)
    expires_at = times.text(now + timedelta(minutes=MINUTES))
    return UploadForm(upload_id=upload_id, url=url, fields=fields, key=key, expires_at=expires_at)


def checked_name(name: str) -> str:
    """The same name. Raises ValueError, with a sentence, where no uploaded file may be called so."""
    stem = name[: -len(_ending(name))]
    if not stem or len(stem) > MAX_NAME:
        raise ValueError(f"A name has to have 1 to {MAX_NAME} characters before its ending.")
    if clutter(name, 1):
        raise ValueError("A name can't begin with . or ~$: such files are hidden, and are skipped.")
    if any(c in _BARRED or ord(c) < 32 or ord(c) == 127 for c in name):
        raise ValueError('The name has no folder, none of the characters / \\ " $, and no control character.')
    return name


def _ending(name: str) -> str:
    for ending in TYPES:
        if name.lower().endswith(ending):
            return ending
    raise ValueError(f"The name has to end in {ENDINGS}.")
