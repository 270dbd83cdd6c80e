"""The tables of the README that follow from the contract: the data dictionary and the issues."""

from collections.abc import Iterator
from pathlib import Path

from infra import ROOT
from jobchange.contract import COLUMNS, Column, Issue

README = ROOT / "README.md"
_MOST_LEVELS = 8


def generated() -> Iterator[tuple[Path, str]]:
    """The file with the text that it should have."""
    yield README, with_tables(README.read_text(encoding="utf-8"))


def with_tables(text: str) -> str:
    """The README's text with the text between each pair of markers replaced by today's table."""
    for name, table in (("contract", _dictionary()), ("issues", _issues())):
        block = f"<!-- {name} -->\n{table}\n<!-- /{name} -->"
        before, rest = text.split(f"<!-- {name} -->", 1)
        text = before + block + rest.split(f"<!-- /{name} -->", 1)[1]
    return text


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
    lines += [f"| `{issue}` | {effect[issue.severity]} | {issue.sentence} |" for issue in Issue]
    return "\n".join(lines)
