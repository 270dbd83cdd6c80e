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
from typing import Any

from infra import embedded, stack
from infra.stack import ROOT, Stopped
from infra.targets.emulator import EmulatedStack
from infra.template import CODE, read_template

_DEPLOY_SECONDS = 120


def meant(name: str) -> "EmbeddedStack":
    return EmbeddedStack(name, stack.port())


@dataclass(frozen=True)
class EmbeddedStack(EmulatedStack):
    """One emulator for each stack; PORT is where it listens on 127.0.0.1."""

    target = "embedded"
    port: int

    @property
    def home(self) -> Path:
        """Its state, logs and tokens."""
        return ROOT / ".local" / self.name

    @property
    def endpoint_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        embedded.start(self)

    def up(self) -> None:
        from infra import deploy

        deploy.main()

    def stop(self) -> str:
        return f"{self.name} is down; its data is kept." if embedded.stop(self) else f"{self.name} wasn't up."

    def destroy(self) -> None:
        embedded.stop(self)
        shutil.rmtree(self.home, ignore_errors=True)

    def parameters(self) -> dict[str, str]:
        return {"ThirdPartyLayers": "false", "Tracing": "PassThrough", "SiteUrl": self.site_url}

    def deploy_template(self, parameters: dict[str, str]) -> None:
        """Code packed into S3, then one create or update."""
        artifacts = f"{self.name}-artifacts"
        _make_bucket(artifacts)
        template = json.dumps(_packed(read_template(), artifacts)).encode()
        # By address: a template in the request itself may have 51,200 bytes, and this one has more.
        stack.s3().put_object(Bucket=artifacts, Key="template.json", Body=template)
        _create_or_update(self.name, f"{self.endpoint_url}/{artifacts}/template.json", parameters)


def _make_bucket(name: str) -> None:
    client = stack.s3()
    with contextlib.suppress(client.exceptions.BucketAlreadyOwnedByYou):
        client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": stack.REGION})


def _packed(template: dict[str, Any], bucket: str) -> dict[str, Any]:
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
            stack.s3().put_object(Bucket=bucket, Key=key, Body=body)
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


def _create_or_update(name: str, template_url: str, parameters: dict[str, str]) -> None:
    client = stack.cloudformation()
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
            raise
    deadline = time.monotonic() + _DEPLOY_SECONDS
    while True:
        described = client.describe_stacks(StackName=name)["Stacks"][0]
        status = described["StackStatus"]
        if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            return
        if not status.endswith("_IN_PROGRESS") or time.monotonic() > deadline:
            raise Stopped(f"the deployment ended as {status}: {'; '.join(_reasons(name)) or 'no reason given'}")
        time.sleep(0.2)


def _reasons(name: str) -> Iterator[str]:
    for event in stack.cloudformation().describe_stack_events(StackName=name)["StackEvents"]:
        if event.get("ResourceStatus", "").endswith("_FAILED"):
            yield f"{event.get('LogicalResourceId')}: {event.get('ResourceStatusReason')}"
