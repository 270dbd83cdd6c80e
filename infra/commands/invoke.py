"""Run a deployed stack's functions on this machine by `sam local`, with an event of tests/events or one of yours.

python -m infra.commands.invoke FUNCTION [EVENT.json]
python -m infra.commands.invoke --serve
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from string import Template
from typing import Any, Final

import yaml

from infra import ROOT, CommandError
from infra.build import sam
from infra.build.template import read_template, short_name
from infra.commands.outputs import outputs
from infra.stacks import current

EVENTS: Final = ROOT / "tests" / "events"
_PORT: Final = "3000"
_SAVING: Final = "--skip-pull-image"
"""Fetch Lambda's image once, not at each call."""


def invoke(function: str, event: Path | None = None) -> Any:
    """Run one function once; returns its payload. Raises CommandError when it failed: sam itself ends well."""
    stack, names = current.connect(), functions()
    if function not in names:
        raise CommandError(f"there is no function {function!r}. Say which: make invoke FN={'|'.join(names)}")
    text = (event or EVENTS / f"{function}.json").read_text()
    what = ["local", "invoke", names[function], "--event", "-", _SAVING]
    done = subprocess.run(
        [*sam.program(), *what, "--template", _template(), *stack.container_options()],
        input=filled(text),
        env=_environment(),
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        check=False,
    )
    try:
        payload = json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        raise CommandError("sam local gave no answer; its output is above.") from None
    if isinstance(payload, dict) and "errorMessage" in payload:
        raise CommandError(f"{function} failed: {json.dumps(payload)}")
    return payload


def functions() -> dict[str, str]:
    """The functions by the names they have here, such as forward_alert: their logical ids in the template."""
    return {short_name(name): name for name in current.resources() if name.endswith("Function")}


def filled(event: str) -> str:
    """An event's text with ${lake_bucket}, ${user_token}, … as `make outputs` prints them, and ${scored_file}."""
    from jobchange.store import file_listings

    current.set_environment()
    latest, _ = file_listings.list_newest(limit=100)
    scored = next((file.file_id for file in latest if file.status == "SCORED"), "")
    known = {**outputs(), "scored_file": scored}
    return Template(event).safe_substitute(known)


def _template() -> str:
    """What was built last, each function with the settings of its deployed sister, and where the services are."""
    stack, resources = current.connect(), current.resources()
    path = sam.FOLDED / "template.yaml"
    if not path.exists():
        raise CommandError("nothing is built yet. Do that with: make deploy TARGET=localstack")
    template = read_template(path)
    for logical in functions().values():
        deployed = current.functions().get_function_configuration(FunctionName=resources[logical])
        properties = template["Resources"][logical]["Properties"]
        properties["Environment"] = {
            "Variables": {**deployed["Environment"]["Variables"], **stack.container_variables()}
        }
    path = path.with_name("local.yaml")
    path.write_text(yaml.safe_dump(template, sort_keys=False))
    return str(path)


def _environment() -> dict[str, str]:
    """This process's, with the services' address as a container sees it: sam prefers it to the template's."""
    return {**os.environ, **current.stack().container_variables()}


def serve() -> None:
    """Serve both APIs on one port of this machine until Ctrl-C."""
    stack = current.connect()
    command = [
        *sam.program(),
        "local",
        "start-api",
        "--template",
        _template(),
        "--port",
        _PORT,
        *stack.container_options(),
    ]
    subprocess.run([*command, "--warm-containers", "LAZY"], cwd=ROOT, check=False)


def main(arguments: list[str]) -> None:
    match arguments:
        case ["--serve"]:
            serve()
        case [function]:
            print(json.dumps(invoke(function), indent=2))
        case [function, event]:
            print(json.dumps(invoke(function, Path(event)), indent=2))
        case _:
            raise CommandError("python -m infra.commands.invoke FUNCTION [EVENT.json] | --serve")


if __name__ == "__main__":
    main(sys.argv[1:])
