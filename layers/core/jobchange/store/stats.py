"""Exact counters in five-minute buckets and by day, and the index of the days that have predictions."""

import zlib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from jobchange import times
from jobchange.settings import settings
from jobchange.store import retries
from jobchange.store.keys import Source
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


def count(
    receipt: str, day: str, bucket: str, metrics: Mapping[str, int], daily: Mapping[str, int] = MappingProxyType({})
) -> bool:
    """Add `metrics` to the counters of one bucket and of its day, and `daily` to those of the day alone (49 in all at
    most); False, and nothing added, when `receipt` was counted before.

    One transaction holds the receipt and the sums, so a count is never lost, doubled or half done. The receipt lives
    as long as the predictions that it counts. Raises TimeoutError when the table stays busy.
    """
    for _ in retries.attempts():
        try:
            _count(receipt, day, bucket, metrics, daily)
        except TransactWriteError as error:
            codes = {reason.code for reason in error.cancellation_reasons if reason} | {error.cause_response_code}
            if "ConditionalCheckFailed" in codes:
                return False
            if not codes & retries.BUSY:
                raise
        else:
            return True
    raise TimeoutError("The table of counters stayed busy.")


def day_mark(source: Source, day: str, partition: str) -> dict[str, Any]:
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
    first, read as far as they are asked for."""
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


def _count(receipt: str, day: str, bucket: str, metrics: Mapping[str, int], daily: Mapping[str, int]) -> None:
    shard = zlib.crc32(receipt.encode()) % SHARDS
    expires = _expires(day)
    amounts = {(f"{day}#{shard}", f"{bucket}#{metric}"): amount for metric, amount in metrics.items()}
    amounts |= {(_days(shard), f"{metric}#{day}"): amount for metric, amount in {**metrics, **daily}.items()}
    with TransactWrite(connection=StatRow._get_connection().connection) as transaction:
        transaction.save(
            StatRow(f"receipt#{receipt}", "receipt", expires=expires), condition=StatRow.partition.does_not_exist()
        )
        for key, amount in amounts.items():
            transaction.update(StatRow(*key), actions=[StatRow.amount.add(amount), StatRow.expires.set(expires)])


def _days(shard: int) -> str:
    return f"by_day#{shard}"


def _marks(source: Source) -> str:
    return f"days#{source}"


def _expires(day: str) -> int:
    # A day more than any prediction of that day lives.
    return times.epoch(f"{day}T00:00:00Z") + (int(settings().prediction_days) + 1) * 86_400
