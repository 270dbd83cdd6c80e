from collections.abc import Callable
from typing import Any

import pytest
from botocore.stub import Stubber

from jobchange.aws import clients
from jobchange.errors import NotFound
from jobchange.settings import settings
from jobchange.store import lake

pytestmark = pytest.mark.usefixtures("aws")


def test_an_object_of_several_parts_appears_whole() -> None:
    body = bytes(range(256)) * 70_000  # 17.9 MB: two full parts and a rest

    with lake.uploading("bad/x.csv", content_type="text/csv") as upload:
        for start in range(0, len(body), 1_000_000):
            upload.write(body[start : start + 1_000_000])

    assert lake.get("bad/x.csv") == body


def test_a_small_object_needs_no_multipart_upload() -> None:
    with lake.uploading("bad/x.csv", content_type="text/csv") as upload:
        upload.write(b"a,b\n")

    assert lake.get("bad/x.csv") == b"a,b\n"


def test_nothing_written_leaves_no_object() -> None:
    with lake.uploading("bad/x.csv", content_type="text/csv"):
        pass

    with pytest.raises(NotFound):
        lake.get("bad/x.csv")


def test_a_failure_half_way_leaves_neither_object_nor_upload() -> None:
    def torn() -> None:
        with lake.uploading("bad/x.csv", content_type="text/csv") as upload:
            upload.write(b"x" * 9_000_000)
            raise OSError("torn")

    with pytest.raises(OSError, match="torn"):
        torn()

    assert lake.abort_uploads("bad/") == 0
    with pytest.raises(NotFound):
        lake.get("bad/x.csv")


def test_an_upload_left_by_a_killed_process_is_aborted() -> None:
    clients.s3().create_multipart_upload(Bucket=settings().lake_bucket, Key="bad/f/x.csv")

    assert lake.abort_uploads("bad/f/") == 1
    assert lake.abort_uploads("bad/f/") == 0


def test_an_upload_that_ends_while_it_is_being_aborted_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    client = clients.s3()
    place: dict[str, Any] = {"Bucket": settings().lake_bucket, "Key": "bad/f/x.csv"}
    place["UploadId"] = client.create_multipart_upload(**place)["UploadId"]
    listed = client.list_multipart_uploads(Bucket=place["Bucket"])
    client.abort_multipart_upload(**place)
    monkeypatch.setattr(client, "list_multipart_uploads", lambda **_: listed)

    assert lake.abort_uploads("bad/f/") == 1


def test_an_old_version_is_read_by_its_name() -> None:
    bucket = settings().lake_bucket
    old = clients.s3().put_object(Bucket=bucket, Key="raw/a.csv", Body=b"old")["VersionId"]
    clients.s3().put_object(Bucket=bucket, Key="raw/a.csv", Body=b"new")

    assert lake.stream(bucket, "raw/a.csv", old).read() == b"old"
    assert lake.stream(bucket, "raw/a.csv", None).read() == b"new"


def test_a_version_that_is_deleted_is_not_found() -> None:
    with pytest.raises(NotFound):
        lake.stream(settings().lake_bucket, "raw/none.csv", None)


@pytest.mark.parametrize(("code", "status"), [("AccessDenied", 403), ("SlowDown", 503)])
def test_a_missing_permission_is_not_taken_for_a_missing_object(code: str, status: int) -> None:
    reads: list[tuple[str, Callable[[], object]]] = [
        ("get_object", lambda: lake.get("models/none")),
        ("get_object", lambda: lake.stream("test-lake", "raw/none", None)),
        ("get_object", lambda: lake.read("scored/none", 0, 4)),
        ("head_object", lambda: lake.exists("scored/none")),
    ]
    with Stubber(clients.s3()) as s3:
        for operation, read in reads:
            s3.add_client_error(operation, code, http_status_code=status)
            with pytest.raises(clients.s3().exceptions.ClientError):
                read()


def test_keys_are_listed_under_their_prefix_only() -> None:
    for number in range(1_003):
        lake.put(f"training/{number:04}.csv", b"", content_type="text/csv")
    lake.put("raw/other.csv", b"", content_type="text/csv")

    assert list(lake.keys("training/")) == [f"training/{number:04}.csv" for number in range(1_003)]
    assert list(lake.keys("none/")) == []
