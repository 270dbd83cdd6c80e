"""What a message to validate says: which objects were dropped, or which file is to be replayed."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

from jobchange import times
from jobchange.store import files
from jobchange.store.files import Upload


def uploads_in(notification: dict[str, Any]) -> Iterator[Upload]:
    """The objects created, of an S3 notification; none for the test event that S3 sends when it is set up. Or the file
    that an operator wants replayed."""
    if "replay" in notification:
        yield files.replay_of(notification["replay"], notification["at"])
        return
    if notification.get("Event") == "s3:TestEvent":
        return
    for record in notification["Records"]:
        bucket, dropped = record["s3"]["bucket"]["name"], record["s3"]["object"]
        key, version = unquote_plus(dropped["key"]), dropped.get("versionId")
        yield Upload(
            file_id=files.identity(bucket, key, version),
            bucket=bucket,
            key=key,
            version_id=version,
            size=dropped.get("size", 0),
            uploaded_at=times.text(times.parse(record["eventTime"])),
        )
