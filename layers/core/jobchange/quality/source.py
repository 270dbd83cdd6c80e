"""The bytes of a dropped file, as they are today."""

from typing import IO

from jobchange.settings import settings
from jobchange.store import lake, source_objects
from jobchange.store.lake_layout import redacted_key


def open_source(file_id: str) -> IO[bytes]:
    """A file as it was dropped, or what erasures have left of it. Raises NotFound."""
    source, version = source_objects.original(file_id)
    if version:
        return lake.stream(settings().lake_bucket, redacted_key(source.file_id), version)
    return lake.stream(source.bucket, source.key, source.version_id)
