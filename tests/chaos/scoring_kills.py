"""Scoring with workers killed, messages doubled and reordered, two planners, leases that end, and a table that is busy:
is any row lost, or scored or counted twice?"""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from data.generate import generate
from jobchange import times
from jobchange.aws.messages import ScorePart, encode
from tests.chaos.kills import Tally, kill_workers
from tests.support.stack import Stack, patiently

PARAMETERS = {"ScoreVisibilitySeconds": 6, "LeaseSeconds": 6, "PartRows": 300}
"""Everything that was interrupted comes back soon."""
ROWS = 600
LONGEST = 1.5
"""Seconds from the plan to the last kill: a cold start and some parts."""
AT_ONCE = 4
"""Files disturbed side by side: what one waits for, another one fills; and a kill hits all of them."""
BUSY = 0.3
"""Share of the batch writes of the worker in this process that are refused, or written in part only."""


def run(stack: Stack, seeds: range, progress: Callable[[str], None] = lambda _: None) -> Tally:
    """One trial for each seed. This process must mean the stack too (`infra.stacks.current.set_environment`)."""
    tally = Tally()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for one in pool.map(partial(_trial, stack), seeds):
            tally += one
            progress(str(tally))
    counted, stored = _counted(), _stored()
    if counted != stored:
        tally.errors.append(f"{counted} counted, {stored} stored")
    return tally


def _trial(stack: Stack, seed: int) -> Tally:
    tally, chance, name = Tally(trials=1), random.Random(seed), f"scored-{seed}.csv"
    stack.drop(name, "".join(generate(ROWS, seed=10_000 + seed)).encode())
    file = stack.file(name, "VALIDATED")
    parts = list(range(-(-ROWS // PARAMETERS["PartRows"])))
    planners = [threading.Thread(target=stack.dispatch) for _ in range(2)]
    busy = threading.Thread(target=_busy_worker, args=(file["file_id"], chance.choice(parts), seed))
    for thread in (*planners, busy):
        thread.start()
    for part in chance.sample(parts, chance.randint(0, 2)):
        _deliver_again(stack, file["file_id"], part)
    for moment in sorted(chance.uniform(0, LONGEST) for _ in range(chance.choice((1, 1, 2)))):
        time.sleep(moment / 2)
        tally.kills += kill_workers(stack.resources["ScoreFunction"])
    for thread in (*planners, busy):
        thread.join()
    for attempt, _ in enumerate(patiently(f"{name} to be scored")):
        if attempt % 4 == 0:
            stack.dispatch()
        if stack.get(f"/files/{file['file_id']}")["status"] == "SCORED":
            break
    record = stack.file(name, "SCORED")

    rows = Counter(each["row"] for each in _predictions(stack, record))
    tally.lost += len(set(range(1, ROWS + 1)) - rows.keys())
    tally.doubled += sum(rows.values()) - len(rows)
    if record["scored"] != ROWS or sum(record["scores"]) != ROWS:
        tally.errors.append(f"{name}: {record['scored']} rows ticked off, {record['scores']}")
    return tally


def _predictions(stack: Stack, file: dict[str, Any]) -> Iterator[dict[str, Any]]:
    from jobchange.store.scoring_state import get

    # All predictions of a file are of the instant of its first claim.
    start = get(file["file_id"]).claimed_at
    end = times.text(times.parse(start) + timedelta(milliseconds=1))
    return stack.predictions(file["file_id"], source="scheduled", start=start, end=end)


def _deliver_again(stack: Stack, file_id: str, part: int) -> None:
    body = encode(ScorePart(file_id=file_id, part=part))
    stack.aws("sqs").send_message(QueueUrl=stack.resources["ScoreQueue"], MessageBody=body)


def _busy_worker(file_id: str, part: int, seed: int) -> None:
    """A worker in this process, beside those of the stack, whose table is often busy; it may give up."""
    from jobchange.scoring.batch import score_part

    with _busy_table(random.Random(seed)), suppress(TimeoutError, ValueError):
        score_part(file_id, part, 0, seconds_left=lambda: 60.0)


@contextmanager
def _busy_table(chance: random.Random) -> Iterator[None]:
    """Let some batch writes of this process be throttled, and some come back with everything unprocessed."""
    from jobchange.store.tables import PredictionRow

    client = PredictionRow._get_connection().connection.client

    def refuse(request: Any, **_: Any) -> AWSResponse | None:
        if chance.random() > BUSY:
            return None
        if chance.random() < 0.5:
            error = {"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}
            return _answer(request.url, 400, error)
        return _answer(request.url, 200, {"UnprocessedItems": json.loads(request.body)["RequestItems"]})

    client.meta.events.register("before-send.dynamodb.BatchWriteItem", refuse)
    try:
        yield
    finally:
        client.meta.events.unregister("before-send.dynamodb.BatchWriteItem", refuse)


class _Body:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self._body


def _answer(url: str, status: int, body: dict[str, Any]) -> AWSResponse:
    headers = HTTPHeaders.from_dict({"Content-Type": "application/x-amz-json-1.0"})
    return AWSResponse(url, status, headers, _Body(json.dumps(body).encode()))


def _stored() -> int:
    from jobchange.store.tables import PredictionRow

    return sum(1 for row in PredictionRow.scan() if row.partition.startswith("scheduled#"))


def _counted() -> int:
    """What the counters say of scheduled predictions."""
    from jobchange.store.tables import StatRow

    return sum(int(row.amount) for row in StatRow.scan() if row.sort.endswith("#predictions#scheduled"))
