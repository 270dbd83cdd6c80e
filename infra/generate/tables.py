"""The tables of the docs that follow from something else: data dictionary, issues, permissions, parameters."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from infra import ROOT
from infra.build.template import read_template
from infra.generate.markers import between
from jobchange.contract import COLUMNS, Column, Issue
from jobchange.contract.issues import OF_COLUMNS

CONTRACT = ROOT / "docs" / "contract.md"
PARAMETERS = ROOT / "docs" / "parameters.md"
SECURITY = ROOT / "docs" / "security.md"
_PERMISSIONS = ROOT / "tests" / "template" / "permissions.json"
_MOST_LEVELS = 8


def generated() -> Iterator[tuple[Path, str]]:
    """Each file with the text that it should have."""
    for path, tables in (
        (CONTRACT, {"contract": _dictionary(), "issues": _issues()}),
        (SECURITY, {"permissions": _permissions()}),
        (PARAMETERS, {"parameters": _parameters()}),
    ):
        text = path.read_text(encoding="utf-8")
        for name, table in tables.items():
            text = between(text, f"<!-- {name} -->\n", f"<!-- /{name} -->", f"{table}\n")
        yield path, text


def _permissions() -> str:
    """How many permissions each role has, and without how many of them a test fails."""
    granted: Counter[str] = Counter()
    noticed: Counter[str] = Counter()
    for permission, test in json.loads(_PERMISSIONS.read_text()).items():
        for function in (permission.split()[0].removesuffix("Function"), "all"):
            granted[function] += 1
            noticed[function] += test != ""
    lines = ["| function | permissions | without which a test fails |", "|---|---|---|"]
    functions = sorted(granted, key=lambda name: (name == "all", name))
    lines += [f"| {function} | {granted[function]} | {noticed[function]} |" for function in functions]
    return "\n".join(lines)


def _parameters() -> str:
    """What can be set when a stack is deployed."""
    lines = ["| parameter | default | what it does |", "|---|---|---|"]
    for name, parameter in read_template()["Parameters"].items():
        default = f"`{parameter['Default']}`" if parameter.get("Default", "") != "" else ""
        lines.append(f"| `{name}` | {default} | {parameter['Description'].replace('|', '/')} |")
    return "\n".join(lines)


def _dictionary() -> str:
    lines = ["| column | values | may be missing | used by the model |", "|---|---|---|---|"]
    for column in COLUMNS:
        missing = "the column too" if not column.required else "yes" if column.nullable else ""
        lines.append(f"| `{column.name}` | {_values(column)} | {missing} | {'yes' if column.feature else ''} |")
    return "\n".join(lines)


def _values(column: Column) -> str:
    if column.numeric:
        what = "whole number" if column.kind == "integer" else "number"
        return f"{what}, {column.minimum:,.10g} to {column.maximum:,.10g}"
    levels = [f"`{level}`" for level in column.levels]
    if len(levels) <= _MOST_LEVELS:
        return ", ".join(levels)
    return f"{levels[0]}, {levels[1]}, … {levels[-1]} ({len(levels)})"


def _issues() -> str:
    lines = ["| issue | what it does | meaning |", "|---|---|---|"]
    effect = {"fatal": "rejects the file", "error": "sends the row to bad/", "warning": "is reported only"}
    effects = {issue: effect[issue.severity] for issue in Issue} | dict.fromkeys(OF_COLUMNS, "makes the file minor")
    lines += [f"| `{issue}` | {effects[issue]} | {issue.sentence} |" for issue in Issue]
    return "\n".join(lines)
