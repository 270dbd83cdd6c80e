"""`make cost FILES=30 ROWS=1000000 CALLS=100000`: estimate the AWS price of a month, line by line.

Beside it are the price of an idle month, and of an always-on stack for the same job.
"""

import argparse
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from infra.build.template import read_template
from infra.commands import parser
from infra.commands.pricing import MEASURED, MEASURED_ON, PRICES, PRICES_AS_OF, PRICES_SOURCE, REFERENCE, SLOWER
from jobchange.aws.telemetry import METRICS
from jobchange.monitoring.api_requests import WRITE_SECONDS
from jobchange.store.prediction_keys import SEGMENT_ROWS

_HOURS = 30 * 24
_MINUTES = _HOURS * 60
_PART_ROWS, _BATCH_ROWS = 100_000, 10_000
_ITEM_OVERHEAD, _INDEX_BYTES = 100, 230
"""Bytes that DynamoDB adds to each item and to each entry of an index; and of an entry's keys."""
_POLLERS, _POLL_SECONDS = 5, 20
"""Lambda asks a queue with so many long polls at once, also when nothing comes."""
_CALL_WRITES, _BATCH_WRITES, _PART_WRITES, _FILE_WRITES = 13, 39, 34, 14
"""Write units beside those of predictions and segments. A call: a transaction of counters, each sum twice. A batch: the
same, the check of the suppression list, its histograms of all and by group. A part and a file: their states, in items
of some kilobytes. tests/integration/test_cost.py holds all that is counted here against recorded calls."""


@dataclass(frozen=True)
class Load:
    """What a month brings: dropped files, their rows in all, API calls with one candidate each."""

    files: int
    rows: int
    calls: int


@dataclass(frozen=True)
class Line:
    """One line of the bill: how much of a priced thing some work takes."""

    work: str
    price: str
    amount: float

    @property
    def usd(self) -> float:
        price = PRICES[self.price]
        return self.amount / price.per * price.usd


def bill(load: Load) -> list[Line]:
    """The lines of a month, list price; everything that is kept counts for its first month."""
    return [*_ingestion(load), *_scoring(load), *_api(load), *idle()]


def of_rows(load: Load) -> list[Line]:
    """The lines of ingesting, scoring and storing."""
    return [*_ingestion(load), *_scoring(load)]


def total(lines: Sequence[Line]) -> float:
    return sum(line.usd for line in lines)


def after_free_tier(lines: Sequence[Line]) -> float:
    """The same month where nothing else in the account uses what AWS gives for nothing."""
    used: dict[str, float] = defaultdict(float)
    for line in lines:
        used[line.price] += line.amount
    return sum(Line("", name, max(0.0, amount - PRICES[name].free)).usd for name, amount in used.items())


def _ingestion(load: Load) -> Iterator[Line]:
    millions = load.rows / 1e6
    seconds = _seconds("validate seconds a file") * load.files + _seconds("validate seconds a million rows") * millions
    yield from _function("ingestion", "ValidateFunction", load.files, seconds)
    parts = _parts(load)
    yield Line("ingestion", "dynamodb writes", _FILE_WRITES * load.files)
    yield Line("ingestion", "dynamodb reads", 7 * load.files)
    yield Line("ingestion", "s3 writes", 4 * load.files + parts)
    yield Line("ingestion", "s3 reads", load.files * 2)
    yield Line("ingestion", "metrics", _metrics("validate", load.files))
    yield Line("ingestion", "traces", _traces(load.files))
    yield Line("ingestion", "s3 storage", load.rows * (_value("raw bytes a row") + _value("good bytes a row")) / 1e9)


def _scoring(load: Load) -> Iterator[Line]:
    parts, batches = _parts(load), math.ceil(load.rows / _BATCH_ROWS)
    seconds = _seconds("score seconds a part") * parts + _seconds("score seconds a million rows") * load.rows / 1e6
    yield from _function("scoring", "ScoreFunction", parts, seconds)
    # Each prediction once in the table and once in the index by candidate.
    # With an entry of the directory for each segment.
    entries = math.ceil(load.rows / SEGMENT_ROWS)
    yield Line("scoring", "dynamodb writes", 2 * load.rows + entries + _BATCH_WRITES * batches + _PART_WRITES * parts)
    yield Line("scoring", "dynamodb reads", 5 * batches + 7 * parts)
    yield Line("scoring", "dynamodb storage", load.rows * _stored_bytes() / 1e9)
    # The scored rows of each batch, read twice to rank them.
    yield Line("scoring", "s3 writes", batches + 5 * load.files)
    # A function that begins with a part reads the model, in two objects.
    yield Line("scoring", "s3 reads", 3 * parts + 2 * batches)
    yield Line("scoring", "sqs", 4 * parts)
    yield Line("scoring", "s3 storage", load.rows * _value("scored bytes a row") / 1e9)
    yield Line("scoring", "metrics", _metrics("score", parts))
    yield Line("scoring", "traces", _traces(parts))


