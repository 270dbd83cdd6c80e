"""What aws-sam-cli does for us: builds, deploys and invokes. It has a virtual environment of its own (make tools)."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TextIO

import yaml

from infra import ROOT, CommandError
from infra.build.requirements import RUNTIMES
from infra.build.template import read_template

BUILT: Final = ROOT / ".aws-sam" / "build"
FOLDED: Final = ROOT / ".aws-sam" / "folded"
_SHOWN: Final = 4000
"""Characters of a long log that are enough to see what went wrong."""
_LAYERS: Final = "AWS::Serverless::LayerVersion"


def build(parameters: Mapping[str, str]) -> Path:
    """Build every layer and function for RUNTIME; returns the built template."""
    print("Building layers and functions ...", flush=True)
    quietly("build", *_overrides(parameters))
    return BUILT / "template.yaml"


def folded() -> Path:
    """What was built, with the layers' files put into the functions that use them; returns the template of that."""
    template = read_template(BUILT / "template.yaml")
    resources: dict[str, dict[str, Any]] = template["Resources"]
    layers = {
        name: BUILT / each["Properties"]["ContentUri"] for name, each in resources.items() if each["Type"] == _LAYERS
    }
    shutil.rmtree(FOLDED, ignore_errors=True)
    for name, each in resources.items():
        if each["Type"] == "AWS::Serverless::Function":
            used = layers_of(each)
            for source in [layers[layer] / "python" for layer in used] + [BUILT / each["Properties"]["CodeUri"]]:
                # Links: the same files are in many functions, and nobody writes to them.
                shutil.copytree(source, FOLDED / name, copy_function=_link, dirs_exist_ok=True)
            each["Properties"]["CodeUri"] = name
            each["Properties"].pop("Layers", None)
    template["Resources"] = {name: each for name, each in resources.items() if name not in layers}
    path = FOLDED / "template.yaml"
    path.write_text(yaml.safe_dump(template, sort_keys=False))
    return path


def layers_of(function: Mapping[str, Any]) -> list[str]:
    """The layers of a function in the template, by their logical ids."""
    listed = function["Properties"].get("Layers", [])
    return [each["Fn::If"][1]["Ref"] if "Fn::If" in each else each["Ref"] for each in listed]


def _link(source: str, target: str) -> None:
    Path(target).unlink(missing_ok=True)
    os.link(source, target)


def deployment(stack: str, template: Path, parameters: dict[str, str], config: str) -> list[str]:
    """The command that uploads the code and updates the stack, as that environment of samconfig.toml says."""
    what = ("--template-file", str(template), "--stack-name", stack, "--region", os.environ["AWS_DEFAULT_REGION"])
    how = ("--config-file", str(ROOT / "samconfig.toml"), "--config-env", config)
    # Every one, since CloudFormation keeps the former value of any that isn't named, whatever the template's default.
    declared = read_template()["Parameters"]
    all_of_them = {name: str(each["Default"]) for name, each in declared.items()} | parameters
    return ["deploy", *what, *how, *_overrides(all_of_them)]


def run(*arguments: str) -> None:
    """Run aws-sam-cli in the repository; it may ask, and reads the answer from the terminal."""
    if _start(arguments, None):
        raise CommandError(f"sam {arguments[0]} failed; its output is above.")


def quietly(*arguments: str) -> None:
    """Run aws-sam-cli in the repository; what it prints is shown only when it fails."""
    log = ROOT / ".aws-sam" / f"{arguments[0]}.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("w") as file:
        failed = _start(arguments, file)
    if failed:
        raise CommandError(f"sam {arguments[0]} failed:\n{log.read_text()[-_SHOWN:]}")


def program() -> list[str]:
    """The command, without its telemetry; SAM names another one."""
    found = os.environ.get("SAM") or str(ROOT / ".tools" / "sam" / "bin" / "sam")
    if shutil.which(found) is None:
        raise CommandError(f"there is no {found}. Install it with: make tools")
    return ["env", "SAM_CLI_TELEMETRY=0", found]


def _start(arguments: Sequence[str], output: TextIO | None) -> int:
    return subprocess.run([*program(), *arguments], cwd=ROOT, stdout=output, stderr=output, check=False).returncode


def _overrides(parameters: Mapping[str, str]) -> Sequence[str]:
    # sam takes no empty one.
    chosen = {**parameters, "Runtime": os.environ.get("RUNTIME") or RUNTIMES[-1]}
    return ["--parameter-overrides", *(f"{name}={value}" for name, value in chosen.items() if value)]
