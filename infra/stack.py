"""Which stack is meant, where it answers, and what it told about itself when it was deployed."""

import os
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

ROOT = Path(__file__).resolve().parent.parent
REGION: Final = "eu-west-1"
TARGETS: Final = ("embedded", "localstack", "aws")


class Stopped(SystemExit):
    """What a command ends with when it can't go on: one sentence that says what to do, and exit code 1."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"make: {sentence}")


@dataclass(frozen=True)
class Stack(ABC):
    """A deployment of the template: STACK is its name, and TARGET the place where it runs, a class in infra/targets."""

    name: str
    target: ClassVar[str]

    @property
    def home(self) -> Path:
        """Everything that is kept of this stack on this machine. Ignored by git."""
        return ROOT / ".local" / f"{self.name}.{self.target}"

    @property
    @abstractmethod
    def endpoint_url(self) -> str | None:
        """Where its services answer; None for AWS's own addresses."""

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """The variables with which AWS's clients find it."""

    @abstractmethod
    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client of it."""

    @abstractmethod
    def start(self) -> None:
        """Start what it runs on, unless that runs already."""

    @abstractmethod
    def up(self) -> None:
        """What `make up` does: start it, and deploy where that takes no more than seconds."""

    @abstractmethod
    def stop(self) -> str:
        """Stop what it runs on; returns what happened, for people."""

    @abstractmethod
    def parameters(self) -> dict[str, str]:
        """The template's parameters that this place needs."""

    @abstractmethod
    def deploy_template(self, parameters: dict[str, str]) -> None:
        """Bring its resources up to date with template.yaml and the code."""

    @abstractmethod
    def addresses(self, outputs: dict[str, str]) -> dict[str, str]:
        """`api_url`, `ops_url` and `site_url`, from the template's outputs."""

    @abstractmethod
    def issue_tokens(self) -> None:
        """Make the tokens that are there from the first day on, if there are any."""

    @abstractmethod
    def tokens(self) -> dict[str, str]:
        """Those tokens by their names."""

    @abstractmethod
    def destroy(self) -> None:
        """Delete the stack with everything in it."""

    def container_options(self) -> list[str]:
        """What `sam local` has to be told for its containers to reach the stack."""
        raise Stopped("sam local's containers don't reach this stack. Use LocalStack: make … TARGET=localstack")

    def container_variables(self) -> dict[str, str]:
        """With which variables a function in such a container finds the stack."""
        return {}


@cache
def current() -> Stack:
    """The stack named by STACK, TARGET and PORT."""
    name, target = os.environ.get("STACK") or "jobchange", os.environ.get("TARGET") or "embedded"
    if not name.replace("-", "").isalnum() or not name.islower() or len(name) > 30:
        raise Stopped(f"STACK={name} isn't possible: use up to 30 small letters, digits and hyphens.")
    if target not in TARGETS:
        raise Stopped(f"TARGET={target} isn't possible: use {', '.join(TARGETS)}.")
    stack: Stack = import_module(f"infra.targets.{target}").meant(name)
    return stack


def port() -> int:
    """The port on this machine that PORT names."""
    text = os.environ.get("PORT") or "4566"
    if not text.isdigit() or not 0 < int(text) < 65_536:
        raise Stopped(f"PORT={text} isn't possible: give a number from 1 to 65535.")
    return int(text)


def connect() -> Stack:
    """Point this process's AWS clients at the stack that is meant."""
    stack = current()
    os.environ.update(stack.environment())
    if "AWS_ACCESS_KEY_ID" in stack.environment():
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
    from botocore.exceptions import BotoCoreError, ClientError

    stack = connect()
    try:
        described = cloudformation().describe_stacks(StackName=stack.name)["Stacks"][0]
    except (BotoCoreError, ClientError):
        at = f" at {stack.endpoint_url}" if stack.endpoint_url else " on AWS"
        how = "make up" if stack.target == "embedded" else f"make deploy TARGET={stack.target}"
        raise Stopped(f"the stack {stack.name} isn't up{at}. Start it with: {how}") from None
    return {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}


def outputs() -> dict[str, str]:
    """What the outside needs to know of the stack that is up: addresses, the lake bucket, the demo tokens."""
    stack, template = connect(), template_outputs()
    return {
        "endpoint_url": stack.endpoint_url or "",
        "region": os.environ["AWS_DEFAULT_REGION"],
        "stack": stack.name,
        **stack.addresses(template),
        "lake_bucket": template["LakeBucket"],
        **stack.tokens(),
    }


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
    from botocore.config import Config

    # A Lambda may take minutes; a client that gives up earlier would invoke it again.
    return current().client(service, config=Config(read_timeout=900, retries={"total_max_attempts": 2}))
