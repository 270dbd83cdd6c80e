"""What every stack can do, wherever it runs."""

import contextlib
import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final, Self

from infra import ROOT, CommandError

REGION: Final = "eu-west-1"
_UP_TO_HALF_AN_HOUR: Final = {"Delay": 5, "MaxAttempts": 360}
"""A distribution of CloudFront takes many minutes to go."""


@dataclass(frozen=True)
class Stack(ABC):
    """A deployment of the template: STACK is its name, and TARGET the place where it runs, a subclass."""

    name: str
    target: ClassVar[str]

    @classmethod
    @abstractmethod
    def load(cls, name: str) -> Self:
        """The stack of that name, with what the environment says about the place."""

    @property
    def home(self) -> Path:
        """Everything that is kept of this stack on this machine. Ignored by git."""
        return ROOT / ".local" / f"{self.name}.{self.target}"

    @property
    @abstractmethod
    def endpoint_url(self) -> str | None:
        """Where its services answer; None for AWS's own addresses."""

    @property
    def where(self) -> str:
        """The place, for people."""
        return f"at {self.endpoint_url}" if self.endpoint_url else "on AWS"

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """The variables with which AWS's clients find it."""

    @abstractmethod
    def session(self) -> Any:
        """A boto3 session, or one that works like it."""

    @cached_property
    def _session(self) -> Any:
        """One for all clients: each session reads the descriptions of AWS's services again."""
        return self.session()

    def client(self, service: str) -> Any:
        """A boto3 client of it."""
        from botocore.config import Config

        # A Lambda may take minutes; a client that gives up earlier would invoke it again.
        return self._session.client(service, config=Config(read_timeout=900, retries={"total_max_attempts": 2}))

    @abstractmethod
    def start(self) -> None:
        """Start what it runs on, unless that runs already."""

    @abstractmethod
    def up(self) -> str | None:
        """Start it for `make up`; returns how to deploy to it, or None where that takes seconds, and so is done too."""

    @abstractmethod
    def stop(self) -> str:
        """Stop what it runs on; returns what happened, for people."""

    @abstractmethod
    def parameters(self) -> dict[str, str]:
        """The template's parameters that this place needs."""

    @abstractmethod
    def deploy_template(self, parameters: dict[str, str]) -> None:
        """Bring its resources up to date with template.yaml and the code."""

    def resources(self) -> dict[str, str]:
        """The name, address or ARN of each resource, by its name in the template; empty where there is no stack."""
        from botocore.exceptions import ClientError

        pages = self.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=self.name)
        try:
            listed = [each for page in pages for each in page["StackResourceSummaries"]]
        except ClientError:
            return {}
        return {
            each["LogicalResourceId"]: each["PhysicalResourceId"]
            for each in listed
            if each["ResourceStatus"] != "DELETE_COMPLETE"
        }

    @abstractmethod
    def addresses(self) -> dict[str, str]:
        """`api_url`, `ops_url` and `site_url` of the deployed stack."""

    @abstractmethod
    def issue_tokens(self) -> None:
        """Issue the tokens that are there from the first day on, if there are any."""

    @abstractmethod
    def tokens(self) -> dict[str, str]:
        """Those tokens by their names."""

    def log_group(self, function: str) -> str:
        """Where a function, named as in the template, writes its log."""
        return self.resources()[f"{function.removesuffix('Function')}Logs"]

    def check_deletable(self) -> None:
        """Raises CommandError where something of it is protected: its tables, or the stack itself."""
        if protected := self._protections():
            raise CommandError(
                f"{self.name} is protected ({', '.join(protected)}); nothing was deleted. "
                'First: make deploy TARGET=aws PARAMETERS="DeletionProtection=false"'
            )

    def _protections(self) -> list[str]:
        described = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"][0]
        found = ["the stack itself"] if described.get("EnableTerminationProtection") else []
        dynamodb = self.client("dynamodb")
        for name, table in self.resources().items():
            if name.endswith("Table"):
                protected = dynamodb.describe_table(TableName=table)["Table"].get("DeletionProtectionEnabled")
                found += [f"table {table}"] * bool(protected)
        return found

    def destroy(self) -> None:
        """Empty its buckets, delete it with everything in it, and delete what is kept of it on this machine. Raises
        CommandError, before anything is touched, where something of it is protected."""
        self.check_deletable()
        s3, cloudformation, resources = self.client("s3"), self.client("cloudformation"), self.resources()
        for name, bucket in resources.items():
            if name.endswith("Bucket"):
                _empty(s3, bucket)
        cloudformation.delete_stack(StackName=self.name)
        waiter = cloudformation.get_waiter("stack_delete_complete")
        waiter.wait(StackName=self.name, WaiterConfig=_UP_TO_HALF_AN_HOUR)
        _delete_late_logs(self.client("logs"), resources)
        shutil.rmtree(self.home, ignore_errors=True)

    def container_options(self) -> list[str]:
        """The options of `sam local` with which its containers reach the stack."""
        raise CommandError("sam local's containers don't reach this stack. Use LocalStack: make … TARGET=localstack")

    def container_variables(self) -> dict[str, str]:
        """With which variables a function in such a container finds the stack."""
        return {}


def _delete_late_logs(logs: Any, resources: Mapping[str, str]) -> None:
    """Delete the log groups that a last call has made again; they would have no retention."""
    for name, group in resources.items():
        if name.endswith("Logs"):
            with contextlib.suppress(logs.exceptions.ResourceNotFoundException):
                logs.delete_log_group(logGroupName=group)


def _empty(s3: Any, bucket: str) -> None:
    """Delete every version of every object."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        if found:
            objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
            s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
