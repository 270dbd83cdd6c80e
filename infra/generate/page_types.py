"""frontend/src/api/schema.ts: both APIs' schemas as TypeScript, from their OpenAPI description."""

import importlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from infra import ROOT
from jobchange import contract

TARGET = ROOT / "frontend" / "src" / "api" / "schema.ts"
_PRIMITIVES = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def generated() -> Iterator[tuple[Path, str]]:
    """The file with the text that it should have."""
    yield TARGET, typescript(description())


def description() -> dict[str, Any]:
    """The OpenAPI description of both APIs."""
    sys.path.insert(0, str(ROOT / "functions" / "api"))
    try:
        document: dict[str, Any] = importlib.import_module("app").build().openapi()
    finally:
        sys.path.pop(0)
    return document


def typescript(document: Mapping[str, Any]) -> str:
    """One exported type for each named schema, in order of their names."""
    schemas: Mapping[str, Any] = document["components"]["schemas"]
    lines = ["// Made by `make generate` from the APIs' OpenAPI description. Don't edit."]
    for name, schema in sorted(schemas.items()):
        lines += ["", *_comment(schema, ""), f"export type {_name(name)} = {_type(schema, '')};"]
    return "\n".join(lines) + "\n"


def _type(schema: Mapping[str, Any], indent: str) -> str:
    match schema:
        case {"$ref": reference}:
            return _name(str(reference).rsplit("/", 1)[-1])
        case {"const": value}:
            return json.dumps(value)
        case {"enum": values}:
            return " | ".join(json.dumps(value) for value in values)
        case {"type": "array"}:
            item = _type(schema.get("items", {}), indent)
            return f"({item})[]" if " | " in item else f"{item}[]"
        case {"properties": properties} if contract.BY_NAME.keys() >= properties.keys():
            # Which columns and levels there are the page learns from GET /contract, not from its own code.
            return "Record<string, string | number | null>"
        case {"properties": properties}:
            members = "".join(_members(properties, schema.get("required", ()), f"{indent}  "))
            return f"{{\n{members}{indent}}}"
        case {"anyOf": options} | {"oneOf": options}:
            return " | ".join(dict.fromkeys(_type(option, indent) for option in options))
        case {"type": "object", "additionalProperties": dict(values)}:
            return f"Record<string, {_type(values, indent)}>"
        case {"type": "object"}:
            return "Record<string, unknown>"
        case {"type": list(kinds)}:
            return " | ".join(_PRIMITIVES[kind] for kind in kinds)
        case {"type": kind}:
            return _PRIMITIVES[kind]
    return "unknown"


def _members(properties: Mapping[str, Any], required: list[str], indent: str) -> Iterator[str]:
    for name, schema in properties.items():
        yield "".join(f"{line}\n" for line in _comment(schema, indent))
        yield f"{indent}{name}{'' if name in required else '?'}: {_type(schema, indent)};\n"


def _comment(schema: Mapping[str, Any], indent: str) -> list[str]:
    text = " ".join(str(schema.get("description", "")).split()).replace("*/", "* /")
    return [f"{indent}/** {text} */"] if text else []


def _name(schema: str) -> str:
    """`files__Issue` and `File-Output`, where two classes share a name, as FilesIssue and FileOutput."""
    parts = schema.replace("-", "_").split("_")
    return "".join(part[:1].upper() + part[1:] for part in parts)
