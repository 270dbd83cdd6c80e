"""Exact counters in five-minute buckets and by day, and the index of the days that have predictions."""

import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from jobchange import times
from jobchange.aws import retries
from jobchange.settings import settings
from jobchange.store import suppression_list
from jobchange.store.prediction_keys import Source
from jobchange.store.tables import StatRow

BUCKET = timedelta(minutes=5)
_MARKS = 50
"""Marks read at once: a week of all shards."""
SHARDS = 4
"""Partitions a day's counters are spread over, so that parts counted at once rarely touch the same item."""


def bucket(instant: str) -> str:
    """The bucket an RFC 3339 instant falls in, as its first minute: `2026-01-31T09:33:10.000Z` gives `09:30`."""
    moment = times.parse(instant)
    return (moment - timedelta(minutes=moment.minute % (BUCKET // timedelta(minutes=1)))).strftime("%H:%M")


class Outdated(Exception):
    """Somebody was suppressed since the list was read."""


def count(
    receipt: str,
    day: str,
    bucket: str,
    metrics: Mapping[str, int],
    daily: Mapping[str, int] = MappingProxyType({}),
    *,
    generation: int | None = None,
) -> bool:
    """Add `metrics` to the counters of one bucket and of its day, and `daily` to those of the day alone (48 in all at
    most); False, and nothing added, when `receipt` was counted before.

    One transaction holds the receipt and the sums, so a count is never lost, doubled or half done. The receipt lives
    as long as the predictions that it counts. With a `generation` of the list of suppressed candidates, the receipt
    bears it, and Outdated is raised, nothing being added, when there is a newer one. Raises TimeoutError when the
    table stays busy.
    """
    try:
        _transact(partial(_count, receipt, day, bucket, metrics, daily, generation))
    except _Refused as refused:
        if generation is None or refused.by != [_CHECK]:
            return False
        raise Outdated from None
    return True


def counted_generation(receipt: str) -> int | None:
    """The generation with which a receipt was counted (0 if none was named), or None if it wasn't."""
    try:
        return int(StatRow.get(f"receipt#{receipt}", "receipt", consistent_read=True).amount or 0)
    except StatRow.DoesNotExist:
        return None


def uncount(
    receipt: str,
    day: str,
    bucket: str,
    metrics: Mapping[str, int],
    daily: Mapping[str, int],
    *,
    unless: str,
    deleting: Model,
) -> bool:
    """Subtract what `count` added, and delete the row that it counted, once for each receipt; False, and nothing done,
    when `receipt` or the receipt `unless` exists."""
    try:
        _transact(partial(_uncount, receipt, day, bucket, metrics, daily, unless, deleting))
    except _Refused:
        return False
    return True


def partition_marker(source: Source, day: str, partition: str) -> dict[str, Any]:
    """The item that says that a partition of a day holds predictions; to be written with the first of them.

    It makes `days_with_data` independent of the counters: those come after the predictions, and may still be missing.
    """
    return {
        "partition": {"S": _marks(source)},
        "sort": {"S": f"{day}#{partition}"},
        "expires": {"N": str(_expires(day))},
    }


def days_with_data(source: Source, first: str, last: str) -> Iterator[tuple[str, str]]:
    """The (day, partition)s from day `first` to day `last`, both inclusive, that hold predictions of `source`; newest
    first, read only as far as they are consumed."""
    # "~" follows "#".
    days = StatRow.sort.between(first, f"{last}~")
    for row in StatRow.query(_marks(source), days, scan_index_forward=False, page_size=_MARKS):
        day, _, partition = row.sort.partition("#")
        yield day, partition


def by_bucket(day: str, first: str, before: str) -> Iterator[tuple[str, str, int]]:
    """The (bucket, metric, amount)s of one day, from bucket `first` to the last one before `before` (`24:00` is the end
    of the day), one for each shard that has some."""
    for shard in range(SHARDS):
        for row in StatRow.query(f"{day}#{shard}", StatRow.sort.between(first, before)):
            bucket, _, metric = row.sort.partition("#")
            yield bucket, metric, int(row.amount)


def by_day(metric: str, first: str = "", last: str = "~") -> Iterator[tuple[str, int]]:
    """The (day, amount)s of one metric from day `first` to day `last`, both inclusive, one for each shard that has
    some; without them, of all days that are kept."""
    for shard in range(SHARDS):
        for row in StatRow.query(_days(shard), StatRow.sort.between(f"{metric}#{first}", f"{metric}#{last}")):
            yield row.sort.rpartition("#")[2], int(row.amount)


class _Refused(Exception):
    """A transaction some of whose conditions (by their places in it) don't hold."""

    def __init__(self, by: list[int]) -> None:
        super().__init__()
        self.by = by


_CHECK = 0
"""The place of a condition check in a transaction: pynamodb sends checks before all else."""


def _transact(write: Callable[[], None]) -> None:
    for _ in retries.attempts():
        try:
            write()
        except TransactWriteError as error:
            reasons = [reason and reason.code for reason in error.cancellation_reasons]
            if "ConditionalCheckFailed" in reasons:
                raise _Refused([at for at, code in enumerate(reasons) if code == "ConditionalCheckFailed"]) from None
            if not {*reasons, error.cause_response_code} & retries.BUSY:
                raise
        else:
            return
    raise TimeoutError("The table of counters stayed busy.")


def _count(
    receipt: str, day: str, bucket: str, metrics: Mapping[str, int], daily: Mapping[str, int], generation: int | None
) -> None:
    with TransactWrite(connection=StatRow._get_connection().connection) as transaction:
        _receipt(transaction, receipt, day, generation)
        if generation is not None:
            model, kind, key = suppression_list.state()
            transaction.condition_check(model, kind, key, condition=suppression_list.unchanged(generation))
        _add(transaction, receipt, day, bucket, metrics, daily)


def _uncount(
    receipt: str,
    day: str,
    bucket: str,
    metrics: Mapping[str, int],
    daily: Mapping[str, int],
    unless: str,
    deleting: Model,
) -> None:
    fewer, fewer_daily = ({name: -amount for name, amount in each.items()} for each in (metrics, daily))
    with TransactWrite(connection=StatRow._get_connection().connection) as transaction:
        _receipt(transaction, receipt, day, None)
        transaction.condition_check(
            StatRow, f"receipt#{unless}", "receipt", condition=StatRow.partition.does_not_exist()
        )
        transaction.delete(deleting)
        _add(transaction, receipt, day, bucket, fewer, fewer_daily)


def _receipt(transaction: TransactWrite, receipt: str, day: str, generation: int | None) -> None:
    row = StatRow(f"receipt#{receipt}", "receipt", amount=generation, expires=_expires(day))
    transaction.save(row, condition=StatRow.partition.does_not_exist())


def _add(
    transaction: TransactWrite,
    receipt: str,
    day: str,
    bucket: str,
    metrics: Mapping[str, int],
    daily: Mapping[str, int],
) -> None:
    shard = zlib.crc32(receipt.encode()) % SHARDS
    expires = _expires(day)
    amounts = {(f"{day}#{shard}", f"{bucket}#{metric}"): amount for metric, amount in metrics.items()}
    amounts |= {(_days(shard), f"{metric}#{day}"): amount for metric, amount in {**metrics, **daily}.items()}
    for key, amount in amounts.items():
        transaction.update(StatRow(*key), actions=[StatRow.amount.add(amount), StatRow.expires.set(expires)])


def _days(shard: int) -> str:
    return f"by_day#{shard}"


def _marks(source: Source) -> str:
    return f"days#{source}"


def _expires(day: str) -> int:
    # A day more than any prediction of that day lives.
    return times.epoch(f"{day}T00:00:00Z") + (settings().prediction_days + 1) * 86_400
