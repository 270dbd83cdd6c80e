"""Each dependency has its line, and nothing is used that isn't declared."""

import pytest

from tests.benchmarks import dependencies

PARTS = {
    "botocore": "boto3",
    "ipython": "ipykernel",
    "pydantic-core": "pydantic",
    "starlette": "fastapi",
    "threadpoolctl": "scikit-learn",
}
"""Packages that others consist of, and that come in the versions that those need."""


def test_every_direct_dependency_has_a_reason_in_the_table() -> None:
    reasons = dependencies.reasons()

    assert reasons.keys() == dependencies.declared()
    assert all(reasons.values())


@pytest.mark.large
def test_what_our_code_imports_is_declared() -> None:
    imported = dependencies.imported_packages()
    parts = imported & PARTS.keys()

    assert "fastapi" in imported
    assert imported - parts <= dependencies.declared()
    assert {PARTS[part] for part in parts} <= dependencies.declared()
