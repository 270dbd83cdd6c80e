"""The house rules that a machine can check: who may import whom, and that the contract is declared once."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobchange import contract
from tests.conftest import ROOT

PACKAGE = ROOT / "layers" / "core" / "jobchange"
MODULES = sorted(PACKAGE.rglob("*.py"))
FUNCTIONS = sorted((ROOT / "functions").rglob("*.py"))
USE_CASES = ("quality", "scoring", "training", "monitoring")
ABOVE = "recovery"
"""Undoes and repeats what the use cases have done, and so may use all of them."""
ONLY_IN = {
    "boto3": ("store", "messages.py"),
    "pynamodb": ("store", "messages.py"),
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


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_use_cases_do_not_import_each_other_nor_functions(path: Path) -> None:
    for name in imports(path):
        assert not name.startswith(("functions", "infra", "data.")), name
        for other in (*USE_CASES, ABOVE):
            if name.startswith(f"jobchange.{other}"):
                # Use cases themselves and what stands above them, and nothing below them.
                assert room(path) in (other, ABOVE), f"{path.name} imports {name}"


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


def test_the_contract_imports_nothing_but_the_standard_library() -> None:
    assert {name.split(".")[0] for name in imports(PACKAGE / "contract.py")} <= sys.stdlib_module_names


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
    if path == PACKAGE / "contract.py":
        return
    telling = {level for column in contract.COLUMNS if column.name != "city" for level in column.levels}
    # Too short to be told from other texts.
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
