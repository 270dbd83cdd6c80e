"""`make destroy`, on an account in memory."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra import CommandError
from infra.commands import destroy
from infra.stacks import current

BUCKET = "gone-lake-123456789012"


@pytest.fixture
def deployed(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # noqa: ARG001
    """A small stack named gone, with three versions of objects in its bucket."""
    monkeypatch.setenv("TARGET", "aws")
    monkeypatch.setenv("STACK", "gone")
    clear()
    template: dict[str, Any] = {
        "Resources": {
            "LakeBucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": BUCKET}},
            "AlertsTopic": {"Type": "AWS::SNS::Topic"},
        },
    }
    current.cloudformation().create_stack(StackName="gone", TemplateBody=json.dumps(template))
    current.s3().put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"1", b"2"):
        current.s3().put_object(Bucket=BUCKET, Key="raw/a.csv", Body=body)
    current.s3().delete_object(Bucket=BUCKET, Key="raw/a.csv")
    yield
    clear()


def clear() -> None:
    for cached in (current.stack, current.resources, current._client):
        cached.cache_clear()


def buckets() -> set[str]:
    return {each["Name"] for each in current.s3().list_buckets()["Buckets"]}


@pytest.mark.usefixtures("deployed")
def test_everything_goes_every_version_of_every_object_too(capsys: pytest.CaptureFixture[str]) -> None:
    destroy.main(["--yes"])

    assert BUCKET not in buckets()
    assert "gone is deleted" in capsys.readouterr().out


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize("answer", ["", "yes", "gon"])
def test_it_says_what_will_be_gone_and_takes_nothing_but_the_name_for_a_yes(
    answer: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: answer)

    with pytest.raises(CommandError, match="nothing was deleted"):
        destroy.main([])

    assert f"bucket {BUCKET} with 2 versions" in capsys.readouterr().out
    assert BUCKET in buckets()
