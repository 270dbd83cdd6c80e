"""Predictions: written in batches under keys that make any repeat overwrite itself, and read newest first."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import merge
from itertools import groupby, islice
from operator import attrgetter, itemgetter
from typing import Any

from pynamodb.connection.base import Connection
from pynamodb.exceptions import VerboseClientError

from jobchange import times
from jobchange.aws import retries
from jobchange.errors import NotFound
from jobchange.settings import settings
from jobchange.store import counters, cursors, day_index, prediction_keys
from jobchange.store.prediction_keys import SCHEDULED, PredictionKey, Source
from jobchange.store.tables import PredictionRow

DEFAULT_RANGE = timedelta(days=7)
_BATCH = 25
"""DynamoDB's own limit for one batch write."""
_MILLIONTHS = 1_000_000
"""Counters are whole numbers, so differences of probabilities are counted in millionths."""
_READERS = 8
"""Candidates looked up at once."""
CHUNK_ROWS = 10_000
"""Rows of a file whose predictions are withdrawn together."""
_WRITERS = 4
"""Batches on their way at once: two already keep a local stack busy, and AWS answers in milliseconds."""


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """One scored candidate; `features` are the contract's columns but the identifier and the label."""

    key: PredictionKey
    enrollee_id: int | None
    features: Mapping[str, str | float | None]
    probability: float
    will_change: bool
    model_version: str
    challenger_version: str | None = None
    challenger_probability: float | None = None
    challenger_will_change: bool | None = None

    @property
    def id(self) -> str:
        return self.key.id

    @property
    def source(self) -> Source:
        return self.key.source

    @property
    def created_at(self) -> str:
        return self.key.created_at

    @property
    def file_id(self) -> str | None:
        """The file that the candidate came with, if it came with one."""
        return self.key.origin if self.source == SCHEDULED else None

    @property
    def row(self) -> int | None:
        """The candidate's row in that file."""
        return self.key.row if self.source == SCHEDULED else None


def save(predictions: Sequence[Prediction]) -> None:
    """Write predictions, whatever their number; one that is there already is overwritten by itself.

    Returns when all are written. Raises TimeoutError when the table stays busy: some may be missing then, and the call
    must be repeated.
    """
    items = {each.key: each for each in predictions}
    marks = {(key.source, key.day, key.partition) for key in items}
    requests = [(settings().stats_table, day_index.partition_marker(*mark)) for mark in marks]
    requests += [(settings().predictions_table, _item(each)) for each in items.values()]
    batches = [requests[start : start + _BATCH] for start in range(0, len(requests), _BATCH)]
    write = partial(_write, PredictionRow._get_connection().connection)
    # The marks go first: without them the readers would overlook what the other batches write.
    ahead = math.ceil(len(marks) / _BATCH)
    for batch in batches[:ahead]:
        write(batch)
    if batches[ahead:]:
        with ThreadPoolExecutor(_WRITERS) as writers:
            list(writers.map(write, batches[ahead:]))


def count(receipt: str, predictions: Sequence[Prediction], *, generation: int | None = None) -> bool:
    """Count saved predictions of one source and instant, once for each receipt; False when it was counted before.

    The metrics are `predictions#<source>` and, of those, `will_change#<source>`; and by day, for each champion and
    challenger, what `shadow` reads. `generation`: see `counters.count`.
    """
    key, (metrics, daily) = predictions[0].key, _metrics(predictions)
    return counters.count(receipt, key.day, counters.bucket(key.created_at), metrics, daily, generation=generation)


def _metrics(predictions: Sequence[Prediction]) -> tuple[dict[str, int], dict[str, int]]:
    """What some predictions of one source add to the counters of their five minutes, and to those of their day."""
    source = predictions[0].source
    metrics = {
        f"predictions#{source}": len(predictions),
        f"will_change#{source}": sum(each.will_change for each in predictions),
    }
    return metrics, _compared([each for each in predictions if each.challenger_version is not None])


@dataclass(frozen=True)
class Shadow:
    """What a challenger made of a champion's candidates: how many both scored, of how many both say the same, and the
    mean of (its probability - the champion's), None without any."""

    predictions: int
    agreed: int
    mean_shift: float | None


def shadow(champion: str, challenger: str) -> Shadow:
    """The comparison over all predictions that are kept, from the counters."""
    rows, agreed, shift = (
        sum(amount for _, amount in counters.by_day(metric)) for metric in _metrics_of(champion, challenger)
    )
    return Shadow(rows, agreed, shift / _MILLIONTHS / rows if rows else None)


def _compared(predictions: Sequence[Prediction]) -> dict[str, int]:
    """The counters of one champion and one challenger that scored all of these."""
    if not predictions:
        return {}
    first = predictions[0]
    shifts = (each.challenger_probability - each.probability for each in predictions)  # type: ignore[operator]
    amounts = (
        len(predictions),
        sum(each.challenger_will_change == each.will_change for each in predictions),
        sum(round(shift * _MILLIONTHS) for shift in shifts),
    )
    names = _metrics_of(first.model_version, first.challenger_version)  # type: ignore[arg-type]
    return dict(zip(names, amounts, strict=True))


