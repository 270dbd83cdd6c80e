"""What S3 says when somebody drops a file."""

from typing import Any

from infra import ROOT
from jobchange.aws import clients
from jobchange.settings import settings

SAMPLE = (ROOT / "data" / "hr_data_sample.csv").read_bytes().splitlines(keepends=True)


TWENTY = b"".join(SAMPLE[:21])


def notification(key: str, body: bytes | None, encoded: str | None = None) -> dict[str, Any]:
    """What S3 says when an object is dropped; None as body: it has been deleted again."""
    bucket = settings().lake_bucket
    version = clients.s3().put_object(Bucket=bucket, Key=key, Body=body or b"")["VersionId"]
    if body is None:
        clients.s3().delete_object(Bucket=bucket, Key=key, VersionId=version)
    dropped = {"key": encoded or key, "size": len(body or b""), "versionId": version}
    return {
        "Records": [
            {
                "eventSource": "aws:s3",
                "eventTime": "2026-01-15T09:30:00.123Z",
                "s3": {"bucket": {"name": bucket}, "object": dropped},
            }
        ]
    }
