"""The object that a file was, one version of it: what identifies the file, and from which it is read."""

import hashlib
from dataclasses import dataclass, replace

from jobchange.aws.messages import ObjectCreated
from jobchange.store.files import summary_row


@dataclass(frozen=True, kw_only=True)
class SourceObject:
    """One version of one object that somebody dropped. `uploaded_at` is the event's own time, RFC 3339."""

    file_id: str
    bucket: str
    key: str
    version_id: str | None
    size: int
    uploaded_at: str
    replay_of: str | None = None
    """The file with the same object that this one replays."""

    @property
    def name(self) -> str:
        """The file's name without its folders, printable and of bounded length."""
        name = "".join(c for c in self.key.rsplit("/", 1)[-1] if c.isprintable() and c not in '"\\')
        return name[-120:] or "unnamed.csv"


def identity(bucket: str, key: str, version_id: str | None) -> str:
    """The id of the file that one version of an object is: 32 hexadecimal digits."""
    digest = hashlib.sha256("\0".join([bucket, key, version_id or ""]).encode()).hexdigest()
    # Begins with a letter: a spreadsheet takes 12e30 for a number.
    return f"f{digest[:31]}"


def source_of(created: ObjectCreated) -> SourceObject:
    """The file that a created object is."""
    return SourceObject(
        file_id=identity(created.bucket, created.key, created.version_id),
        bucket=created.bucket,
        key=created.key,
        version_id=created.version_id,
        size=created.size,
        uploaded_at=created.at,
    )


def replay_identity(file_id: str) -> str:
    """The id of the replay of a file; it has one, which can be replayed in its turn."""
    return identity("replay", file_id, None)


def replay_of(file_id: str, at: str) -> SourceObject:
    """The replay of a file, as of an instant (RFC 3339), to be ingested. Raises NotFound."""
    upload, _ = original(file_id)
    return replace(upload, file_id=replay_identity(file_id), uploaded_at=at, replay_of=file_id)


def original(file_id: str) -> tuple[SourceObject, str | None]:
    """The upload that a file was, and the version of what an erasure left of it, if there was one. The upload of a
    replay is that of the first file with the object. Raises NotFound."""
    row = summary_row(file_id)
    while row.replay_of:
        row = summary_row(row.replay_of)
    upload = SourceObject(
        file_id=row.file_id,
        bucket=row.bucket,
        key=row.key,
        version_id=row.version_id,
        size=int(row.size or 0),
        uploaded_at=row.uploaded_at,
    )
    return upload, row.redacted_version