def _api(load: Load) -> Iterator[Line]:
    yield Line("API", "rest api", load.calls)
    yield from _function("API", "ApiFunction", load.calls, _seconds("predict seconds a call") * load.calls)
    yield Line("API", "dynamodb writes", (2 + _CALL_WRITES) * load.calls + _request_counts(load.calls))
    # A function remembers the token and the champion for a while.
    yield Line("API", "dynamodb reads", load.calls)
    yield Line("API", "dynamodb storage", load.calls * _stored_bytes() / 1e9)
    yield Line("API", "logs", (load.calls + 10 * load.files) * _value("log bytes a call") / 1e9)
    yield Line("API", "metrics", _metrics("api", load.calls))
    yield Line("API", "traces", _traces(load.calls))


def _request_counts(calls: int) -> float:
    """Writes of how requests ended: at most one a call, as where calls are far apart, and for each function that runs
    all the time one in some seconds."""
    seconds = _MINUTES * 60
    functions = math.ceil(_seconds("predict seconds a call") * calls / seconds)
    return min(calls, functions * seconds / WRITE_SECONDS)


def idle() -> list[Line]:
    """The lines of what looks for work, whether there is some or not."""
    return list(_schedules())


def _schedules() -> Iterator[Line]:
    dispatches, watches = _MINUTES // 2, _MINUTES // 5 + _HOURS
    yield from _function("schedules", "DispatchFunction", dispatches, _seconds("dispatch seconds") * dispatches)
    yield from _function("schedules", "WatchFunction", watches, _seconds("watch seconds") * watches)
    yield Line("schedules", "dynamodb reads", 2 * dispatches + 12 * watches)
    yield Line("schedules", "dynamodb writes", dispatches + watches)
    yield Line("schedules", "sqs", _polled_queues() * _POLLERS * _MINUTES * 60 / _POLL_SECONDS + 2 * watches)
    yield Line("schedules", "traces", _traces(dispatches + watches))
    yield Line("schedules", "logs", (dispatches + watches) * _value("log bytes a call") / 1e9)


def _function(work: str, name: str, calls: float, seconds: float) -> Iterator[Line]:
    yield Line(work, "lambda time", seconds * _memory(name) / 1024)
    yield Line(work, "lambda calls", calls)


def _metrics(service: str, calls: int) -> float:
    """A metric is paid for the hours in which it is sent. Those of the watch are sent only when something is wrong."""
    return len(METRICS[service]) * min(1, calls / _HOURS)


def _traces(calls: float) -> float:
    """X-Ray keeps the first call of each second, and one in twenty of the others; at most, with calls far apart."""
    seconds = _MINUTES * 60
    return min(calls, seconds) + max(0.0, calls - seconds) / 20


def _polled_queues() -> int:
    """How many queues start a function."""
    return sum(each["Type"] == "AWS::Lambda::EventSourceMapping" for each in read_template()["Resources"].values())


@cache
def _memory(name: str) -> int:
    """Megabytes, from the template."""
    template = read_template()
    default = template["Globals"]["Function"]["MemorySize"]
    return int(template["Resources"][name]["Properties"].get("MemorySize", default))


def _parts(load: Load) -> int:
    """At most: a file's last part is rarely full."""
    return load.files + load.rows // _PART_ROWS if load.rows else 0


def _stored_bytes() -> float:
    return _value("prediction bytes") + _INDEX_BYTES + 2 * _ITEM_OVERHEAD


def _value(name: str) -> float:
    return MEASURED[name][0]


def _seconds(name: str) -> float:
    return _value(name) * SLOWER


def _table(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        price = PRICES[line.price]
        yield f"  {line.work:<10} {line.price:<17} {line.amount:>15,.2f} {price.unit:<8} {line.usd:>9.4f}"


def main(argv: Sequence[str] | None = None) -> None:
    command = parser("cost", __doc__)
    for name, default in (("files", 30), ("rows", 1_000_000), ("calls", 100_000)):
        command.add_argument(
            f"--{name}", type=_whole, default=default, metavar="N", help=f"{name} a month (default: {default:,})"
        )
    load = Load(**vars(command.parse_args(argv)))
    lines = bill(load)
    reference = sum(usd for _, usd in REFERENCE)
    print(f"A month with {load.files:,} files, {load.rows:,} rows and {load.calls:,} API calls, in USD\n")
    print("\n".join(_table(lines)))
    print(f"\n  {'total':<54} {total(lines):>9.2f}")
    print(f"  {'after the free tier':<54} {after_free_tier(lines):>9.2f}")
    print(f"  {'of that, to ingest, score and store the rows':<54} {total(of_rows(load)):>9.2f}")
    print(f"\n  {'an idle month':<54} {total(idle()):>9.2f}")
    print(f"  {'after the free tier':<54} {after_free_tier(idle()):>9.2f}")
    print("\nAn always-on stack for the same job, idle or not\n")
    for what, usd in REFERENCE:
        print(f"  {what:<54} {usd:>9.2f}")
    print(f"\n  {'total':<54} {reference:>9.2f}\n")
    print(f"Prices: {PRICES_AS_OF}, from {PRICES_SOURCE}.")
    print(f"Durations: measured {MEASURED_ON}, times {SLOWER:g} for Lambda; sources in infra/commands/pricing.py.")
    print("Not counted: transfer out, dashboard and alarms (parameters Dashboard, Alarms), CloudFront, SQL.")


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} isn't a whole number from 0 on")
    return int(text)


if __name__ == "__main__":
    main()
