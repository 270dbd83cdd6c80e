"""The embedded stack: MiniStack in the project's own virtual environment, deployed from the sources within seconds."""

import contextlib
import hashlib
import io
import json
import shutil
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from infra import ROOT, CommandError
from infra.build.template import CODE, read_template
from infra.stacks import embedded_template, emulator
from infra.stacks.ministack import MiniStack
from infra.stacks.stack import REGION

_DEPLOY_SECONDS = 120


@dataclass(frozen=True)
class EmbeddedStack(emulator.EmulatedStack):
    """One emulator for each stack; PORT is where it listens on 127.0.0.1."""

    target = "embedded"
    port: int

    @classmethod
    def load(cls, name: str) -> Self:
        return cls(name, emulator.port())

    @property
    def home(self) -> Path:
        """Its state, logs and tokens."""
        return ROOT / ".local" / self.name

    @property
    def endpoint_url(self) -> str:
        return self._emulator.endpoint_url

    def start(self) -> None:
        self._emulator.start()

    def up(self) -> None:
        self.start()

    def stop(self) -> str:
        return f"{self.name} is down; its data is kept." if self._emulator.stop() else f"{self.name} wasn't up."

    def check_deletable(self) -> None:
        """Nothing here is worth protecting."""

    def destroy(self) -> None:
        """End the emulator and delete everything it kept."""
        self._emulator.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def _emulator(self) -> MiniStack:
        return MiniStack(self.home, self.port)

    def parameters(self) -> dict[str, str]:
        here = {"ThirdPartyLayers": "false", "Tracing": "PassThrough", "SiteUrl": self.site_url}
        return {**here, **emulator.UNLIMITED}

    def deploy_template(self, parameters: dict[str, str]) -> None:
        """Code packed into S3, then one create or update."""
        s3, artifacts = self.client("s3"), f"{self.name}-artifacts"
        with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
            s3.create_bucket(Bucket=artifacts, CreateBucketConfiguration={"LocationConstraint": REGION})
        template = _packed(read_template(), s3, artifacts)
        embedded_template.adapt(template)
        # By address: a template in the request itself may have 51,200 bytes, and this one has more.
        s3.put_object(Bucket=artifacts, Key="template.json", Body=json.dumps(template).encode())
        address = f"{self.endpoint_url}/{artifacts}/template.json"
        _create_or_update(self.client("cloudformation"), self.name, address, parameters)


def _packed(template: dict[str, Any], s3: Any, bucket: str) -> dict[str, Any]:
    """The template with each folder of code that it deploys replaced by a zip in S3, named by its content."""
    addresses: dict[str, dict[str, str]] = {}
    for resource in template["Resources"].values():
        place = CODE.get(resource["Type"])
        if place is None or (resource.get("Condition") == "WithLayers"):
            continue
        folder = resource["Properties"][place]
        if folder not in addresses:
            body = _zip(ROOT / folder, prefix="python/" if place == "ContentUri" else "")
            key = f"{hashlib.sha256(body).hexdigest()}.zip"
            s3.put_object(Bucket=bucket, Key=key, Body=body)
            addresses[folder] = {"Bucket": bucket, "Key": key}
        resource["Properties"][place] = addresses[folder]
    for name in [n for n, r in template["Resources"].items() if r.get("Condition") == "WithLayers"]:
        # Never created here; their folders need not exist as zips.
        template["Resources"][name]["Properties"]["ContentUri"] = {"Bucket": bucket, "Key": "none.zip"}
    return template


def _zip(folder: Path, prefix: str) -> bytes:
    """The folder as a zip with fixed times, so that the same files make the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            parts = path.relative_to(folder).parts
            if (
                path.is_file()
                and path.name != "requirements.txt"
                and not any(p.startswith((".", "__pyc")) for p in parts)
            ):
                archive.writestr(zipfile.ZipInfo(prefix + path.relative_to(folder).as_posix()), path.read_bytes())
    return buffer.getvalue()


def _create_or_update(client: Any, name: str, template_url: str, parameters: dict[str, str]) -> None:
    arguments: dict[str, Any] = {
        "StackName": name,
        "TemplateURL": template_url,
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
    }
    try:
        client.create_stack(**arguments)
    except client.exceptions.AlreadyExistsException:
        try:
            client.update_stack(**arguments)
        except client.exceptions.ClientError as error:
            if "No updates" in str(error):
                return
            raise CommandError(f"the template can't be deployed: {error.response['Error']['Message']}") from None
    deadline = time.monotonic() + _DEPLOY_SECONDS
    while True:
        described = client.describe_stacks(StackName=name)["Stacks"][0]
        status = described["StackStatus"]
        if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            return
        if not status.endswith("_IN_PROGRESS") or time.monotonic() > deadline:
            reasons = "; ".join(_reasons(client, name)) or "no reason given"
            raise CommandError(f"the deployment ended as {status}: {reasons}")
        time.sleep(0.2)


def _reasons(client: Any, name: str) -> Iterator[str]:
    for event in client.describe_stack_events(StackName=name)["StackEvents"]:
        if event.get("ResourceStatus", "").endswith("_FAILED"):
            yield f"{event.get('LogicalResourceId')}: {event.get('ResourceStatusReason')}"
