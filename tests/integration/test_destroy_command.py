"""`make destroy`, on an account in memory."""

import json
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest

from infra import CommandError
from infra.commands import destroy
from infra.stacks import current
from infra.stacks import stack as stacks

BUCKET, LOGS = "gone-lake-123456789012", "/aws/lambda/gone-watch"


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
            "WatchLogs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": LOGS}},
            "FilesTable": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {
                    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                    "BillingMode": "PAY_PER_REQUEST",
                },
            },
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
def test_where_nobody_can_answer_nothing_is_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO())

    with pytest.raises(CommandError, match="nothing was deleted"):
        destroy.main([])

    assert BUCKET in buckets()


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize("answer", ["", "yes", "gon"])
def test_it_says_what_will_be_deleted_and_takes_nothing_but_the_name_for_a_yes(
    answer: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: answer)

    with pytest.raises(CommandError, match="nothing was deleted"):
        destroy.main([])

    assert f"bucket {BUCKET} with 2 versions" in capsys.readouterr().out
    assert BUCKET in buckets()


def versions() -> int:
    return len(current.s3().list_object_versions(Bucket=BUCKET)["Versions"])


def protect_tables() -> None:
    table = current.resources()["FilesTable"]
    current.stack().client("dynamodb").update_table(TableName=table, DeletionProtectionEnabled=True)


def protect_stack() -> None:
    """As AWS does it; moto doesn't know it."""
    from moto.cloudformation.models import cloudformation_backends

    (deployed,) = cloudformation_backends["123456789012"]["eu-west-1"].stacks.values()
    deployed.enable_termination_protection = True


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize(("protect", "named"), [(protect_tables, "table"), (protect_stack, "the stack itself")])
@pytest.mark.parametrize("arguments", [[], ["--yes"]])
def test_of_what_is_protected_nothing_is_touched_and_nothing_is_asked(
    protect: Callable[[], None], named: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    protect()
    monkeypatch.setattr("builtins.input", lambda _: pytest.fail("it asks"))

    with pytest.raises(CommandError, match=f"protected \\({named}"):
        destroy.main(arguments)
    with pytest.raises(CommandError, match="nothing was deleted"):
        current.stack().destroy()

    assert versions() == 2
    assert "FilesTable" in current.stack().resources()


@pytest.mark.usefixtures("deployed")
def test_a_log_that_a_late_call_makes_again_goes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    logs, stack = current.logs(), current.stack()
    waiter = type(current.cloudformation().get_waiter("stack_delete_complete"))

    def called_late(*_: Any, **__: Any) -> None:
        logs.create_log_group(logGroupName=LOGS)

    monkeypatch.setattr(waiter, "wait", called_late)
    stack.destroy()

    assert logs.describe_log_groups(logGroupNamePrefix=LOGS)["logGroups"] == []


def test_half_an_hour_is_waited_for_a_distribution_to_go() -> None:
    assert stacks._UP_TO_HALF_AN_HOUR["Delay"] * stacks._UP_TO_HALF_AN_HOUR["MaxAttempts"] >= 1800
