"""The requirements.txt of each layer and function, pinned with hashes from requirements.lock.

It lists the packages of a group in pyproject.toml and all that those need, except what is in a layer below. boto3 is in
the core layer: what Lambda's own runtime has changes from day to day. `make generate` writes the files.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra import ROOT

RUNTIMES: Final = ("python3.12", "python3.13")
_ALONE: Final = frozenset({"chalice"})
"""Packages that need others only for a command line, which is never run in a function."""
_HEADER: Final = "# From pyproject.toml and requirements.lock, by: make generate\n"


@dataclass(frozen=True)
class CodeFolder:
    """A layer, or a function that brings packages too: its folder, its group, and the groups of the layers below it."""

    folder: str
    group: str
    below: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        return ROOT / self.folder / "requirements.txt"


CODE_FOLDERS: Final = (
    CodeFolder("layers/core", "core"),
    CodeFolder("layers/numeric", "numeric", ("core",)),
    CodeFolder("layers/tabular", "tabular", ("core", "numeric")),
    CodeFolder("layers/inference", "inference", ("core", "numeric")),
    CodeFolder("layers/training", "training", ("core", "numeric")),
    CodeFolder("functions/api", "api", ("core", "numeric", "inference")),
    CodeFolder("functions/ops", "ops", ("core",)),
)


def requirements(code: CodeFolder) -> str:
    """The text of a folder's requirements.txt."""
    below: set[str] = set().union(*(_closure(direct(group)) for group in code.below))
    names = _closure(direct(code.group)) - below
    return _HEADER + "".join(_locked()[name] for name in sorted(names))


def direct(group: str) -> list[str]:
    """The requirements of a group, as pyproject.toml names them."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    return [each for each in groups[group] if isinstance(each, str)]


def _closure(wanted: Iterable[str]) -> set[str]:
    """Everything that the requirements need on Lambda, themselves included, as the installed packages say."""
    names: set[str] = set()
    for requirement in map(Requirement, wanted):
        name = canonicalize_name(requirement.name)
        if name not in names:
            names |= {name} if name in _ALONE else {name} | _closure(_needs(name, requirement.extras or {""}))
    return names


def _needs(name: str, extras: Iterable[str]) -> Iterator[str]:
    for text in distribution(name).requires or []:
        marker = Requirement(text).marker
        if marker is None or any(marker.evaluate({**_lambda(each), "extra": x}) for each in RUNTIMES for x in extras):
            yield text


def _lambda(runtime: str) -> dict[str, str]:
    version = runtime.removeprefix("python")
    return {
        "python_version": version,
        "python_full_version": f"{version}.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }


def _locked() -> dict[str, str]:
    """The lock's entries, pin and hashes, by package; several where the version depends on Python's."""
    entries: dict[str, str] = defaultdict(str)
    for entry in re.split(r"^(?=\S)", (ROOT / "requirements.lock").read_text(), flags=re.MULTILINE):
        if entry:
            entries[canonicalize_name(re.split(r"[=\s\[]", entry, maxsplit=1)[0])] += entry
    return entries


def generated() -> Iterator[tuple[Path, str]]:
    """Each file with the text that it should have."""
    return ((code.path, requirements(code)) for code in CODE_FOLDERS)
