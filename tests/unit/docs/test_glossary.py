"""The project's words: the glossary names modules that exist, and no word that it replaced is left."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"
PACKAGE = ROOT / "layers" / "core" / "jobchange"
FOLDERS = ("layers", "functions", "infra", "data", "docs", "frontend/src")
LOOSE = ("README.md", "template.yaml", "samconfig.toml", "Makefile", "pyproject.toml", ".checkov.yaml")
SUFFIXES = {".py", ".ipynb", ".md", ".j2", ".ts", ".tsx", ".css", ".yaml", ".toml", ""}
GENERATED = ("frontend/src/api/schema.ts",)
"""What follows from texts that are looked at themselves."""

RETIRED = {
    "say, report, show or know": r"told|tells?|telling",
    "again": r"anew|afresh",
    "anybody who, a caller that": r"whoever",
    "so that … not": r"lest",
    "deleted, or redacted": r"gone",
    "is in, is": r"(?:stands?|stood|standing) in",
    "redact": r"struck|strikes?|striker",
    "corrected (rows), or erasure and replay": r"recover|recover(?:s|ed|ing|y|ies)|brought back|brings? back",
    "dictionary": r"lexicons?",
    "violation": r"(?<!weak )spots?",
    "findings builder": r"tally",
    "incumbent": r"rivals?",
    "the new model, or the model": r"newcomers?",
    "the middleware's own name": r"envelopes?",
    "idempotent": r"said again|often it is said",
    "p50, p99": r"half within|99 % within",
}
"""Patterns of retired words, by what to say instead."""
RETIRED_NAMES = {"told", "made", "gone", "given", "letter", "letters"}
"""What no variable, parameter or function is called: it is called what it is."""
ALLOWED = re.compile(
    r"point-in-time recovery"
    # An API's field, its key and its type.
    r"|[.'\"`]recovered\b['\"`]?|\brecovered(?=: (?:int|number)\b)",
    re.IGNORECASE,
)
_PICTURE = re.compile(r'"image/png": ".*"')
CUSTOMARY = {("numpy", "np"), ("pandas", "pd"), ("pandera.pandas", "pa"), ("matplotlib.pyplot", "plt")}


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


def files() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            built = {"__pycache__", "node_modules", "viewer"} & set(path.parts)
            if path.is_file() and path.suffix in SUFFIXES and not built and ids(path) not in GENERATED:
                yield path
    yield from (ROOT / name for name in LOOSE)


FILES = list(files())
PYTHON = [path for path in FILES if path.suffix == ".py"]


def terms() -> list[list[str]]:
    """The cells of every row of the glossary's tables: term, meaning, module."""
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [row for row in rows if row[0] != "term"]


def names(tree: ast.AST) -> Iterator[str]:
    """The names that a module binds: variables, parameters and functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef):
            yield node.name


def test_every_term_is_one_sentence_and_names_a_module_that_exists() -> None:
    found = terms()

    assert len(found) > 50
    for term, meaning, module in found:
        assert re.fullmatch(r"[^.]+\.", meaning), term
        path = PACKAGE.joinpath(*module.strip("`").split("."))
        assert path.with_suffix(".py").exists(), f"{term}: {module}"


def test_no_term_is_explained_twice() -> None:
    found = [term for term, _, _ in terms()]

    assert len(set(found)) == len(found)


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_no_retired_word_is_left(path: Path) -> None:
    text = ALLOWED.sub("", _PICTURE.sub("", path.read_text(encoding="utf-8")))

    for instead, pattern in RETIRED.items():
        if found := re.search(rf"(?<![\w-])(?:{pattern})(?![\w-])", text, re.IGNORECASE):
            line = text.count("\n", 0, found.start()) + 1
            pytest.fail(f"line {line} has {found[0]!r}: say {instead}")


@pytest.mark.parametrize("path", PYTHON, ids=ids)
def test_no_variable_has_a_retired_name(path: Path) -> None:
    assert not RETIRED_NAMES & set(names(ast.parse(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("path", PYTHON, ids=ids)
def test_no_import_is_renamed(path: Path) -> None:
    """A name that has to be changed to be used is not a good name. The customary short ones are."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            renamed = {(alias.name, alias.asname) for alias in node.names if alias.asname}
            assert renamed <= CUSTOMARY, renamed
