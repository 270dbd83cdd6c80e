"""The stack that STACK, TARGET and PORT name, and this process's connection to it."""

import os
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from infra import CommandError
from infra.stacks.aws import AwsStack
from infra.stacks.embedded import EmbeddedStack
from infra.stacks.localstack import LocalStackStack
from infra.stacks.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

TARGETS: Final[dict[str, type[Stack]]] = {each.target: each for each in (EmbeddedStack, LocalStackStack, AwsStack)}


@cache
def stack() -> Stack:
    """The stack named by STACK, TARGET and PORT."""
    name, target = os.environ.get("STACK") or "jobchange", os.environ.get("TARGET") or EmbeddedStack.target
    if not name.replace("-", "").isalnum() or not name.islower() or len(name) > 30:
        raise CommandError(f"STACK={name} isn't possible: use up to 30 small letters, digits and hyphens.")
    if target not in TARGETS:
        raise CommandError(f"TARGET={target} isn't possible: use {', '.join(TARGETS)}.")
    return TARGETS[target].load(name)


def connect() -> Stack:
    """Point this process's AWS clients at the current stack."""
    variables = stack().environment()
    os.environ.update(variables)
    if "AWS_ACCESS_KEY_ID" in variables:
        os.environ.pop("AWS_PROFILE", None)
    return stack()


def set_environment() -> None:
    """Set the variables that the functions get from the template, so that `jobchange` works in this process too."""
    connect()
    names = resources()
    tables = {f"{name[:-5].upper()}_TABLE": table for name, table in names.items() if name.endswith("Table")}
    os.environ.update(
        tables
        | {
            "LAKE_BUCKET": names["LakeBucket"],
            "INGEST_QUEUE_URL": names["IngestQueue"],
            "SCORE_QUEUE_URL": names["ScoreQueue"],
            "DATA_REQUEST_QUEUE_URL": names["DataRequestQueue"],
            "ALERTS_TOPIC_ARN": names["AlertsTopic"],
        }
    )


@cache
def resources() -> dict[str, str]:
    """The deployed resources by their names in the template. Ends with advice when nothing is up."""
    from botocore.exceptions import BotoCoreError

    here = connect()
    try:
        found = here.resources()
    except BotoCoreError:  # nothing answers, or lets us in
        found = {}
    if not found:
        how = "make up" if here.target == EmbeddedStack.target else f"make deploy TARGET={here.target}"
        raise CommandError(f"the stack {here.name} isn't up {here.where}. Start it with: {how}")
    return found


def s3() -> "S3Client":
    client: S3Client = _client("s3")
    return client


def sqs() -> "SQSClient":
    client: SQSClient = _client("sqs")
    return client


def functions() -> "LambdaClient":
    client: LambdaClient = _client("lambda")
    return client


def logs() -> "CloudWatchLogsClient":
    client: CloudWatchLogsClient = _client("logs")
    return client


def cloudformation() -> "CloudFormationClient":
    client: CloudFormationClient = _client("cloudformation")
    return client


def athena() -> Any:
    return _client("athena")


@cache
def _client(service: str) -> Any:
    return stack().client(service)
