"""One candidate as the API takes it: a pydantic model derived from the contract."""

import math
from functools import partial
from typing import Annotated, Any

from pydantic import ConfigDict, PlainValidator, WithJsonSchema, create_model
from pydantic_core import PydanticCustomError

from jobchange import contract
from jobchange.contract import Column, Issue, Kind

Value = str | int | float | None


MAX_CANDIDATES = 1_000
MAX_BYTES = 1 << 20
"""What one request may hold."""

_LISTED = 30
"""Levels named in a message; for a column with more, it says where to find them."""


def read(column: Column, received: object) -> Value:
    """The canonical value of what a JSON document gives for a column: repaired as in a file's cell, null for a missing
    one, a whole number for a level that is one.

    A number must be a number: text is refused, and so are infinities, and fractions where a whole number is required.
    Raises PydanticCustomError whose type is an issue's code and whose message says what is wrong and what is right.
    """
    if received is None:
        value = None
    elif column.numeric:
        return _number(column, received)
    elif isinstance(received, str) or _is_integer(received):
        value = contract.clean(column, str(received))
        if value is not None and value not in column.levels:
            raise refusal(Issue.UNKNOWN_CATEGORY, column)
    else:
        raise refusal(Issue.UNKNOWN_CATEGORY, column)
    if value is None and not optional(column):
        raise refusal(Issue.MISSING_VALUE, column)
    return value


def refusal(issue: Issue, column: Column) -> PydanticCustomError:
    """The error that a value of `column` has this issue."""
    reason = f"{issue.sentence} It takes {allowed(column)}."
    # Braces are placeholders to pydantic.
    return PydanticCustomError(issue.value, "{reason}", {"reason": reason})


def allowed(column: Column) -> str:
    """What a column takes, in words."""
    if column.numeric:
        number = "a whole number" if column.kind is Kind.INTEGER else "a number"
        words = f"{number} from {column.minimum:.10g} to {column.maximum:.10g}"
    elif len(column.levels) <= _LISTED:
        words = f"one of: {', '.join(column.levels)}"
    else:
        words = f"one of the {len(column.levels)} values that GET /contract lists, such as {column.levels[0]}"
    return f"{words}; or null" if optional(column) else words


def optional(column: Column) -> bool:
    """Whether a request may leave a column out. A candidate needs no number to be scored."""
    return column.nullable or column.name == contract.IDENTIFIER


def _number(column: Column, received: object) -> Value:
    if isinstance(received, float) and math.isfinite(received):
        number: float = received
    elif _is_integer(received):
        number = received  # type: ignore[assignment]
    else:
        raise refusal(Issue.WRONG_TYPE, column)
    if column.kind is Kind.INTEGER and number != int(number):
        raise refusal(Issue.WRONG_TYPE, column)
    low = -math.inf if column.minimum is None else column.minimum
    high = math.inf if column.maximum is None else column.maximum
    if not low <= number <= high:
        raise refusal(Issue.OUT_OF_RANGE, column)
    return int(number) if column.kind is Kind.INTEGER else float(number)


def _is_integer(received: object) -> bool:
    return isinstance(received, int) and not isinstance(received, bool)


def _schema(column: Column) -> dict[str, Any]:
    """The column as JSON Schema: what a client should send (more spellings are understood, as in files)."""
    described: dict[str, Any] = {"title": column.label, "description": column.help, "examples": [EXAMPLE[column.name]]}
    kind = column.kind.value if column.numeric else "string"
    described["type"] = [kind, "null"] if optional(column) else kind
    if column.numeric:
        return described | {"minimum": column.minimum, "maximum": column.maximum}
    return described | {"enum": [*column.levels, None] if optional(column) else list(column.levels)}


def _example(column: Column) -> Value:
    if column.edges:
        return column.edges[len(column.edges) // 2]
    return column.levels[len(column.levels) // 2] if column.levels else column.minimum


EXAMPLE: dict[str, Any] = {
    column.name: _example(column) for column in (contract.BY_NAME[contract.IDENTIFIER], *contract.STORED)
}
EXAMPLE["city_development_index"] = contract.CITIES[str(EXAMPLE["city"])]


def _field(column: Column) -> tuple[Any, Any]:
    if column.name == contract.LABEL:
        ignored = PlainValidator(lambda _: None)
        return Annotated[Any, ignored, WithJsonSchema({"title": column.label, "description": "Ignored here."})], None
    annotated = Annotated[Any, PlainValidator(partial(read, column)), WithJsonSchema(_schema(column))]
    return annotated, None if optional(column) else ...


_fields: dict[str, Any] = {column.name: _field(column) for column in contract.COLUMNS}
_Columns: Any = create_model("Columns", **_fields)


class Candidate(_Columns):  # type: ignore[misc]
    """A candidate to be scored. What isn't known is null or left out; spellings are understood as they are in files."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [dict(EXAMPLE)]})

    @property
    def features(self) -> dict[str, Value]:
        """The canonical values of `contract.STORED` by name."""
        return {column.name: self.__dict__[column.name] for column in contract.STORED}


Features = Annotated[
    dict[str, Value],
    WithJsonSchema({"type": "object", "properties": {column.name: _schema(column) for column in contract.STORED}}),
]
"""The same values as an answer holds them."""
