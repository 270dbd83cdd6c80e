"""Many files scored at once, and many calls at once, by tables with DynamoDB's limits, on a simulated clock: does any
part end as a dead letter, does anything take longer than it has to, is anything lost or counted twice?"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from pynamodb.connection.base import Connection

from data.generate import generate
from jobchange import contract, times
from jobchange.aws import messages
from jobchange.aws.messages import Message, RankFile, ScorePart
from jobchange.contract import Criticality
from jobchange.contract.candidate import EXAMPLE, Candidate
from jobchange.scoring import batch, online
from jobchange.settings import settings
from jobchange.store import claims, counters, files, lake, models, scored_files, segments, source_objects
from jobchange.store.files import RowCounts, Status, Validation
from jobchange.store.lake_layout import part_key
from jobchange.store.source_objects import SourceObject
from tests.support import account
from tests.support.limited_tables import LimitedTables
from tests.support.simulated import Clock, Pool

WORKERS = 8
"""MaximumConcurrency of ScoreFunction."""
SECONDS, VISIBILITY, DELIVERIES = 300.0, 330.0, 3
"""ScoreSeconds, ScoreVisibilitySeconds, and maxReceiveCount of its queue."""
_APART = 0.03
"""Seconds between two messages, on average."""
_POLL = 0.1
COLD_EVERY = 50
"""Of so many calls, one meets a process that remembers nothing."""
_BEGAN = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


@dataclass
class Scored:
    """How the scoring of some files went."""

    seconds: float
    dead_letters: int
    failed_attempts: int
    predictions: int
    counted: int
    ranked: int
    refused: int
    conflicts: int


@dataclass
class Called:
    """How some calls went; `seconds` are those of each."""

    seconds: list[float]
    failed: int
    predictions: int
    counted: int
    refused: int
    conflicts: int

    def within(self, share: float) -> float:
        """Within how many seconds this share of the calls was answered."""
        return sorted(self.seconds)[int(share * len(self.seconds))]


def score_files(number: int, rows: int, *, limited: bool = True) -> Scored:
    """Score so many files of so many rows, which all wait at the beginning, in an AWS in memory with a champion."""
    clock = Clock()
    # Without limits they are other files than with them.
    ids = [_file(name if limited else name + number, rows) for name in range(number)]
    queue = _Queue(clock, [ScorePart(file_id=each, part=0) for each in ids])
    with _simulated(clock, limited=limited) as tables, pytest.MonkeyPatch.context() as patch:
        patch.setattr(messages, "send", queue.send)
        clock.run(partial(_together, clock, [queue.work] * WORKERS))
    return Scored(
        seconds=clock.now,
        dead_letters=queue.dead,
        failed_attempts=queue.failed,
        predictions=len(tables.predictions),
        counted=_counted(tables, "scheduled"),
        ranked=sum(files.summary(each).status is Status.SCORED and scored_files.is_ranked(each) for each in ids),
        refused=tables.refused,
        conflicts=tables.conflicts,
    )


def call(calls: int, a_second: int) -> Called:
    """Let so many clients ask for one prediction each, at random instants, so many a second."""
    clock, chance = Clock(), random.Random(1)
    seconds: list[float] = []
    failed: Counter[str] = Counter()
    candidate = Candidate.model_validate(EXAMPLE)

    def one(number: int) -> None:
        began = clock.now
        if number % COLD_EVERY == 0:
            segments.forget()
        try:
            online.predict([candidate], source="api")
        except Exception as error:
            failed[type(error).__name__] += 1
        seconds.append(clock.now - began)

    def arrive() -> None:
        begun = []
        for number in range(calls):
            clock.sleep(chance.expovariate(a_second))
            begun.append(clock.start(partial(one, number)))
        for process in begun:
            process.join()

    with _simulated(clock) as tables:
        clock.run(arrive)
    return Called(
        seconds=seconds,
        failed=failed.total(),
        predictions=len(tables.predictions),
        counted=_counted(tables, "api"),
        refused=tables.refused,
        conflicts=tables.conflicts,
    )


def _together(clock: Clock, works: list[Callable[[], object]]) -> None:
    for process in [clock.start(work) for work in works]:
        process.join()


class _Queue:
    """The score queue and its dead letters."""

    def __init__(self, clock: Clock, sent: list[Message]) -> None:
        self.dead = self.failed = 0
        self._clock, self._order = clock, count()
        self._waiting: list[tuple[float, int, Message, int]] = []
        self._at_work = 0
        chance = random.Random(1)
        for message in sent:
            self.send(message, delay=chance.uniform(0, len(sent) * _APART))

    def send(self, message: Message, *, received: int = 0, delay: float = 0.0) -> None:
        heappush(self._waiting, (self._clock.now + delay, next(self._order), message, received))

    def work(self) -> None:
        """Take messages, one at a time, until there will be none."""
        while self._waiting or self._at_work:
            if not self._waiting or self._waiting[0][0] > self._clock.now:
                until = self._waiting[0][0] - self._clock.now if self._waiting else _POLL
                self._clock.sleep(min(until, _POLL))
                continue
            *_, message, received = heappop(self._waiting)
            self._at_work += 1
            if not self._handled(message):
                self.failed += 1
                if received + 1 < DELIVERIES:
                    self.send(message, received=received + 1, delay=VISIBILITY)
                else:
                    self.dead += 1
            self._at_work -= 1
            account.forget_copies()

    def _handled(self, message: Message) -> bool:
        begun = self._clock.now
        try:
            if isinstance(message, RankFile):
                batch.rank_file(message.file_id)
            elif isinstance(message, ScorePart):
                seconds_left = lambda: SECONDS - (self._clock.now - begun)  # noqa: E731
                batch.score_part(message.file_id, message.part, message.start, seconds_left)
        except Exception:
            return False
        return self._clock.now - begun <= SECONDS


@contextmanager
def _simulated(clock: Clock, *, limited: bool = True) -> Iterator[LimitedTables]:
    """Let what the project waits for be simulated: its tables, its pauses, its threads and its clock."""
    tables = LimitedTables(clock, settings().predictions_table, limited=limited)
    real = Connection._make_api_call

    def answer(self: Connection, operation: str, arguments: dict[str, Any]) -> Any:
        return tables.answer(partial(real, self), operation, arguments)

    random.seed(1)
    segments.forget()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Connection, "_make_api_call", answer)
        patch.setattr("jobchange.aws.retries.time", SimpleNamespace(sleep=clock.sleep))
        patch.setattr("jobchange.store.predictions.ThreadPoolExecutor", partial(Pool, clock))
        patch.setattr(times, "now", lambda: times.text(_BEGAN + timedelta(seconds=clock.now)))
        patch.setattr(counters, "_width", counters.FEWEST)
        yield tables


_HEADER = ",".join(("_row", *contract.NAMES))


def _file(number: int, rows: int) -> str:
    """A validated file of candidates of its own, in one part; returns its id."""
    source = SourceObject(
        file_id=source_objects.identity("lake", f"raw/{number}.csv", "v"),
        bucket="lake",
        key=f"raw/{number}.csv",
        version_id="v",
        size=1,
        uploaded_at="2026-01-31T09:00:00.000Z",
    )
    claim = claims.claim(source, champion=models.aliases().champion, challenger=None)
    assert claim is not None
    counts = RowCounts(total=rows, good=rows)
    validation = Validation(status=Status.VALIDATED, criticality=Criticality.OK, rows=counts, parts=1)
    assert claims.finish(claim, validation=validation, findings={})
    lines = (f"{row},{number * rows + row},{values}" for row, values in enumerate(_values(rows), 1))
    lake.put(part_key(source.file_id, 0), "\n".join([_HEADER, *lines, ""]).encode(), content_type="text/csv")
    return source.file_id


def _values(rows: int) -> Iterator[str]:
    """The cells of generated candidates but for the identifier, the same ones again and again."""
    few = "".join(generate(min(rows, 2_000), seed=3)).replace(".0\n", "\n").splitlines()[1:]
    for row in range(rows):
        yield few[row % len(few)].partition(",")[2]


def _counted(tables: LimitedTables, source: str) -> int:
    """What the counters of the days say."""
    return sum(
        amount
        for (partition, sort), amount in tables.sums.items()
        if partition.startswith("by_day#") and sort.startswith(f"predictions#{source}#")
    )
