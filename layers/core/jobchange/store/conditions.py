"""Writes that only happen while a condition holds."""

from collections.abc import Callable
from typing import Any

from pynamodb.exceptions import DeleteError, PutError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model


def held(write: Callable[[], object]) -> bool:
    """Make a conditional write; False when its condition doesn't hold. Other errors propagate."""
    try:
        write()
    except (DeleteError, PutError, UpdateError) as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True


def update(row: Model, actions: list[Any], condition: Condition) -> bool:
    """Update and refresh `row` under a condition; False when the condition doesn't hold."""
    return held(lambda: row.update(actions, condition=condition))
