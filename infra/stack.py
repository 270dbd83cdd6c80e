"""Which stack is meant, where it answers, and what it told about itself when it was deployed."""

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

ROOT = Path(__file__).resolve().parent.parent
REGION: Final = "eu-west-1"


@dataclass(frozen=True)
class Stack:
    """A stack on this machine: STACK is its name, PORT where its emulator listens."""

    name: str
    port: int

    @property
    def home(self) -> Path:
        """Everything this stack keeps on disk: state, logs, tokens. Ignored by git."""
        return ROOT / ".local" / self.name

    @property
    def endpoint_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Stopped(SystemExit):
    """What a command ends with when it can't go on: one sentence that says what to do, and exit code 1."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"make: {sentence}")


@cache
def current() -> Stack:
    """The stack named by STACK and PORT."""
    name, port = os.environ.get("STACK") or "jobchange", os.environ.get("PORT") or "4566"
    if not name.replace("-", "").isalnum() or not name.islower() or len(name) > 30:
        raise Stopped(f"STACK={name} isn't possible: use up to 30 small letters, digits and hyphens.")
    if not port.isdigit() or not 0 < int(port) < 65_536:
        raise Stopped(f"PORT={port} isn't possible: give a number from 1 to 65535.")
    return Stack(name, int(port))


def connect(stack: Stack | None = None) -> Stack:
    """Point this process's AWS clients at the embedded stack; no account is involved."""
    stack = stack or current()
    os.environ.update(
        AWS_ENDPOINT_URL=stack.endpoint_url,
        AWS_REGION=REGION,
        AWS_DEFAULT_REGION=REGION,
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",  # noqa: S106 - the emulator takes any
    )
    os.environ.pop("AWS_PROFILE", None)
    return stack


def environment() -> dict[str, str]:
    """Set the variables that the functions get from the template, so that `jobchange` works in this process too."""
    connect()
    outputs = template_outputs()
    names = [name for name in outputs if name.endswith("Table")]
    variables = {name[:-5].upper() + "_TABLE": outputs[name] for name in names}
    variables |= {
        "LAKE_BUCKET": outputs["LakeBucket"],
        "INGEST_QUEUE_URL": outputs["IngestQueue"],
        "SCORE_QUEUE_URL": outputs["ScoreQueue"],
        "RECOVER_QUEUE_URL": outputs["RecoverQueue"],
        "ALERTS_TOPIC_ARN": outputs["AlertsTopic"],
    }
    os.environ.update(variables)
    return variables


@cache
def template_outputs() -> dict[str, str]:
    """The outputs of the deployed template. Ends with advice when nothing is up."""
    from botocore.exceptions import ClientError, EndpointConnectionError

    stack = connect()
    try:
        described = cloudformation().describe_stacks(StackName=stack.name)["Stacks"][0]
    except (EndpointConnectionError, ClientError):
        raise Stopped(f"the stack {stack.name} isn't up on port {stack.port}. Start it with: make up") from None
    return {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}


def outputs() -> dict[str, str]:
    """What the outside needs to know of the stack that is up: addresses, the lake bucket, the demo tokens."""
    stack, template = connect(), template_outputs()
    tokens: dict[str, str] = json.loads((stack.home / "tokens.json").read_text())
    return {
        "endpoint_url": stack.endpoint_url,
        "region": REGION,
        "stack": stack.name,
        "api_url": rest_url(template["ApiId"]),
        "ops_url": rest_url(template["OpsApiId"]),
        "site_url": f"{stack.endpoint_url}/{template['SiteBucket']}/index.html",
        "lake_bucket": template["LakeBucket"],
        **tokens,
    }


def rest_url(api_id: str) -> str:
    """Where an emulator serves a REST API's stage."""
    return f"{current().endpoint_url}/restapis/{api_id}/prod/_user_request_"


def cloudformation() -> "CloudFormationClient":
    client: CloudFormationClient = _client("cloudformation")
    return client


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


@cache
def _client(service: str) -> Any:
    import boto3
    from botocore.config import Config

    # A Lambda may take minutes; a client that gives up earlier would invoke it again.
    return boto3.client(service, config=Config(read_timeout=900, retries={"total_max_attempts": 2}))
