"""Scoring with workers killed, messages doubled and reordered, two planners, leases that end, and a table that is busy:
is any row lost, or scored or counted twice, and is the scored file what it should be, byte for byte?"""

import gzip
import json
import random
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from data.generate import generate
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

    predictions = list(stack.predictions(file_id=record["file_id"]))
    rows = Counter(each["row"] for each in predictions)
    tally.lost += len(set(range(1, ROWS + 1)) - rows.keys())
    tally.doubled += sum(rows.values()) - len(rows)
    if record["scored"] != ROWS or sum(record["scores"]) != ROWS:
        tally.errors.append(f"{name}: {record['scored']} rows ticked off, {record['scores']}")
    if wrong := _wrong_in_scored_file(stack, record["file_id"], predictions):
        tally.errors.append(f"{name}: {', '.join(wrong)} not as expected")
    return tally


def _wrong_in_scored_file(stack: Stack, file_id: str, predictions: list[dict[str, Any]]) -> list[str]:
    """The objects of a file's scores that aren't, byte for byte, what follows from its good rows and predictions."""
    from jobchange.store import lake, scored_files
    from jobchange.store.lake_layout import SCORED, good_prefix, ranking_key, scored_part_key

    made = {each["row"]: each for each in predictions}
    expected: dict[str, bytes] = {}
    lines: dict[int, bytes] = {}
    for key in lake.keys(good_prefix(file_id)):
        if key.endswith(".csv"):
            part = {scored_files.row_of(line): line for line in lake.get(key).splitlines()[1:]}
            scored = {
                row: scored_files.line(
                    line, *(made[row][name] for name in ("probability", "will_change", "model_version"))
                )
                for row, line in part.items()
            }
            body = b"".join((",".join(scored_files.COLUMNS).encode() + b"\n", *scored.values()))
            expected[scored_part_key(predictions[0]["created_at"][:10], file_id, min(part))] = body
            lines |= scored
    by_rank = sorted(lines, key=lambda row: (-made[row]["probability"], row))
    ranks = {row: rank for rank, row in enumerate(by_rank, 1)}
    header = ",".join((scored_files.RANK, *scored_files.COLUMNS)).encode() + b"\n"
    for name, order in ((scored_files.RANKED, by_rank), (scored_files.IN_ORDER, sorted(lines))):
        expected[ranking_key(file_id, name)] = header + b"".join(b"%d,%s" % (ranks[row], lines[row]) for row in order)
    expected[ranking_key(file_id, scored_files.NUMBERS)] = struct.pack(f"<{len(by_rank)}I", *by_rank)
    found = {key: stack.object(key) for key in lake.keys(SCORED) if file_id in key}
    unpacked = {key: gzip.decompress(body) if key.endswith(".gz") else body for key, body in found.items()}
    return sorted(key for key in {*expected, *unpacked} if expected.get(key) != unpacked.get(key))


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

    return sum(
        int(row.amount) for row in StatRow.scan() if row.sort.partition("~")[0].endswith("#predictions#scheduled")
    )
