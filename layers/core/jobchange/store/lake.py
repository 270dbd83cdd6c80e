"""Objects of the lake bucket: read by exact version, written whole or as a stream of parts."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from urllib.parse import quote

from jobchange.aws import clients
from jobchange.errors import NotFound
from jobchange.settings import settings

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

_PART_BYTES = 8 * 1024 * 1024
"""S3 takes no part under 5 MB but the last."""
_ABSENT = ("NoSuchKey", "NoSuchVersion", "404")
"""What S3 says of what isn't there to a caller that may list the bucket. To others it denies access, as where a
permission is missing, and that is no answer."""


def put(key: str, body: bytes, *, content_type: str) -> None:
    """Write one object whole."""
    clients.s3().put_object(Bucket=settings().lake_bucket, Key=key, Body=body, ContentType=content_type)


def get(key: str) -> bytes:
    """The current bytes of an object. Raises NotFound."""
    client = clients.s3()
    try:
        return client.get_object(Bucket=settings().lake_bucket, Key=key)["Body"].read()
    except client.exceptions.ClientError as error:
        if _code(error) in _ABSENT:
            raise NotFound(f"There is no object {key}.") from None
        raise


def stream(bucket: str, key: str, version_id: str | None) -> IO[bytes]:
    """The bytes of one version of an object, to be read in pieces. Raises NotFound."""
    client = clients.s3()
    version = {"VersionId": version_id} if version_id else {}
    try:
        body: IO[bytes] = client.get_object(Bucket=bucket, Key=key, **version)["Body"]  # type: ignore[assignment,arg-type]
    except client.exceptions.ClientError as error:
        if _code(error) in _ABSENT:
            raise NotFound(f"There is no object {key} in version {version_id}.") from None
        raise
    return body


def keys(prefix: str) -> Iterator[str]:
    """The keys of the current objects under a prefix, in their order."""
    pages = clients.s3().get_paginator("list_objects_v2").paginate(Bucket=settings().lake_bucket, Prefix=prefix)
    for page in pages:
        yield from (found["Key"] for found in page.get("Contents", []))


def read(key: str, start: int, size: int) -> bytes:
    """`size` bytes of an object from an offset on; less where it ends. Raises NotFound."""
    client = clients.s3()
    span = f"bytes={start}-{start + size - 1}"
    try:
        return client.get_object(Bucket=settings().lake_bucket, Key=key, Range=span)["Body"].read()
    except client.exceptions.ClientError as error:
        if _code(error) in ("InvalidRange", "416"):
            return b""
        if _code(error) in _ABSENT:
            raise NotFound(f"There is no object {key}.") from None
        raise


def listing(prefix: str) -> list[tuple[str, int]]:
    """Key and size of every object under a prefix."""
    pages = clients.s3().get_paginator("list_objects_v2").paginate(Bucket=settings().lake_bucket, Prefix=prefix)
    return [(each["Key"], each["Size"]) for page in pages for each in page.get("Contents", [])]


def version(key: str) -> str:
    """The id of an object's current version."""
    return clients.s3().head_object(Bucket=settings().lake_bucket, Key=key)["VersionId"]


def delete_version(bucket: str, key: str, version_id: str | None) -> None:
    """Delete one version of an object for good; nothing happens when there is none."""
    which = {"VersionId": version_id} if version_id else {}
    clients.s3().delete_object(Bucket=bucket, Key=key, **which)  # type: ignore[arg-type]


def purge(prefix: str) -> int:
    """Delete for good every version under a prefix but the current ones; returns how many there were."""
    client, bucket = clients.s3(), settings().lake_bucket
    purged = 0
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
        for each in page.get("Versions", []):
            if not each["IsLatest"]:
                delete_version(bucket, each["Key"], each["VersionId"])
                purged += 1
    return purged


def remove(prefix: str) -> int:
    """Delete for good everything under a prefix, in every version; returns how many objects there were."""
    client, bucket = clients.s3(), settings().lake_bucket
    removed = 0
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
        for each in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
            delete_version(bucket, each["Key"], each["VersionId"])
            removed += each["IsLatest"]
    return removed


