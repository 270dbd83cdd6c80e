"""Deploy template.yaml as it is to the embedded stack: code packed into S3, one create or update, the page, the tokens.

python -m infra.deploy
"""

import contextlib
import hashlib
import io
import json
import mimetypes
import os
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from infra import embedded, stack
from infra.stack import ROOT, Stopped

_CODE = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}
_DEPLOY_SECONDS = 120
_ACCOUNT = "000000000000"
"""The emulator's own."""
_TOKEN_DAYS = 365


def deploy() -> None:
    """Bring the stack that is meant up to date with this checkout."""
    here = stack.connect()
    artifacts = f"{here.name}-artifacts"
    _make_bucket(artifacts)
    template = json.dumps(_packed(read_template(), artifacts)).encode()
    # By address: a template in the request itself may have 51,200 bytes, and this one has more.
    stack.s3().put_object(Bucket=artifacts, Key="template.json", Body=template)
    _create_or_update(here.name, f"{here.endpoint_url}/{artifacts}/template.json")
    stack.template_outputs.cache_clear()
    stack.environment()
    _issue_tokens(here.home / "tokens.json")
    _publish_site(ROOT / "frontend" / "dist")


def _make_bucket(name: str) -> None:
    client = stack.s3()
    with contextlib.suppress(client.exceptions.BucketAlreadyOwnedByYou):
        client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": stack.REGION})


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms (!Ref, !Sub, !GetAtt, …) into their long ones."""


def _intrinsic(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _intrinsic)


def read_template() -> dict[str, Any]:
    """template.yaml as plain data, intrinsic functions in their long form."""
    template: dict[str, Any] = yaml.load((ROOT / "template.yaml").read_text(), _Loader)  # noqa: S506 - a SafeLoader
    return template


def _packed(template: dict[str, Any], bucket: str) -> dict[str, Any]:
    """The template with each folder of code that it deploys replaced by a zip in S3, named by its content."""
    addresses: dict[str, dict[str, str]] = {}
    for resource in template["Resources"].values():
        place = _CODE.get(resource["Type"])
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


def _create_or_update(name: str, template_url: str) -> None:
    client = stack.cloudformation()
    arguments: dict[str, Any] = {
        "StackName": name,
        "TemplateURL": template_url,
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in _parameters().items()],
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


def _parameters() -> dict[str, str]:
    """The template's parameters for the embedded stack, and what PARAMETERS="Name=value …" says."""
    given = dict(pair.split("=", 1) for pair in os.environ.get("PARAMETERS", "").split())
    here = stack.current()
    site = f"{here.endpoint_url}/{here.name}-site-{_ACCOUNT}/index.html"
    return {"ThirdPartyLayers": "false", "Tracing": "PassThrough", "SiteUrl": site, **given}


def _reasons(name: str) -> Iterator[str]:
    for event in stack.cloudformation().describe_stack_events(StackName=name)["StackEvents"]:
        if event.get("ResourceStatus", "").endswith("_FAILED"):
            yield f"{event.get('LogicalResourceId')}: {event.get('ResourceStatusReason')}"


def _issue_tokens(path: Path) -> None:
    """The three demo tokens, made once; readable by this user only."""
    from jobchange import access

    if path.exists():
        return
    tokens = {
        "page_token": access.issue("demo page", role="user", source="webapp", days=_TOKEN_DAYS),
        "user_token": access.issue("demo client", role="user", source="api", days=_TOKEN_DAYS),
        "operator_token": access.issue("demo operator", role="operator", source="api", days=_TOKEN_DAYS),
    }
    path.touch(mode=0o600)
    path.write_text(json.dumps(tokens))


def _publish_site(dist: Path) -> None:
    """Put the built page beside a config.json that tells it where its APIs are."""
    bucket = stack.template_outputs()["SiteBucket"]
    outputs = stack.outputs()
    config = {name: outputs[name] for name in ("api_url", "ops_url")}
    for path in sorted(dist.rglob("*")):
        if path.is_file():
            stack.s3().put_object(
                Bucket=bucket,
                Key=path.relative_to(dist).as_posix(),
                Body=path.read_bytes(),
                ContentType=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
            )
    stack.s3().put_object(
        Bucket=bucket, Key="config.json", Body=json.dumps(config).encode(), ContentType="application/json"
    )


def main() -> None:
    started = time.monotonic()
    embedded.start(stack.current())
    deploy()
    print(f"{stack.current().name} is up after {time.monotonic() - started:.1f} s at {stack.current().endpoint_url}")


if __name__ == "__main__":
    main()
