"""AWS itself, with the credentials and the region that AWS's own tools find."""

import os
import tomllib
from dataclasses import dataclass
from typing import Any, Self

from infra import ROOT, CommandError
from infra.build import sam
from infra.stacks.stack import REGION, Stack


@dataclass(frozen=True)
class AwsStack(Stack):
    """A stack in an account. CONFIG names the environment of samconfig.toml: default or prod."""

    target = "aws"

    @classmethod
    def load(cls, name: str) -> Self:
        return cls(name)

    @property
    def endpoint_url(self) -> None:
        return None

    def environment(self) -> dict[str, str]:
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or REGION
        return {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}

    def session(self) -> Any:
        import boto3

        return boto3.Session()

    def start(self) -> None:
        """AWS runs; that the credentials work is found out before anything is built."""
        from botocore.exceptions import BotoCoreError, ClientError

        if os.environ.get("AWS_ENDPOINT_URL"):
            raise CommandError("AWS_ENDPOINT_URL is set, so this isn't AWS. Unset it.")
        try:
            account = self.client("sts").get_caller_identity()["Account"]
        except (BotoCoreError, ClientError) as error:
            raise CommandError(
                f"AWS doesn't let us in: {error}. Sign in first: aws sso login, or set AWS_PROFILE."
            ) from None
        print(f"Account {account}, region {self.environment()['AWS_REGION']}.")

    def up(self) -> str | None:
        raise CommandError("AWS is always up. Deploy to it with: make deploy TARGET=aws")

    def stop(self) -> str:
        raise CommandError(
            "a stack on AWS can't be stopped. Idle, it costs about a dollar a month (make cost). "
            "Delete it with: make destroy TARGET=aws"
        )

    def parameters(self) -> dict[str, str]:
        """Those in samconfig.toml; given again, since those on the command line replace them all."""
        configured = tomllib.loads((ROOT / "samconfig.toml").read_text())[_config()]["deploy"]["parameters"]
        return dict(pair.split("=", 1) for pair in configured.get("parameter_overrides", []))

    def deploy_template(self, parameters: dict[str, str]) -> None:
        """The change set is shown, and waits for a yes (samconfig.toml)."""
        sam.run(*sam.deployment(self.name, sam.build(parameters), parameters, _config()))
        # The template can't say it, and sam doesn't: what its tables refuse, the stack refuses as a whole.
        protected = parameters.get("DeletionProtection") == "true"
        self.client("cloudformation").update_termination_protection(
            StackName=self.name, EnableTerminationProtection=protected
        )

    def addresses(self) -> dict[str, str]:
        (described,) = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        outputs = {each["OutputKey"]: each["OutputValue"] for each in described["Outputs"]}
        return {"api_url": outputs["ApiUrl"], "ops_url": outputs["OpsApiUrl"], "site_url": outputs["SiteUrl"]}

    def issue_tokens(self) -> None:
        """None: those who may write the access table issue them, with an expiry of their choice (docs/aws.md)."""

    def tokens(self) -> dict[str, str]:
        return {}

    def container_options(self) -> list[str]:
        return []


def _config() -> str:
    return os.environ.get("CONFIG") or "default"
