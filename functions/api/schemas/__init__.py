"""What the API's requests and answers look like, a module for each resource.

Each module ends with EXAMPLES: one for every schema that a route takes or gives, with all its fields. Instants are
RFC 3339 in UTC, probabilities are in [0, 1].
"""

from typing import Any


def examples() -> dict[str, Any]:
    """Every example by the name of its schema."""
    # Imported here: only the description needs all of them.
    from schemas import (
        contract,
        files,
        health,
        links,
        me,
        models,
        operators,
        outcomes,
        predictions,
        runs,
        state,
        stats,
        subject_access,
        uploads,
    )

    modules = (
        predictions,
        files,
        links,
        uploads,
        runs,
        contract,
        models,
        outcomes,
        state,
        stats,
        me,
        health,
        operators,
        subject_access,
    )
    return {schema.__name__: example for module in modules for schema, example in module.EXAMPLES.items()}