def _metrics_of(champion: str, challenger: str) -> tuple[str, str, str]:
    return tuple(f"{what}#{champion}#{challenger}" for what in ("compared", "agreed", "shift"))  # type: ignore[return-value]


def get(id: str) -> Prediction:  # noqa: A002
    """One prediction, by one read. Raises NotFound."""
    try:
        key = prediction_keys.parse(id)
        return _prediction(PredictionRow.get(key.partition, key.sort, consistent_read=True))
    except (ValueError, PredictionRow.DoesNotExist):
        raise NotFound("There is no prediction with this id.") from None


def list_of_candidate(enrollee_id: int, *, limit: int) -> list[Prediction]:
    """The newest predictions of one person, at most `limit`, newest first."""
    found = PredictionRow.by_candidate.query(enrollee_id, scan_index_forward=False, limit=limit)
    rows = PredictionRow.batch_get([(row.partition, row.sort) for row in found])
    return [_prediction(row) for row in sorted(rows, key=attrgetter("sort"), reverse=True)]


def latest_before(wanted: Sequence[tuple[int, str]]) -> list[Prediction | None]:
    """For each (candidate, instant) the candidate's newest prediction up to then, if there is one.

    The index by candidate follows the table within seconds.
    """
    with ThreadPoolExecutor(_READERS) as readers:
        found = list(readers.map(_latest_id, wanted))
    known = by_ids([each for each in found if each is not None])
    return [None if each is None else known.get(each) for each in found]


def by_ids(ids: Iterable[str]) -> dict[str, Prediction]:
    """The predictions with some ids, by id; those that aren't there are left out."""
    wanted = {(key.partition, key.sort) for key in map(_key, ids) if key is not None}
    found = map(_prediction, PredictionRow.batch_get(list(wanted)))
    return {prediction.id: prediction for prediction in found}


def keys_of_candidate(enrollee_id: int) -> list[PredictionKey]:
    """Where all predictions of one person are stored. The index behind it follows the table within seconds."""
    found = PredictionRow.by_candidate.query(enrollee_id)
    return [prediction_keys.parse(row.sort.partition("#")[2]) for row in found]


def withdraw(key: PredictionKey, *, batch: str | None, since: int) -> bool:
    """Delete one prediction and subtract it from the counters, both or neither; idempotent. Returns whether it was
    there.

    `batch` is the receipt with which it was counted together with others (None: it was counted, under whatever
    receipt). If that bears generation `since` or a later one, or isn't there, the candidate was left out of the count.
    """
    row = PredictionRow(key.partition, key.sort)
    try:
        row.refresh(consistent_read=True)
    except PredictionRow.DoesNotExist:
        return False
    generation = 0 if batch is None else counters.counted_generation(batch)
    if generation is not None and generation < since:
        counters.uncount(
            f"erased#{key.id}",
            key.day,
            counters.bucket(key.created_at),
            *_metrics([_prediction(row)]),
            unless=_replaced(key),
            deleting=row,
        )
    # Whatever the counters say, it doesn't stay.
    row.delete()
    return True


def withdraw_rows(file_id: str, created_at: str, shard: int, chunk: int) -> int:
    """Delete the predictions of `CHUNK_ROWS` rows of a file in one shard, from row `chunk * CHUNK_ROWS` on, and
    subtract them from the counters; idempotent. Returns how many were there.

    They are counted before any of them is deleted, so that an attempt after an interruption counts none again.
    """
    first = PredictionKey(source=SCHEDULED, shard=shard, created_at=created_at, origin=file_id, row=chunk * CHUNK_ROWS)
    # Ids of one instant are in the reverse order of their rows.
    between = PredictionRow.sort.between(replace(first, row=first.row + CHUNK_ROWS - 1).sort, first.sort)
    attributes = [name for name in PredictionRow.get_attributes() if name != "features"]
    rows = list(PredictionRow.query(first.partition, between, consistent_read=True, attributes_to_get=attributes))
    if rows:
        metrics = _metrics([_prediction(row) for row in rows])
        fewer, daily = ({name: -amount for name, amount in each.items()} for each in metrics)
        counters.count(_replaced(first), first.day, counters.bucket(created_at), fewer, daily)
        with PredictionRow.batch_write() as batch:
            for row in rows:
                batch.delete(row)
    return len(rows)


def _replaced(key: PredictionKey) -> str:
    return f"replaced#{key.origin}#{key.shard}#{key.row // CHUNK_ROWS}"


def list_newest(
    *, start: str | None, end: str | None, sources: Sequence[Source], limit: int, cursor: str | None = None
) -> tuple[list[Prediction], str | None]:
    """Predictions of `sources` from `start` (inclusive) to `end` (exclusive), newest first; those of one file in the
    order of its rows. Returns at most `limit` of them and the cursor of the next page (None after the last one).

    Without an `end` the range is open, without a `start` it begins `DEFAULT_RANGE` before its end, or before now. What
    was there when the first page was read is met once, whatever is written meanwhile. A page costs what it holds: days
    and shards without predictions aren't read. Raises BadRequest for a cursor of another query.
    """
    query = [start, end, *sorted(sources)]
    if cursor is None:
        begin, before = _range(start, end)
    else:
        begin, before = _resumed(query, cursor)
    rows = list(islice(_newest_first(begin, before, sources, limit + 1), limit + 1))
    next_cursor = cursors.encode(query, [begin, rows[limit - 1].sort]) if len(rows) > limit else None
    return [_prediction(row) for row in rows[:limit]], next_cursor


