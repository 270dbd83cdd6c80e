"""How many of the API's requests ended how, and how long they took, from rows of the statistics table.

There is a row for each hour: `partition` is requests#month, `sort` the hour. Each other attribute, such as `35#4#0`,
counts the requests of a bucket by its first minute, a class of status (2, 4, 5) and a bin of latency.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from pynamodb.expressions.operand import Path

from jobchange import times
from jobchange.settings import settings
from jobchange.store.tables import StatRow

_MONTH, _HOUR = len("2026-01"), len("2026-01-31T09")


class Kind(NamedTuple):
    """What requests have in common that are counted together: the class of their status, as 4 for 404, and the bin of
    their latency (`statistics.latency`)."""

    status: int
    latency: int


def add(bucket: str, counts: Mapping[Kind, int]) -> None:
    """Add requests to those of the five minutes that begin at an instant (RFC 3339); one write."""
    minute = bucket[_HOUR + 1 : _HOUR + 3]
    actions = [Path(f"{minute}#{kind.status}#{kind.latency}").add(amount) for kind, amount in counts.items()]
    expires = times.epoch(bucket) + settings().run_days * 86_400
    StatRow(_partition(bucket), bucket[:_HOUR]).update(actions=[*actions, StatRow.expires.set(expires)])


def between(start: str, end: str) -> Iterator[tuple[str, Kind, int]]:
    """The requests of each bucket that begins from `start` to before `end`: its first instant, a kind, and how many, in
    no certain order."""
    for hour, item in _hours(start, end):
        for name, typed in item.items():
            if counted := _counted(name):
                minute, kind = counted
                at = f"{hour}:{minute}:00.000Z"
                if start <= at < end:
                    yield at, kind, int(typed["N"])


@cache
def _counted(name: str) -> tuple[str, Kind] | None:
    """The minute and the kind that an attribute counts, if it counts any."""
    minute, _, kind = name.partition("#")
    status, _, latency = kind.partition("#")
    return (minute, Kind(int(status), int(latency))) if latency else None


def _hours(start: str, end: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each hour with its row's attributes, as DynamoDB gives them."""
    table = StatRow._get_connection()
    condition = StatRow.sort.between(start[:_HOUR], end[:_HOUR])
    for month in _months(start, end):
        page: Any = None
        while page is None or page.get("LastEvaluatedKey"):
            page = table.query(
                month, range_key_condition=condition, exclusive_start_key=page and page["LastEvaluatedKey"]
            )
            for item in page["Items"]:
                yield item["sort"]["S"], item


def _months(start: str, end: str) -> Iterator[str]:
    month = start
    while _partition(month) <= _partition(end):
        yield _partition(month)
        year, number = int(month[:4]), int(month[5:_MONTH])
        month = f"{year + number // 12:04}-{number % 12 + 1:02}"


def _partition(instant: str) -> str:
    return f"requests#{instant[:_MONTH]}"
