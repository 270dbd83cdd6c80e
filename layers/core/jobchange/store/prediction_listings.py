"""Predictions listed: newest first, by time and source or of one candidate; and those of one file, by row."""

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import chain, islice
from operator import attrgetter

from pynamodb.expressions.condition import Condition

from jobchange import times
from jobchange.store import cursors, prediction_keys, scored_files, segments
from jobchange.store.prediction_keys import LAST_ROW, SCHEDULED, SEGMENT_ROWS, PredictionKey, Source
from jobchange.store.predictions import Prediction, by_ids, prediction_of
from jobchange.store.segments import Segment
from jobchange.store.tables import PredictionRow

DEFAULT_RANGE = timedelta(days=7)
_ROUNDS = 5
"""How often a page of a ranking reads on in place of rows that aren't there any more."""
_READERS = 8
"""Segments read at once, where each holds little."""


def period(start: str | None, end: str | None) -> tuple[str, str]:
    """The first instant of a range and the first after it. Without an `end` it is open, without a `start` it begins
    `DEFAULT_RANGE` before its end, or before now."""
    if start is None:
        until = times.parse(end) if end else datetime.now(UTC)
        start = times.text(until - DEFAULT_RANGE)
    return start, end or times.text(datetime.max.replace(tzinfo=UTC))


def list_newest(
    *, start: str | None, end: str | None, sources: Sequence[Source], limit: int, cursor: str | None = None
) -> tuple[list[Prediction], str | None]:
    """Predictions of `sources` from `start` (inclusive) to `end` (exclusive), newest first; those of one file in the
    order of its rows. Returns at most `limit` of them and the cursor of the next page (None after the last one).

    Without `start` or `end` the range is that of `period`. What was there when the first page was read is met once,
    whatever is written meanwhile. A page costs what it holds: days and segments without predictions aren't read. Raises
    BadRequest for a cursor of another query.
    """
    query = [start, end, *sorted(sources)]
    if cursor is None:
        begin, before = period(start, end)
    else:
        begin, before = cursors.decode(query, cursor, times.is_text, _is_sort)
    streams = [_stream(source, begin, before, limit + 1) for source in sources] if begin < before else []
    rows = list(islice(merge(*streams, key=attrgetter("sort"), reverse=True), limit + 1))
    next_cursor = cursors.encode(query, [begin, rows[limit - 1].sort]) if len(rows) > limit else None
    return [prediction_of(row) for row in rows[:limit]], next_cursor


def list_of_candidate(
    enrollee_id: int, *, limit: int, cursor: str | None = None
) -> tuple[list[Prediction], str | None]:
    """The predictions of one person, newest first; at most `limit`, and the cursor of the next page. Raises BadRequest
    for a cursor of another query."""
    query = ["candidate", enrollee_id]
    before = PredictionRow.sort < cursors.decode(query, cursor, _is_sort)[0] if cursor else None
    index = PredictionRow.by_candidate.query(enrollee_id, before, scan_index_forward=False, limit=limit + 1)
    keys = [(row.partition, row.sort) for row in index]
    rows = sorted(PredictionRow.batch_get(keys[:limit]), key=attrgetter("sort"), reverse=True)
    next_cursor = cursors.encode(query, [keys[limit - 1][1]]) if len(keys) > limit else None
    return [prediction_of(row) for row in rows], next_cursor


def count_of_candidate(enrollee_id: int) -> int:
    """How many predictions of one person there are. The index behind it follows the table within seconds."""
    return PredictionRow.by_candidate.count(enrollee_id)


def list_of_request(
    key: PredictionKey, *, limit: int, cursor: str | None = None
) -> tuple[list[Prediction], str | None]:
    """The predictions of the request in which one was made, in the order of its candidates; at most `limit`, and the
    cursor of the next page. Raises BadRequest for a cursor of another query."""
    query = ["request", key.source, key.created_at, key.origin]
    (first,) = cursors.decode(query, cursor, _is_number) if cursor else ("0",)
    rows = PredictionRow.query(
        key.partition, _of_request(key, int(first)), scan_index_forward=False, limit=limit + 1, page_size=limit + 1
    )
    found = [prediction_of(row) for row in rows]
    next_cursor = cursors.encode(query, [str(found[limit].key.row)]) if len(found) > limit else None
    return found[:limit], next_cursor


def count_of_request(key: PredictionKey) -> int:
    """How many predictions there are of the request in which one was made."""
    return PredictionRow.count(key.partition, _of_request(key, 0))


def _of_request(key: PredictionKey, first: int) -> Condition:
    """Read backwards, ids of one instant are in the order of their rows."""
    return PredictionRow.sort.between(replace(key, row=LAST_ROW).sort, replace(key, row=first).sort)