def _range(start: str | None, end: str | None) -> tuple[str, str]:
    if start is None:
        until = times.parse(end) if end else datetime.now(UTC)
        start = times.text(until - DEFAULT_RANGE)
    return start, end or times.text(datetime.max.replace(tzinfo=UTC))


def _resumed(query: list[str | None], cursor: str) -> tuple[str, str]:
    """Where the range began when the first page was read, and the sort key of the last prediction that was shown."""
    begin, last = cursors.decode(query, cursor, times.is_text, _is_sort)
    return begin, last


def _is_sort(text: str) -> bool:
    try:
        return prediction_keys.parse(text.partition("#")[2]).sort == text
    except ValueError:
        return False


def _newest_first(begin: str, before: str, sources: Sequence[Source], size: int) -> Iterator[PredictionRow]:
    """Rows with `begin` <= sort key < `before`, read only as far as they are consumed."""
    if begin >= before:
        return
    first, last = begin[:10], before[:10]
    marks = (day_index.days_with_data(source, first, last) for source in sources)
    for _, marked in groupby(merge(*marks, key=itemgetter(0), reverse=True), key=itemgetter(0)):
        partitions = [partition for _, partition in marked]
        # Each shard is read in pieces of its share, so that all of them together cost about one page; one row more,
        # as the first one may be the last of the page before.
        piece = math.ceil(size / len(partitions)) + 1
        rows = (_rows(partition, begin, before, piece) for partition in partitions)
        yield from merge(*rows, key=attrgetter("sort"), reverse=True)


def _latest_id(wanted: tuple[int, str]) -> str | None:
    enrollee_id, until = wanted
    # "$" follows "#", so what was created in this very millisecond counts.
    rows = PredictionRow.by_candidate.query(
        enrollee_id, PredictionRow.sort < f"{until}$", scan_index_forward=False, limit=1
    )
    return next((row.sort.partition("#")[2] for row in rows), None)


def _key(id: str) -> PredictionKey | None:  # noqa: A002
    try:
        return prediction_keys.parse(id)
    except ValueError:
        return None


def _rows(partition: str, begin: str, before: str, piece: int) -> Iterator[PredictionRow]:
    between = PredictionRow.sort.between(begin, before)
    for row in PredictionRow.query(partition, between, scan_index_forward=False, page_size=piece):
        # DynamoDB's BETWEEN includes its ends.
        if row.sort < before:
            yield row


def _write(connection: Connection, requests: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """One batch of (table, item), repeated until nothing is left unprocessed."""
    left: dict[str, list[Any]] = {}
    for table, item in requests:
        left.setdefault(table, []).append({"PutRequest": {"Item": item}})
    for _ in retries.attempts():
        try:
            left = connection.dispatch("BatchWriteItem", {"RequestItems": left}).get("UnprocessedItems", {})
        except VerboseClientError as error:
            if error.response["Error"]["Code"] not in retries.BUSY:
                raise
        if not left:
            return
    raise TimeoutError("The table of predictions stayed busy.")


def _item(prediction: Prediction) -> dict[str, Any]:
    """What `PredictionRow` would write, at a fifth of its price: this is the path of every scored row."""
    key = prediction.key
    item: dict[str, Any] = {
        "partition": {"S": key.partition},
        "sort": {"S": key.sort},
        "features": {"S": json.dumps(prediction.features, separators=(",", ":"), ensure_ascii=False)},
        "probability": {"N": repr(prediction.probability)},
        "will_change": {"BOOL": prediction.will_change},
        "model_version": {"S": prediction.model_version},
        "expires": {"N": str(times.epoch(key.created_at) + settings().prediction_days * 86_400)},
    }
    if prediction.enrollee_id is not None:
        item["enrollee_id"] = {"N": str(prediction.enrollee_id)}
    if prediction.file_id is not None:
        item |= {"file_id": {"S": prediction.file_id}, "row": {"N": str(prediction.row)}}
    if prediction.challenger_version is not None:
        item["challenger_version"] = {"S": prediction.challenger_version}
        item["challenger_probability"] = {"N": repr(prediction.challenger_probability)}
        item["challenger_will_change"] = {"BOOL": prediction.challenger_will_change}
    return item


def _prediction(row: PredictionRow) -> Prediction:
    return Prediction(
        key=prediction_keys.parse(row.sort.partition("#")[2]),
        enrollee_id=None if row.enrollee_id is None else int(row.enrollee_id),
        features=row.features,
        probability=float(row.probability),
        will_change=row.will_change,
        model_version=row.model_version,
        challenger_version=row.challenger_version,
        challenger_probability=None if row.challenger_probability is None else float(row.challenger_probability),
        challenger_will_change=row.challenger_will_change,
    )
