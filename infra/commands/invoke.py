"""`make invoke FN=validate`: run one function of a deployed stack in a container, by `sam local`."""

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
from infra.commands import parser
from infra.commands.outputs import outputs
from infra.stacks import current

EVENTS: Final = ROOT / "tests" / "events"
_PORT: Final = "3000"
_SAVING: Final = "--skip-pull-image"
"""Fetch Lambda's image once, not at each call."""


def invoke(function: str, event: Path | None = None) -> Any:
    """Run one function once; returns its payload. Raises CommandError when it failed: sam itself exits with 0."""
    stack, names = current.connect(), functions()
    if function not in names:
        raise CommandError(f"there is no function {function!r}. Say which: make invoke FN={'|'.join(names)}")
    event = event or EVENTS / f"{function}.json"
    if not event.is_file():
        raise CommandError(f"there is no file {event}. Give an event: make invoke FN={function} EVENT=my_event.json")
    text = event.read_text()
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
    """What was built last, each function with the settings of the deployed one, and where the services are."""
    stack, resources = current.connect(), current.resources()
    path = sam.FOLDED / "template.yaml"
    if not path.exists():
        raise CommandError("nothing is built yet. Build and deploy it with: make deploy TARGET=localstack")
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
    command = parser("invoke", __doc__)
    command.add_argument("function", nargs="?", default="", metavar="FUNCTION", help="such as validate")
    command.add_argument("event", nargs="?", type=Path, metavar="EVENT.json", help="(default: that of tests/events)")
    command.add_argument("--serve", action="store_true", help="serve both APIs until Ctrl-C instead")
    options = command.parse_args(arguments)
    if options.serve:
        serve()
    else:
        print(json.dumps(invoke(options.function, options.event), indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
