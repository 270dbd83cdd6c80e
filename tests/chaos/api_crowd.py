"""Many clients at once through the gateway: is every request answered, and every answered prediction stored, once?"""

import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from jobchange import times
from tests.support.stack import Stack

CLIENTS = 16
CANDIDATE: dict[str, Any] = {
    "city": "city_103",
    "city_development_index": 0.92,
    "relevent_experience": "Has relevent experience",
    "training_hours": 36,
}


@dataclass
class Crowd:
    """What some clients got in some time."""

    requests: int = 0
    lost: int = 0
    doubled: int = 0
    errors: list[str] = field(default_factory=list)


def run(stack: Stack, *, seconds: float, clients: int = CLIENTS) -> Crowd:
    """Let `clients` ask for predictions as fast as they are answered, some of them repeating each request under its
    Idempotency-Key, then compare what was answered with what is stored."""
    crowd, answered, lock = Crowd(), Counter[str](), threading.Lock()

    def client(number: int, turn: int, deadline: float) -> None:
        while True:
            try:
                ids, errors = _ask(stack, number, turn)
            except OSError as error:
                ids, errors = [], [repr(error)]
            with lock:
                crowd.requests += 1
                crowd.errors += errors
                answered.update(ids)
            turn += 1
            if time.monotonic() > deadline:
                return

    def together(count: int, turn: int, deadline: float) -> None:
        threads = [threading.Thread(target=client, args=(number, turn, deadline)) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    start = times.now()
    # The crowd gathers by twos, one request each: sixteen cold starts in one moment are too much for a small machine.
    for count in range(2, clients + 1, 2):
        together(count, turn=count, deadline=0)
    together(clients, turn=2 * clients, deadline=time.monotonic() + seconds)
    stored = Counter(each["id"] for each in stack.predictions(source="api", start=start))
    crowd.lost = len(answered.keys() - stored.keys())
    crowd.doubled = len(stored.keys() - answered.keys()) + sum(answered.values()) - len(answered)
    return crowd


def _ask(stack: Stack, number: int, turn: int) -> tuple[list[str], list[str]]:
    """The ids of what was answered, and what went wrong."""
    candidates = [{**CANDIDATE, "enrollee_id": number * 100_000 + turn, "training_hours": turn % 300 + 1}] * (
        turn % 3 + 1
    )
    headers = {"Idempotency-Key": f"{number}-{turn}-{time.time_ns()}"}
    answers = [
        stack.call("POST", "/predictions/predict", candidates, headers=headers)
        for _ in range(2 if turn % 4 == 0 else 1)
    ]
    errors = [f"{each.status} {each.body[:200]!r}" for each in answers if each.status != 200]
    if errors:
        return [], errors
    if len({each.body for each in answers}) > 1:
        return [], ["a repeated request was answered otherwise"]
    return [each["id"] for each in json.loads(answers[0].body)["predictions"]], []
