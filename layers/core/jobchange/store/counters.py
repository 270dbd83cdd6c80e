"""Exact counters in five-minute buckets and by day.

Each is a sum over shards, so that transactions rarely meet. A process that meets others draws from more shards; one
that is alone keeps to a few, so that a quiet day is read as quickly as it was written.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import chain
from types import MappingProxyType

from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from jobchange import times
from jobchange.settings import settings
from jobchange.store import suppression_list
from jobchange.store.tables import StatRow, SuppressionRow, Table
from jobchange.store.transactions import CHECK, Refused, transact

BUCKET = timedelta(minutes=5)
PARTITIONS = 8
"""Partitions a day's counters are spread over: of the 1,000 units that one takes in a second, 1,000 calls a second need
600 of each, and 900 of each that holds sums by day."""
FEWEST, MOST = 4, 512
"""Shards that a process draws from: a transaction holds what it writes for some 25 ms, so of 1,000 in a second one in
twenty meets another among 512."""
_WIDER, _NARROWER = 2.0, 0.9
"""With these, about one transaction in six meets another, whatever their rate."""


def bucket(instant: str) -> str:
    """The bucket an RFC 3339 instant falls in, as its first minute: `2026-01-31T09:33:10.000Z` gives `09:30`."""
    moment = times.parse(instant)
    return (moment - timedelta(minutes=moment.minute % (BUCKET // timedelta(minutes=1)))).strftime("%H:%M")


_DAYS = "by_day#"
_width: float = FEWEST
"""How many shards this process draws from, learned from its last transactions."""


@contextmanager
def _spread() -> Iterator[Callable[[], int]]:
    """What draws a shard for each attempt of a transaction, from more of them after each attempt that failed."""
    global _width
    attempts = 0

    def shard() -> int:
        global _width
        nonlocal attempts
        if attempts:
            _width = min(MOST, _width * _WIDER)
        attempts += 1
        return random.randrange(int(_width))  # noqa: S311

    yield shard
    if attempts == 1:
        _width = max(FEWEST, _width * _NARROWER)


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
        with _spread() as shard:
            transact(partial(_count, receipt, day, bucket, metrics, daily, generation, shard), StatRow, SuppressionRow)
    except Refused as refused:
        if generation is None or refused.by != [CHECK]:
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
    deleting: Table,
) -> bool:
    """Subtract what `count` added, and delete the row that it counted, once for each receipt; False, and nothing done,
    when `receipt` or the receipt `unless` exists."""
    write = partial(_uncount, receipt, day, bucket, metrics, daily, unless, deleting)
    try:
        with _spread() as shard:
            transact(partial(write, shard), StatRow, type(deleting))
    except Refused:
        return False
    return True


def by_bucket(day: str, first: str, before: str) -> Iterator[tuple[str, str, int]]:
    """The (bucket, metric, amount)s of one day, from bucket `first` to the last one before `before` (`24:00` is the end
    of the day), one for each shard that has some."""
    for row in _rows(f"{day}#", StatRow.sort.between(first, before)):
        bucket, _, metric = _unsharded(row.sort).partition("#")
        yield bucket, metric, int(row.amount)


def by_day(metric: str, first: str = "", last: str = "~") -> Iterator[tuple[str, int]]:
    """The (day, amount)s of one metric from day `first` to day `last`, both inclusive, one for each shard that has
    some; without them, of all days that are kept."""
    # "~" follows what a day is followed by.
    days = StatRow.sort.between(f"{metric}#{first}", f"{metric}#{last}~~")
    for row in _rows(_DAYS, days):
        yield _unsharded(row.sort).rpartition("#")[2], int(row.amount)


def _rows(prefix: str, condition: Condition) -> Iterator[StatRow]:
    """The rows of all partitions, which are read side by side."""
    queries = (StatRow.query(f"{prefix}{partition}", condition) for partition in range(PARTITIONS))
    with ThreadPoolExecutor(PARTITIONS) as readers:
        yield from chain.from_iterable(readers.map(list, queries))


def _count(
    receipt: str,
    day: str,
    bucket: str,
    metrics: Mapping[str, int],
    daily: Mapping[str, int],
    generation: int | None,
    shard: Callable[[], int],
    transaction: TransactWrite,
) -> None:
    _receipt(transaction, receipt, day, generation)
    if generation is not None:
        model, kind, key = suppression_list.state()
        transaction.condition_check(model, kind, key, condition=suppression_list.unchanged(generation))
    _add(transaction, shard(), day, bucket, metrics, daily)


def _uncount(
    receipt: str,
    day: str,
    bucket: str,
    metrics: Mapping[str, int],
    daily: Mapping[str, int],
    unless: str,
    deleting: Table,
    shard: Callable[[], int],
    transaction: TransactWrite,
) -> None:
    fewer, fewer_daily = ({name: -amount for name, amount in each.items()} for each in (metrics, daily))
    _receipt(transaction, receipt, day, None)
    transaction.condition_check(StatRow, f"receipt#{unless}", "receipt", condition=StatRow.partition.does_not_exist())
    transaction.delete(deleting)
    _add(transaction, shard(), day, bucket, fewer, fewer_daily)


def _receipt(transaction: TransactWrite, receipt: str, day: str, generation: int | None) -> None:
    row = StatRow(f"receipt#{receipt}", "receipt", amount=generation, expires=expiry(day))
    transaction.save(row, condition=StatRow.partition.does_not_exist())


def _add(
    transaction: TransactWrite,
    shard: int,
    day: str,
    bucket: str,
    metrics: Mapping[str, int],
    daily: Mapping[str, int],
) -> None:
    number, partition = divmod(shard, PARTITIONS)
    mark, expires = f"~{number}" if number else "", expiry(day)
    amounts = {(f"{day}#{partition}", f"{bucket}#{metric}{mark}"): amount for metric, amount in metrics.items()}
    amounts |= {
        (f"{_DAYS}{partition}", f"{metric}#{day}{mark}"): amount for metric, amount in {**metrics, **daily}.items()
    }
    for key, amount in amounts.items():
        transaction.update(StatRow(*key), actions=[StatRow.amount.add(amount), StatRow.expires.set(expires)])


def _unsharded(sort: str) -> str:
    return sort.partition("~")[0]


def expiry(day: str) -> int:
    """When what counts the predictions of a day expires: a day later than any of them, in seconds since 1970."""
    return times.epoch(f"{day}T00:00:00Z") + (settings().prediction_days + 1) * 86_400
