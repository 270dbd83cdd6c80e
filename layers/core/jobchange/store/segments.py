"""The directory of segments: which partitions hold predictions, by source and day.

An entry is written before the predictions of its segment, so that a listing, which walks the directory newest first,
overlooks none. It doesn't depend on the counters: those come after the predictions, and may still be missing.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from jobchange.store import counters, prediction_keys
from jobchange.store.prediction_keys import SCHEDULED, SOURCES, PredictionKey, Source
from jobchange.store.tables import StatRow

_TOGETHER = 40
"""Entries read at once: half a read unit."""
_LAST_RUN = 2**32 - 1
_Entry = tuple[str, str, str]
"""Partition and sort key of an entry in the table, and the day of what it stands for."""

_remembered: deque[_Entry] = deque(maxlen=100)
"""What this process has entered of late for requests: each call falls in a segment of the last minute or so."""


def missing(keys: Iterable[PredictionKey]) -> list[_Entry]:
    """The entries that must be there before predictions with these keys are written, but those that this process has
    entered already.

    Those of files are always among them: a replay takes them out again.
    """
    segments = {key.partition: key for key in keys}.values()
    wanted = {entry: None for key in segments for entry in (_day(key), _segment(key))}
    return [entry for entry in wanted if entry not in _remembered]


def item(entry: _Entry) -> dict[str, Any]:
    """An entry as the table holds it."""
    partition, sort, day = entry
    return {"partition": {"S": partition}, "sort": {"S": sort}, "expires": {"N": str(counters.expiry(day))}}


def remember(entries: Iterable[_Entry]) -> None:
    """Note that entries have been written."""
    _remembered.extend(entry for entry in entries if SCHEDULED not in entry[0])


def forget() -> None:
    """Rely on nothing that this process has entered."""
    _remembered.clear()


def remove(keys: Iterable[PredictionKey]) -> None:
    """Take the segments of some keys out of the directory."""
    with StatRow.batch_write() as batch:
        for partition, sort, _ in {_segment(key): None for key in keys}:
            batch.delete(StatRow(partition, sort))


class Segment(NamedTuple):
    """A partition of predictions, and whether all of it lies between the ends that were asked for."""

    partition: str
    whole: bool


def newest_first(source: Source, begin: str, before: str) -> Iterator[list[Segment]]:
    """The segments that may hold predictions with `begin` <= sort key < `before`, as far as they are consumed.

    Both ends are sort keys or instants. The segments of one list overlap in time; all of it is newer than all of the
    next list.
    """
    first, last = _lower(source, begin), _upper(source, before)
    for day in _days(source, begin[:10], before[:10]):
        rows = StatRow.query(
            _directory(source, day), StatRow.sort.between(first, last), scan_index_forward=False, page_size=_TOGETHER
        )
        for _, entries in groupby((row.sort for row in rows), key=lambda sort: _span(source, sort)):
            yield [Segment(_partition(source, entry), _lies_between(source, entry, first, last)) for entry in entries]


def _days(source: Source, first: str, last: str) -> Iterator[str]:
    """The days with entries, newest first."""
    days = StatRow.query(
        f"days#{source}", StatRow.sort.between(first, last), scan_index_forward=False, page_size=_TOGETHER
    )
    return (row.sort for row in days)


def _day(key: PredictionKey) -> _Entry:
    return f"days#{key.source}", key.day, key.day


def _segment(key: PredictionKey) -> _Entry:
    return _directory(key.source, key.day), _sort(key), key.day


def _directory(source: Source, day: str) -> str:
    return f"segments#{source}#{day}"


def _sort(key: PredictionKey) -> str:
    """Backwards, the entries of a file are in the order of its rows, as predictions are."""
    run = key.partition.rpartition("#")[2]
    if key.source == SCHEDULED:
        return f"{key.created_at}#{key.origin}#{_LAST_RUN - int(run):010}"
    return f"{key.minute}#{run}"


def _partition(source: Source, sort: str) -> str:
    if source != SCHEDULED:
        return f"{source}#{sort}"
    _, origin, run = sort.split("#")
    return f"{source}#{origin}#{_LAST_RUN - int(run)}"


def _lies_between(source: Source, sort: str, first: str, last: str) -> bool:
    """Whether an entry's segment is beyond those that the ends fall in."""
    if source == SCHEDULED:
        return first < sort < last
    return first < _span(source, sort) < last[: prediction_keys.MINUTE]


def _span(source: Source, sort: str) -> str:
    """What entries have in common whose segments overlap in time. Those of files never do."""
    return sort if source == SCHEDULED else sort.partition("#")[0]


def _lower(source: Source, bound: str) -> str:
    """The first entry whose segment may hold sort keys from `bound` on."""
    at, _, id_ = bound.partition("#")
    if source != SCHEDULED:
        return at[: prediction_keys.MINUTE]
    return _sort(prediction_keys.parse(id_)) if id_ else at


def _upper(source: Source, bound: str) -> str:
    """The last entry whose segment may hold sort keys below `bound`."""
    at, _, id_ = bound.partition("#")
    if source != SCHEDULED:
        # "~" follows "#".
        return f"{at[: prediction_keys.MINUTE]}~"
    if not id_:
        return at
    key = prediction_keys.parse(id_)
    if key.source == SCHEDULED:
        return _sort(key)
    # Ids of one instant are in the order of their sources.
    return f"{at}~" if SOURCES.index(SCHEDULED) < SOURCES.index(key.source) else at
