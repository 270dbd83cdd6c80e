"""One candidate as the API takes it: a pydantic model derived from the contract."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import ConfigDict, PlainValidator, SkipValidation, WithJsonSchema, create_model
from pydantic_core import PydanticCustomError

from jobchange import contract
from jobchange.contract import Column, Issue, Kind
from jobchange.contract.reader import Value, explanation, read_json, suggestion

MAX_CANDIDATES = 1_000
MAX_BYTES = 1 << 20
"""What one request may hold."""


def read(column: Column, received: object) -> Value:
    """The canonical value of what a JSON document gives for a column, as `reader.read_json` reads it.

    Raises PydanticCustomError whose type is an issue's code and whose message says what is wrong and what is right.
    """
    if received is None and optional(column):
        return None
    value, _, issue, _ = read_json(column, received)
    if issue is not None:
        raise refusal(issue, column, received)
    return value


def _validator(column: Column) -> Callable[[Any], Value]:
    """`read`, quick about what is canonical already."""
    if not column.numeric:
        known: dict[Any, Value] = {level: level for level in column.levels}

        def level(received: Any) -> Value:
            try:
                return known[received]
            except (KeyError, TypeError):
                return read(column, received)

        return level

    low, high = column.interval
    kind = int if column.kind is Kind.INTEGER else float

    def number(received: Any) -> Value:
        if type(received) is kind and low <= received <= high:
            return received
        return read(column, received)

    return number


def refusal(issue: Issue, column: Column, received: object = None) -> PydanticCustomError:
    """The error that a value of `column` has this issue."""
    # Braces are placeholders to pydantic.
    return PydanticCustomError(issue.value, "{reason}", {"reason": reason(issue, column, received)})


def reason(issue: Issue, column: Column, received: object = None) -> str:
    """What is wrong with what was received for a column, and what is right."""
    meant = suggestion(column, received) if isinstance(received, str) and issue is Issue.UNKNOWN_CATEGORY else None
    return explanation(issue, column, meant, missing="leave it out" if optional(column) else None)


def optional(column: Column) -> bool:
    """Whether a request may leave a column out. A candidate needs no number to be scored."""
    return column.nullable or column.name == contract.IDENTIFIER


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
    annotated = Annotated[Any, PlainValidator(_validator(column)), WithJsonSchema(_schema(column))]
    return annotated, None if optional(column) else ...


_fields: dict[str, Any] = {column.name: _field(column) for column in contract.COLUMNS}
_Columns: Any = create_model("Columns", **_fields)


def inconsistent(values: Mapping[str, Any]) -> bool:
    """Whether the development index isn't the one known for the city."""
    known, index = contract.CITIES.get(values.get("city", "")), values.get("city_development_index")
    return known is not None and index is not None and abs(index - known) > contract.CITY_INDEX_TOLERANCE


class Candidate(_Columns):  # type: ignore[misc]
    """A candidate to be scored. What isn't known is null or left out; spellings are understood as they are in files."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [dict(EXAMPLE)]})

    @property
    def features(self) -> dict[str, Value]:
        """The canonical values of `contract.STORED` by name."""
        return {column.name: self.__dict__[column.name] for column in contract.STORED}

    @property
    def inconsistent(self) -> bool:
        """See `inconsistent`."""
        return inconsistent(self.__dict__)


@dataclass(frozen=True)
class ReadCandidate:
    """A candidate of a file, whose values have been read: to be scored as a `Candidate` is."""

    enrollee_id: int | None
    features: Mapping[str, Value]


Features = Annotated[
    dict[str, Value],
    SkipValidation,
    WithJsonSchema({"type": "object", "properties": {column.name: _schema(column) for column in contract.STORED}}),
]
"""The same values as an answer holds them."""
