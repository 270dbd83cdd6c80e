"""Predictions: written in batches under keys that make any repeat overwrite itself, and read by their keys."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from pynamodb.connection.base import Connection
from pynamodb.exceptions import VerboseClientError

from jobchange import times
from jobchange.aws import retries
from jobchange.errors import NotFound
from jobchange.settings import settings
from jobchange.store import prediction_keys, segments
from jobchange.store.prediction_keys import SCHEDULED, PredictionKey, Source
from jobchange.store.tables import PredictionRow

_BATCH = 25
"""DynamoDB's own limit for one batch write."""
_READ_TOGETHER = 100
"""DynamoDB's own limit for reading items by their keys."""
_NO_SUCH_ID = "There is no prediction with this id."
_READERS = 8
"""Candidates looked up at once."""
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
    write = partial(_write, PredictionRow._get_connection().connection)
    # The directory goes first: without it, listings would overlook what the other batches write.
    entries = segments.missing(items)
    for batch in _batches(
        [(settings().stats_table, {"PutRequest": {"Item": segments.item(each)}}) for each in entries]
    ):
        write(batch)
    segments.remember(entries)
    batches = _batches(
        [(settings().predictions_table, {"PutRequest": {"Item": _item(each)}}) for each in items.values()]
    )
    if len(batches) == 1:
        write(batches[0])
    elif batches:
        with ThreadPoolExecutor(_WRITERS) as writers:
            list(writers.map(write, batches))


def discard(predictions: Sequence[Prediction]) -> None:
    """Delete predictions that were saved and not counted; one that isn't there does no harm."""
    write = partial(_write, PredictionRow._get_connection().connection)
    for batch in _batches([(settings().predictions_table, _deletion(each.key)) for each in predictions]):
        write(batch)


def get(id: str) -> Prediction:  # noqa: A002
    """One prediction, by one read. Raises NotFound."""
    key = key_of(id)
    try:
        return prediction_of(PredictionRow.get(key.partition, key.sort, consistent_read=True))
    except PredictionRow.DoesNotExist:
        raise NotFound(_NO_SUCH_ID) from None


def key_of(id: str) -> PredictionKey:  # noqa: A002
    """Where the prediction with an id is stored, if it is. Raises NotFound for what is no id."""
    try:
        return prediction_keys.parse(id)
    except ValueError:
        raise NotFound(_NO_SUCH_ID) from None


def iter_of_candidate(enrollee_id: int, after: str) -> Iterator[Prediction]:
    """All predictions of one person, oldest first; those after the one with a sort key, if it isn't empty."""
    later = PredictionRow.sort > after if after else None
    found = (
        prediction_keys.parse(row.sort.partition("#")[2])
        for row in PredictionRow.by_candidate.query(enrollee_id, later)
    )
    while keys := list(islice(found, _READ_TOGETHER)):
        known = by_ids(key.id for key in keys)
        yield from (known[key.id] for key in keys if key.id in known)


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
    found = map(prediction_of, PredictionRow.batch_get(list(wanted)))
    return {prediction.id: prediction for prediction in found}


def keys_of_candidate(enrollee_id: int) -> list[PredictionKey]:
    """Where all predictions of one person are stored. The index behind it follows the table within seconds."""
    found = PredictionRow.by_candidate.query(enrollee_id)
    return [prediction_keys.parse(row.sort.partition("#")[2]) for row in found]


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


_Request = tuple[str, dict[str, Any]]
"""What is asked of a table, by its name."""


def _batches(requests: Sequence[_Request]) -> list[list[_Request]]:
    """Batches that each take from all along the requests: what goes to one segment is spread over time."""
    count = math.ceil(len(requests) / _BATCH)
    return [list(requests[start::count]) for start in range(count)]


def _deletion(key: PredictionKey) -> dict[str, Any]:
    return {"DeleteRequest": {"Key": {"partition": {"S": key.partition}, "sort": {"S": key.sort}}}}


def _write(connection: Connection, requests: Sequence[_Request]) -> None:
    """One batch, repeated until nothing is left unprocessed."""
    left: dict[str, list[Any]] = {}
    for table, request in requests:
        left.setdefault(table, []).append(request)
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


def prediction_of(row: PredictionRow) -> Prediction:
    """A stored item as a prediction."""
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
