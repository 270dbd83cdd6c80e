"""The house rules that a machine can check: who may import whom, and that the contract is declared once."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import ROOT
from jobchange import contract

PACKAGE = ROOT / "layers" / "core" / "jobchange"
MODULES = sorted(PACKAGE.rglob("*.py"))
FUNCTIONS = sorted((ROOT / "functions").rglob("*.py"))
ROOMS: dict[str, tuple[str, ...]] = {
    "contract": (),
    "documents": (),
    "statistics": ("contract",),
    "reading": ("contract", "documents"),
    "aws": ("contract",),
    "store": ("contract", "statistics", "aws"),
    "access": ("contract", "aws", "store"),
    "registry": ("contract", "statistics", "aws", "store"),
    "quality": ("contract", "aws", "documents", "statistics", "reading", "store", "registry"),
    "scoring": ("contract", "aws", "store", "registry"),
    "training": ("contract", "aws", "documents", "statistics", "reading", "store", "registry"),
    "monitoring": ("contract", "aws", "statistics", "store", "registry"),
    "alerting": ("contract", "aws", "store", "monitoring"),
    "privacy": ("contract", "aws", "reading", "store", "registry", "quality", "scoring"),
    "operations": ("contract", "aws", "store", "privacy"),
}
"""Each room, and the rooms it may use beside itself. Below: none that is not above it here."""
ROOT_MODULES = ("errors", "times", "settings")
"""What every room may use, and the only modules that are in no room."""
ONLY_IN = {
    "boto3": ("aws",),
    "pynamodb": ("store",),
    "pandera": ("quality",),
    "pandas": ("quality", "scoring"),
    "sklearn": ("training",),
    "onnxruntime": ("scoring",),
    "onnx": ("training",),
}


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it; `from a import b` gives a.b."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_rooms_are_those_declared_and_no_module_lies_outside() -> None:
    rooms = {room(path) for path in MODULES if path.parent != PACKAGE}
    loose = {path.stem for path in MODULES if path.parent == PACKAGE}
    assert rooms == set(ROOMS)
    assert loose == {"__init__", *ROOT_MODULES}


def test_no_room_uses_one_that_comes_after_it() -> None:
    order = list(ROOMS)
    for name, uses in ROOMS.items():
        assert all(order.index(other) < order.index(name) for other in uses), name


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_modules_use_the_rooms_that_theirs_may_use(path: Path) -> None:
    allowed = {*ROOT_MODULES}
    if path.parent != PACKAGE:
        allowed |= {room(path), *ROOMS[room(path)]}
    for name in imports(path):
        assert not name.startswith(("functions", "infra", "data.")), name
        if name.startswith("jobchange."):
            assert name.split(".")[1] in allowed, f"{path.name} imports {name}"


@pytest.mark.parametrize("name", ROOMS)
def test_each_room_says_in_a_sentence_what_it_is_for_and_what_it_may_use(name: str) -> None:
    said = ast.get_docstring(ast.parse((PACKAGE / name / "__init__.py").read_text(encoding="utf-8")))
    assert said is not None
    sentence, _, allowed = said.splitlines()[:3]
    assert sentence.endswith(".")
    assert allowed == f"May use {', '.join(ROOMS[name]) or 'no other room'}."


@pytest.mark.parametrize("path", [*MODULES, *FUNCTIONS], ids=ids)
def test_third_party_packages_stay_in_their_rooms(path: Path) -> None:
    for name in imports(path):
        rooms = ONLY_IN.get(name.split(".")[0])
        if rooms:
            assert path.is_relative_to(PACKAGE), name
            assert room(path) in rooms, name


@pytest.mark.parametrize("path", [*MODULES, *FUNCTIONS], ids=ids)
def test_only_the_settings_read_the_environment(path: Path) -> None:
    if path != PACKAGE / "settings.py":
        source = path.read_text(encoding="utf-8")
        assert "os.environ" not in source
        assert "getenv" not in source


@pytest.mark.parametrize("module", ["__init__", "column", "columns", "issues", "bins"])
def test_the_declaration_imports_nothing_but_the_standard_library(module: str) -> None:
    names = {
        name for name in imports(PACKAGE / "contract" / f"{module}.py") if not name.startswith("jobchange.contract.")
    }
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def texts(path: Path) -> set[str]:
    """The string literals of a file, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documentation
    }


@pytest.mark.parametrize("path", [*MODULES, *FUNCTIONS, *sorted((ROOT / "data").glob("*.py"))], ids=ids)
def test_no_level_of_the_contract_is_written_again(path: Path) -> None:
    if path == PACKAGE / "contract" / "columns.py":
        return
    telling = {level for column in contract.COLUMNS if column.name != "city" for level in column.levels}
    # Too short to be distinguished from other texts.
    telling -= {level for level in telling if len(level) < 4 or level in ("never", "Other", "Male", "Arts")}
    assert texts(path).isdisjoint(telling)


@pytest.mark.parametrize("path", sorted((ROOT / "frontend" / "src").rglob("*.ts*")), ids=ids)
def test_the_page_repeats_no_level_of_the_contract(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    for column in contract.COLUMNS:
        if column.name != "city":
            assert not any(
                f"'{level}'" in source or f'"{level}"' in source for level in column.levels if len(level) > 5
            )


@pytest.mark.parametrize("path", sorted((ROOT / "functions").glob("*/app.py")), ids=ids)
def test_handlers_are_thin(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 90
