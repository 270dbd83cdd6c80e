"""Deploy template.yaml to the current stack: its resources, the first tokens, the page."""

import json
import mimetypes
import os
import time
from pathlib import Path
from typing import Final

from infra import ROOT, CommandError
from infra.build.template import read_template
from infra.commands import parser
from infra.commands.outputs import outputs
from infra.stacks import current

_FOR_EVER: Final = "public, max-age=31536000, immutable"
"""For what the build names by its content."""
_ASK_EACH_TIME: Final = "no-cache"


def deploy() -> None:
    """Bring the current stack up to date with this checkout. PARAMETERS="Name=value …" sets the template's."""
    stack = current.connect()
    stack.deploy_template({**stack.parameters(), **chosen(os.environ.get("PARAMETERS", ""))})
    current.resources.cache_clear()
    current.set_environment()
    stack.issue_tokens()
    _publish_site(ROOT / "frontend" / "dist")


def chosen(parameters: str) -> dict[str, str]:
    """The template's parameters in "Name=value …". Raises CommandError for one that the template doesn't have."""
    pairs = [pair.partition("=") for pair in parameters.split()]
    for name, equals, _ in pairs:
        if not equals or name not in read_template()["Parameters"]:
            raise CommandError(
                f"PARAMETERS has {name!r}, which isn't a parameter with a value. "
                'Write PARAMETERS="LakeDays=90 PartRows=1000"; docs/parameters.md has the names.'
            )
    return {name: value for name, _, value in pairs}


def _publish_site(dist: Path) -> None:
    """Put the built page beside a config.json with the addresses of its APIs."""
    s3, bucket, addresses = current.s3(), current.resources()["SiteBucket"], outputs()
    config = {name: addresses[name] for name in ("api_url", "ops_url")}
    for path in sorted(dist.rglob("*")):
        if path.is_file():
            s3.put_object(
                Bucket=bucket,
                Key=path.relative_to(dist).as_posix(),
                Body=path.read_bytes(),
                ContentType=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
                CacheControl=_FOR_EVER if path.parent == dist / "assets" else _ASK_EACH_TIME,
            )
    s3.put_object(
        Bucket=bucket,
        Key="config.json",
        Body=json.dumps(config).encode(),
        ContentType="application/json",
        CacheControl=_ASK_EACH_TIME,
    )


def main() -> None:
    started = time.monotonic()
    stack = current.stack()
    print(f"Deploying template.yaml to the {stack.target} stack {stack.name} ...", flush=True)
    stack.start()
    deploy()
    where = stack.endpoint_url or outputs()["site_url"]
    print(f"{stack.name} is up after {time.monotonic() - started:.1f} s at {where}")


if __name__ == "__main__":
    parser("deploy", __doc__).parse_args()
    main()
