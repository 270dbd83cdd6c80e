"""Validations killed at random moments, delivered again, and two at once on one file: is anything lost or doubled?"""

import io
import json
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from data.corrupt import ROW_INJECTORS, corrupt
from data.generate import generate
from jobchange import contract
from jobchange.quality.report import FileFacts, render
from jobchange.quality.validate import validate
from tests.chaos.kills import Tally, kill_workers
from tests.support.stack import Stack, patiently

PARAMETERS = {"IngestVisibilitySeconds": 12}
"""A killed validation is delivered again soon, but only when all kills are over, so that its deliveries are
enough; and hardly while it is still at work, on a busy machine too."""
_REDRIVEN_SECONDS = 30
"""From one look for dead letters to the next."""
AT_ONCE = 5
"""Files validated side by side: what one waits for, another one fills; and a kill hits all of them."""
SPREAD = 2.0
"""Seconds from the drop of the first of them to that of the last."""
ROWS = 100_000
DAMAGE = 0.6
"""Of the rows, so that the bad file needs a multipart upload: a kill in between leaves it behind."""
LONGEST = 2.5
"""Seconds from the drop to the last kill: a cold start and a validation."""


def run(stack: Stack, seeds: range, progress: Callable[[str], None] = lambda _: None) -> Tally:
    """One trial for each seed."""
    tally = Tally()
    _damaged()
    for start in range(0, len(seeds), AT_ONCE):
        with ThreadPoolExecutor(AT_ONCE) as pool:
            trials = list(pool.map(partial(_Trial.begun, stack), seeds[start : start + AT_ONCE]))
        records = [_finished(stack, trial.name) for trial in trials]
        stack.settle()
        for trial, record in zip(trials, records, strict=True):
            tally += _outcome(stack, trial, record["uploaded_at"])
            progress(str(tally))
    return tally


@dataclass(frozen=True)
class _Trial:
    """A file that was dropped, and the workers that were killed meanwhile."""

    name: str
    body: bytes
    kills: int

    @classmethod
    def begun(cls, stack: Stack, seed: int) -> "_Trial":
        chance, name, kills = random.Random(seed), f"killed-{seed}.csv", 0
        body = _content(chance.randrange(1, ROWS))
        time.sleep(chance.uniform(0, SPREAD))
        version = stack.drop(name, body)
        if chance.random() < 0.5:
            _deliver_again(stack, f"raw/{name}", version)
        for moment in sorted(chance.uniform(0, LONGEST) for _ in range(chance.choice((1, 1, 2)))):
            time.sleep(moment / 2)
            kills += kill_workers(stack.resources["ValidateFunction"])
        return cls(name, body, kills)


def _finished(stack: Stack, name: str) -> dict[str, Any]:
    """The record of a file once it is finished. On a busy machine kills may take all deliveries of its message:
    then it is redriven from the dead letters, as an operator would do, when no attempt can still be at work."""
    redriven = time.monotonic()
    for _ in patiently(f"{name} to be finished"):
        if record := stack.found(name, "VALIDATED", "REJECTED"):
            return record
        if time.monotonic() > redriven + _REDRIVEN_SECONDS and stack.waiting("IngestDeadLetters")[0]:
            redriven = time.monotonic()
            answer = stack.operate("POST", "/ops/dlq/redrive", {"queue": "ingest"})
            assert answer.status == 200, answer
    raise AssertionError


def _outcome(stack: Stack, trial: _Trial, uploaded_at: str) -> Tally:
    tally, name = Tally(trials=1, kills=trial.kills), trial.name
    file_id = stack.dropped[name]
    found, expected = _written(stack, file_id), _undisturbed(stack, trial.body, name, file_id, uploaded_at)
    tally.lost += len(expected.keys() - found.keys())
    tally.doubled += len(found.keys() - expected.keys())
    tally.errors += [f"{name}: {each} differs" for each in expected if found.get(each) != expected[each]]
    tally.errors += [f"{name}: an upload was left behind" for _ in _unfinished(stack, file_id)]
    if [each["name"] for each in stack.get("/files", limit=200)["files"]].count(name) != 1:
        tally.errors.append(f"{name}: not one record")
    return tally


@cache
def _damaged() -> list[bytes]:
    clean = "".join(generate(ROWS, seed=21)).encode()
    return corrupt(clean, dict.fromkeys(ROW_INJECTORS, DAMAGE / len(ROW_INJECTORS)), seed=21).data.splitlines(True)


def _content(turn: int) -> bytes:
    """A file nobody has dropped: the same rows, beginning with another one."""
    header, *rows = _damaged()
    return b"".join([header, *rows[turn:], *rows[:turn]])


def _deliver_again(stack: Stack, key: str, version: str) -> None:
    dropped = {"key": key, "versionId": version, "size": 1}
    record = {
        "eventTime": "2026-01-01T00:00:00.000Z",
        "s3": {"bucket": {"name": stack.outputs["lake_bucket"]}, "object": dropped},
    }
    stack.aws("sqs").send_message(
        QueueUrl=stack.resources["IngestQueue"], MessageBody=json.dumps({"Records": [record]})
    )


def _written(stack: Stack, file_id: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for prefix in (f"good/{file_id}/", f"bad/{file_id}/", f"ids/{file_id}/", f"reports/{file_id}"):
        listed = stack.aws("s3").list_objects_v2(Bucket=stack.outputs["lake_bucket"], Prefix=prefix)
        found |= {each["Key"]: stack.object(each["Key"]) for each in listed.get("Contents", [])}
    return found


def _unfinished(stack: Stack, file_id: str) -> list[Any]:
    uploads: list[Any] = stack.aws("s3").list_multipart_uploads(Bucket=stack.outputs["lake_bucket"]).get("Uploads", [])
    return [each for each in uploads if file_id in each["Key"]]


class _Memory:
    def __init__(self, file_id: str, name: str) -> None:
        self.written: dict[str, bytes] = {}
        self._good, self._bad, self._ids = f"good/{file_id}", f"bad/{file_id}/{name}", f"ids/{file_id}"

    def part(self, index: int, body: bytes) -> None:
        self.written[f"{self._good}/part-{index:05}.csv"] = body

    def bad(self, body: bytes) -> None:
        self.written[self._bad] = self.written.get(self._bad, b"") + body

    def index(self, number: int, body: bytes) -> None:
        self.written[f"{self._ids}/{number:05}.bin"] = body


def _undisturbed(stack: Stack, body: bytes, name: str, file_id: str, uploaded_at: str) -> dict[str, bytes]:
    """What a validation that nobody disturbs writes."""
    outputs = _Memory(file_id, name)
    findings = validate(io.BytesIO(body), name=name, file_id=file_id, outputs=outputs)
    manifest = {
        "contract_version": contract.VERSION,
        "good": findings.good,
        "parts": findings.to_dict()["parts"],
    }
    facts = FileFacts(
        file_id=file_id,
        name=name,
        uploaded_at=uploaded_at,
        links={"See all files": f"{stack.outputs['site_url']}#files"},
    )
    return outputs.written | {
        f"good/{file_id}/manifest.json": json.dumps(manifest).encode(),
        f"reports/{file_id}.html": render(findings, file=facts).encode(),
    }
