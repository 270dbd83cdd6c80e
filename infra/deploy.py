"""Deploy template.yaml to the stack that is meant: its resources, the first tokens, the page.

python -m infra.deploy
"""

import json
import mimetypes
import os
import time
from pathlib import Path

from infra import stack
from infra.stack import ROOT


def deploy() -> None:
    """Bring the stack that is meant up to date with this checkout. PARAMETERS="Name=value …" sets the template's."""
    here = stack.connect()
    given = dict(pair.split("=", 1) for pair in os.environ.get("PARAMETERS", "").split())
    here.deploy_template({**here.parameters(), **given})
    stack.template_outputs.cache_clear()
    stack.environment()
    here.issue_tokens()
    _publish_site(ROOT / "frontend" / "dist")


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
    here = stack.current()
    here.start()
    deploy()
    where = here.endpoint_url or stack.outputs()["site_url"]
    print(f"{here.name} is up after {time.monotonic() - started:.1f} s at {where}")


if __name__ == "__main__":
    main()
