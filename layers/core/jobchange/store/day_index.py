"""The index of the days, and their partitions, that hold predictions."""

from collections.abc import Iterator
from typing import Any

from jobchange.store import counters
from jobchange.store.prediction_keys import Source
from jobchange.store.tables import StatRow

_MARKS = 50
"""Marks read at once: a week of all shards."""


def partition_marker(source: Source, day: str, partition: str) -> dict[str, Any]:
    """The item that says that a partition of a day holds predictions; to be written with the first of them.

    It makes `days_with_data` independent of the counters: those come after the predictions, and may still be missing.
    """
    return {
        "partition": {"S": _marks(source)},
        "sort": {"S": f"{day}#{partition}"},
        "expires": {"N": str(counters.expiry(day))},
    }


def days_with_data(source: Source, first: str, last: str) -> Iterator[tuple[str, str]]:
    """The (day, partition)s from day `first` to day `last`, both inclusive, that hold predictions of `source`; newest
    first, read only as far as they are consumed."""
    # "~" follows "#".
    days = StatRow.sort.between(first, f"{last}~")
    for row in StatRow.query(_marks(source), days, scan_index_forward=False, page_size=_MARKS):
        day, _, partition = row.sort.partition("#")
        yield day, partition


def _marks(source: Source) -> str:
    return f"days#{source}"
