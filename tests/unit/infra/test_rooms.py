"""What in `infra` may use what."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from infra import ROOT

MODULES = sorted((ROOT / "infra").rglob("*.py"))
MAY_USE = {
    "tools": {"tools"},
    "build": {"build", "tools"},
    "stacks": {"stacks", "build"},
    "generate": {"generate", "build"},
    "commands": {"commands", "stacks", "build"},
}


def name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


NAMES = {name(path) for path in MODULES}


def used(path: Path) -> Iterator[str]:
    """The modules of infra that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("infra"):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in NAMES else node.module


@pytest.mark.parametrize("path", [path for path in MODULES if path.parent.name in MAY_USE], ids=name)
def test_a_module_uses_only_the_rooms_that_its_own_may_use(path: Path) -> None:
    rooms = {module.split(".")[1] for module in used(path) if module != "infra"}

    assert rooms <= MAY_USE[path.parent.name]


def test_no_module_is_outside_a_room() -> None:
    assert {path.parent.name for path in MODULES} == {"infra", *MAY_USE}
    assert [path.name for path in MODULES if path.parent.name == "infra"] == ["__init__.py"]


def test_there_is_no_circle_of_imports() -> None:
    graph = {name(path): set(used(path)) for path in MODULES}

    assert list(TopologicalSorter(graph).static_order())
