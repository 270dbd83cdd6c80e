"""Predictions as CSV, for spreadsheets and other programs: the columns have the names of the fields of answers."""

from collections.abc import Iterable, Iterator

from jobchange import contract
from jobchange.documents import csv_lines
from jobchange.store.predictions import Prediction

_FEATURES = tuple(column.name for column in contract.STORED)
_BEFORE = ("created_at", "source", contract.IDENTIFIER, "probability", "will_change", "model_version")
_AFTER = ("file_id", "row", "id")

HEADER = csv_lines.line((*_BEFORE, *_FEATURES, *_AFTER))


def lines(predictions: Iterable[Prediction]) -> Iterator[str]:
    """A line for each prediction, in their order."""
    for each in predictions:
        values = (
            *(getattr(each, name) for name in _BEFORE),
            *(each.features.get(name) for name in _FEATURES),
            *(getattr(each, name) for name in _AFTER),
        )
        yield csv_lines.line(map(_cell, values))


def _cell(value: str | float | bool | None) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
