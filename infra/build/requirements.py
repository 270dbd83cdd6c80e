"""The requirements.txt of each layer and function, pinned with hashes from requirements.lock.

It lists the packages of a group in pyproject.toml and all that those need, except what is in a layer below. boto3 is in
the core layer: what Lambda's own runtime has changes from day to day. `make generate` writes the files.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra import ROOT

RUNTIMES: Final = ("python3.12", "python3.13")
_ALONE: Final = frozenset({"chalice"})
"""Packages that need others only for a command line, which is never run in a function."""
LAMBDA: Final = tuple(
    {
        "python_version": runtime.removeprefix("python"),
        "python_full_version": f"{runtime.removeprefix('python')}.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    for runtime in RUNTIMES
)
"""Where functions run, as the markers of requirements name it."""
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
    below: set[str] = set().union(*(closure(direct(group)) for group in code.below))
    names = closure(direct(code.group)) - below
    return _HEADER + "".join(_locked()[name] for name in sorted(names))


def direct(group: str) -> list[str]:
    """The requirements of a group, as pyproject.toml names them."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    return [each for each in groups[group] if isinstance(each, str)]


def closure(
    wanted: Iterable[str],
    environments: Iterable[Mapping[str, str]] = LAMBDA,
    alone: frozenset[str] = _ALONE,
    installed: Callable[[str], Distribution] = distribution,
) -> set[str]:
    """Everything that the requirements need in any of the environments, themselves included, as the installed packages
    say; of those that are `alone`, only themselves."""
    names: set[str] = set()
    for requirement in map(Requirement, wanted):
        name = canonicalize_name(requirement.name)
        if name in names:
            continue
        names.add(name)
        if name not in alone:
            needs = (
                text
                for text in installed(name).requires or []
                if _applies(Requirement(text), environments, requirement.extras or {""})
            )
            names |= closure(needs, environments, alone, installed)
    return names


def _applies(requirement: Requirement, environments: Iterable[Mapping[str, str]], extras: Iterable[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({**each, "extra": x}) for each in environments for x in extras)


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