def list_of_file(
    file_id: str, created_at: str, *, limit: int, cursor: str | None = None
) -> tuple[list[Prediction], str | None]:
    """The predictions of a file that was claimed at an instant, in the order of its rows; at most `limit`, and the
    cursor of the next page. Raises BadRequest for a cursor of another query."""
    query = ["file", file_id]
    (last,) = cursors.decode(query, cursor, _is_number) if cursor else ("0",)
    shown = PredictionKey(source=SCHEDULED, created_at=created_at, origin=file_id, row=int(last))
    end = PredictionKey(source=SCHEDULED, created_at=created_at, origin=file_id, row=LAST_ROW)
    rows = list(islice(_stream(SCHEDULED, end.sort, shown.sort, limit + 1), limit + 1))
    found = [prediction_of(row) for row in rows[:limit]]
    return found, cursors.encode(query, [str(found[-1].row)]) if len(rows) > limit else None


def list_ranked(
    file_id: str,
    created_at: str,
    *,
    limit: int,
    cursor: str | None = None,
    min_probability: float = 0.0,
    will_change: bool = False,
) -> tuple[list[tuple[int, Prediction]], str | None]:
    """The predictions of a file with their ranks from 1, the most probable first, and the cursor of the next page; only
    from a probability on, or only those that reach the threshold, if that is asked for.

    Rows of candidates erased since are left out, so a page may be short. Raises NotFound while there is no ranking,
    BadRequest for a cursor of another query.
    """
    query = ["ranked", file_id, min_probability, will_change]
    (begun,) = cursors.decode(query, cursor, _is_number) if cursor else ("0",)
    place, found = int(begun), list[tuple[int, Prediction]]()
    for _ in range(_ROUNDS):
        rows = scored_files.rows_by_rank(file_id, place, limit - len(found) + 1)
        keys = [PredictionKey(source=SCHEDULED, created_at=created_at, origin=file_id, row=row) for row in rows]
        known = by_ids(key.id for key in keys)
        for rank, prediction in enumerate((known.get(key.id) for key in keys), place + 1):
            if prediction is None:
                continue
            if prediction.probability < min_probability or (will_change and not prediction.will_change):
                return found, None
            if len(found) == limit:
                return found, cursors.encode(query, [str(rank - 1)])
            found.append((rank, prediction))
        place += len(rows)
        if not rows:
            return found, None
    return found, cursors.encode(query, [str(place)])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _is_sort(text: str) -> bool:
    try:
        return prediction_keys.parse(text.partition("#")[2]).sort == text
    except ValueError:
        return False


def _stream(source: Source, begin: str, before: str, size: int) -> Iterator[PredictionRow]:
    """Rows of a source with `begin` <= sort key < `before`, the greatest first. Read only as far as they are consumed,
    of which `size` is the most."""
    spans = segments.newest_first(source, begin, before)
    left, together = size, 1
    while chunk := list(islice(spans, together)):
        piece = math.ceil(max(left, 1) / len(chunk[0])) + 1
        parts = _begun([_rows(each, begin, before, piece) for span in chunk for each in span])
        found = 0
        for span in chunk:
            for row in merge(*islice(parts, len(span)), key=attrgetter("sort"), reverse=True):
                yield row
                found += 1
        left -= found
        # As many as will hold what is left, if they are like these; the one in which a page begins says nothing of it.
        whole = all(segment.whole for span in chunk for segment in span)
        usual = max(found, 1) / len(chunk) if whole else SEGMENT_ROWS
        together = min(_READERS, math.ceil(max(left, 1) / usual))


def _begun(queries: list[Iterator[PredictionRow]]) -> Iterator[Iterator[PredictionRow]]:
    """The queries, with the first page of each read, side by side."""
    if len(queries) == 1:
        return iter(queries)
    with ThreadPoolExecutor(_READERS) as readers:
        first = list(readers.map(_first, queries))
    return iter([chain(rows, query) for rows, query in zip(first, queries, strict=True)])


def _first(query: Iterator[PredictionRow]) -> list[PredictionRow]:
    return list(islice(query, 1))


def _rows(segment: Segment, begin: str, before: str, piece: int) -> Iterator[PredictionRow]:
    # An emulator judges the condition for each row: without one it takes half the time.
    between = None if segment.whole else PredictionRow.sort.between(begin, before)
    for row in PredictionRow.query(segment.partition, between, scan_index_forward=False, page_size=piece):
        # DynamoDB's BETWEEN includes its ends.
        if begin <= row.sort < before:
            yield row
