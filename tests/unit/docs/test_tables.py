"""The generated tables of the docs."""

from infra.generate import tables


def test_the_tables_are_those_that_follow_from_contract_and_permissions() -> None:
    for path, text in tables.generated():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run: make generate"
