"""The page's types are those of the API that is deployed beside it."""

import pytest

from infra.generate import page_types


@pytest.mark.large
def test_the_pages_types_are_made_from_the_apis_description() -> None:
    generated = page_types.typescript(page_types.description())

    assert page_types.TARGET.read_text(encoding="utf-8") == generated, "stale: run make generate"


def test_every_kind_of_schema_has_its_type() -> None:
    columns = {"city": {"type": "string", "enum": ["city_1"]}, "training_hours": {"type": "integer"}}
    document = {
        "components": {
            "schemas": {
                "Thing": {
                    "description": "What\n it is. */",
                    "properties": {
                        "id": {"type": "string"},
                        "kind": {"enum": ["a", "b"]},
                        "sure": {"const": True},
                        "list": {"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "null"}]}},
                        "by_name": {"type": "object", "additionalProperties": {"type": "number"}},
                        "anything": {},
                        "other": {"$ref": "#/components/schemas/files__Thing-Output"},
                        "features": {"properties": columns},
                    },
                    "required": ["id"],
                },
                "files__Thing-Output": {"type": ["string", "null"]},
            }
        }
    }

    assert page_types.typescript(document).split("\n\n", 1)[1] == (
        "/** What it is. * / */\n"
        "export type Thing = {\n"
        "  id: string;\n"
        '  kind?: "a" | "b";\n'
        "  sure?: true;\n"
        "  list?: (number | null)[];\n"
        "  by_name?: Record<string, number>;\n"
        "  anything?: unknown;\n"
        "  other?: FilesThingOutput;\n"
        "  features?: Record<string, string | number | null>;\n"
        "};\n"
        "\n"
        "export type FilesThingOutput = string | null;\n"
    )