def exists(key: str) -> bool:
    """Whether there is an object."""
    client = clients.s3()
    try:
        client.head_object(Bucket=settings().lake_bucket, Key=key)
    except client.exceptions.ClientError as error:
        if _code(error) in _ABSENT:
            return False
        raise
    return True


def delete(key: str) -> None:
    """Delete the current version of an object; nothing happens when there is none."""
    clients.s3().delete_object(Bucket=settings().lake_bucket, Key=key)


@dataclass
class MultipartWriter:
    """An object being written in pieces; it appears, whole, only when the `with` block of `uploading` ends well."""

    key: str
    content_type: str
    _buffer: bytearray
    _upload_id: str | None
    _parts: "list[CompletedPartTypeDef]"

    def write(self, body: bytes) -> None:
        self._buffer += body
        while len(self._buffer) >= _PART_BYTES:
            self._send(bytes(self._buffer[:_PART_BYTES]))
            del self._buffer[:_PART_BYTES]

    def discard(self) -> None:
        """Forget what was written; the object doesn't appear."""
        self._abort()
        self._buffer.clear()
        self._upload_id, self._parts = None, []

    def _send(self, body: bytes) -> None:
        client, bucket = clients.s3(), settings().lake_bucket
        if self._upload_id is None:
            created = client.create_multipart_upload(Bucket=bucket, Key=self.key, ContentType=self.content_type)
            self._upload_id = created["UploadId"]
        number = len(self._parts) + 1
        sent = client.upload_part(Bucket=bucket, Key=self.key, UploadId=self._upload_id, PartNumber=number, Body=body)
        self._parts.append({"PartNumber": number, "ETag": sent["ETag"]})

    def _finish(self) -> None:
        if self._upload_id is None:
            if self._buffer:
                put(self.key, bytes(self._buffer), content_type=self.content_type)
            return
        if self._buffer:
            self._send(bytes(self._buffer))
        clients.s3().complete_multipart_upload(
            Bucket=settings().lake_bucket,
            Key=self.key,
            UploadId=self._upload_id,
            MultipartUpload={"Parts": self._parts},
        )

    def _abort(self) -> None:
        if self._upload_id is not None:
            clients.s3().abort_multipart_upload(Bucket=settings().lake_bucket, Key=self.key, UploadId=self._upload_id)


@contextmanager
def uploading(key: str, *, content_type: str) -> Iterator[MultipartWriter]:
    """Write an object of any size in bounded memory; nothing is written when `write` got nothing."""
    upload = MultipartWriter(key=key, content_type=content_type, _buffer=bytearray(), _upload_id=None, _parts=[])
    try:
        yield upload
        upload._finish()
    except BaseException:
        upload._abort()
        raise


def abort_uploads(prefix: str) -> int:
    """Abort every unfinished upload under `prefix`, as a killed process leaves them; returns how many there were."""
    client, bucket = clients.s3(), settings().lake_bucket
    found = client.list_multipart_uploads(Bucket=bucket, Prefix=prefix).get("Uploads", [])
    for upload in found:
        # One that is being written may have ended meanwhile.
        with suppress(client.exceptions.NoSuchUpload):
            client.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
    return len(found)


def presigned(key: str, *, seconds: int, filename: str | None = None) -> str:
    """An address under which the object can be fetched without signing in, for a while; with a `filename` it is saved
    under that name rather than shown."""
    params = {"Bucket": settings().lake_bucket, "Key": key}
    if filename:
        # RFC 6266: names in any language.
        params["ResponseContentDisposition"] = f"attachment; filename*=UTF-8''{quote(filename, safe='')}"
    return clients.s3().generate_presigned_url("get_object", Params=params, ExpiresIn=seconds)


def presigned_form(key: str, *, content_type: str, most_bytes: int, seconds: int) -> tuple[str, dict[str, str]]:
    """Where and with which fields a browser may post one object under exactly this key, for a while: address, fields.

    The bucket refuses another key or type, a larger body, and a post that comes too late.
    """
    form = clients.s3().generate_presigned_post(
        settings().lake_bucket,
        key,
        Fields={"Content-Type": content_type},
        Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, most_bytes]],
        ExpiresIn=seconds,
    )
    return form["url"], form["fields"]


def _code(error: "ClientError") -> str:
    """What S3 calls an error."""
    return str(error.response["Error"]["Code"])
