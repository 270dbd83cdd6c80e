"""The API side by side with the usual server: FastAPI, pandas and a scikit-learn pipeline, through Mangum.

python -m tests.benchmarks.api [--times N]

Both handlers get API Gateway's events in fresh processes, turn by turn, with their store stubbed; both models have the
same settings and training data. Then ours answers through the gateway of an embedded stack, store and all.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from data.generate import generate
from infra import ROOT
from infra.commands.train import GENERATED_ROWS, GENERATED_SEED
from tests.benchmarks.api_once import CANDIDATE
from tests.benchmarks.results import Result, publish, say
from tests.support.stack import Stack, deployed, infra

PEER = "FastAPI + scikit-learn pipeline"
WARM_TURNS = 3
THROUGH = 300
"""Requests through the embedded stack."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-api", description="Time the API beside the usual server.")
    parser.add_argument("--times", type=int, default=7, help="cold starts of each, of which the median counts")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dataset = folder / "training.csv"
        dataset.write_text("".join(generate(GENERATED_ROWS, GENERATED_SEED)), encoding="utf-8")
        _prepare(folder, dataset)
        results = [*_cold(folder, options.times), *_warm(folder), *_through_the_stack(dataset)]
    publish("api", results)


def _prepare(folder: Path, dataset: Path) -> None:
    """Both models, trained on the same rows, as each side's server loads it."""
    import joblib

    from jobchange.registry import lifecycle
    from jobchange.registry.artifact import TrainedModel
    from jobchange.store import lake, models
    from jobchange.training.dataset import LabelledFile, read
    from jobchange.training.train import train
    from tests.benchmarks.scoring import _pipeline

    def put(key: str, body: bytes, **_: Any) -> None:
        (folder / key.rsplit("/", 1)[1]).write_bytes(body)

    def add(record: Any) -> None:
        (folder / "record.json").write_text(json.dumps(vars(record)))

    say("training both models ...")
    with dataset.open("rb") as file:
        trained: TrainedModel = train(read([LabelledFile(dataset.name, file)]), progress=lambda _: None)
    lake.put, models.add = put, add
    lifecycle.register(trained)
    joblib.dump(_pipeline(dataset), folder / "pipeline.joblib")


def _cold(folder: Path, repeats: int) -> Iterator[Result]:
    say(f"cold starts, {repeats} times each ...")
    found: dict[str, list[dict[str, Any]]] = {"peer": [], "ours": []}
    for turn in range(-1, repeats):
        for side, starts in found.items():
            start = _once(side, folder, "first")
            if turn >= 0:  # the first turn writes the .pyc files
                starts.append(start)
    mine, theirs = (statistics.median(each["cpu"] for each in found[side]) for side in ("ours", "peer"))
    yield _result("cold start, CPU to the first prediction", "s", mine, theirs, "<= 0.45 x peer", mine <= 0.45 * theirs)
    mine, theirs = (statistics.median(each["first_rss"] for each in found[side]) for side in ("ours", "peer"))
    yield _result("memory after the first prediction", "MB", mine, theirs, "<= 0.7 x peer", mine <= 0.7 * theirs)


def _warm(folder: Path) -> Iterator[Result]:
    say(f"warm calls, {WARM_TURNS} processes each ...")
    found: dict[str, list[dict[str, Any]]] = {"peer": [], "ours": []}
    for _ in range(WARM_TURNS):
        for side, runs in found.items():
            runs.append(_once(side, folder, "all"))

    def both(kind: str, share: float) -> tuple[float, float]:
        mine, theirs = (
            statistics.median(_quantile(run[kind], share) for run in found[side]) for side in ("ours", "peer")
        )
        return mine, theirs

    mine, theirs = both("one", 0.5)
    yield _result("one candidate, p50", "ms", mine, theirs, "<= 1.2 ms", mine <= 1.2)
    mine, theirs = both("one", 0.99)
    yield _result("one candidate, p99", "ms", mine, theirs, "< peer", mine < theirs)
    mine = statistics.median(_quantile(run["explained"], 0.5) for run in found["ours"])
    yield _result("one candidate explained, p50", "ms", mine, None, "<= 8 ms", mine <= 8)
    mine = statistics.median(_quantile(run["explained"], 0.99) for run in found["ours"])
    yield _result("one candidate explained, p99", "ms", mine, None, "<= 16 ms", mine <= 16)
    mine, theirs = both("thousand", 0.5)
    yield _result("1,000 candidates, p50", "ms", mine, theirs, "< peer", mine < theirs)
    as_file = statistics.median(_quantile(run["file"], 0.5) for run in found["ours"])
    yield _result("1,000 candidates as CSV, p50", "ms", as_file, theirs, "< peer, and < as JSON", as_file < mine)
    mine, theirs = both("thousand", 0.99)
    yield _result("1,000 candidates, p99", "ms", mine, theirs, "<= 2 x peer", mine <= 2 * theirs)
    mine, theirs = (statistics.median(run["rss"] for run in found[side]) for side in ("ours", "peer"))
    yield _result("peak memory", "MB", mine, theirs, "<= 0.7 x peer", mine <= 0.7 * theirs)


def _through_the_stack(dataset: Path) -> Iterator[Result]:
    say(f"{THROUGH} requests through the embedded stack ...")
    with deployed("bench") as (stack, environment):
        infra("train", "--dataset", str(dataset), environment=environment)
        _ask(stack)
        taken = [_ask(stack) for _ in range(THROUGH)]
    for share, most in ((0.5, 60), (0.99, 250)):
        mine = _quantile(taken, share)
        metric = f"one candidate through the embedded stack, p{share * 100:g}"
        yield _result(metric, "ms", mine, None, f"<= {most} ms", mine <= most)


def _ask(stack: Stack) -> float:
    start = time.perf_counter()
    answer = stack.call("POST", "/predictions/predict", [CANDIDATE])
    assert answer.status == 200, answer
    return (time.perf_counter() - start) * 1000


def _once(side: str, folder: Path, extent: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.api_once", side, str(folder), extent],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "layers" / "core")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _result(metric: str, unit: str, ours: float, peer: float | None, target: str, met: bool) -> Result:
    name = None if peer is None else PEER
    return {"metric": metric, "unit": unit, "ours": ours, "peer": peer, "peer_name": name, "target": target, "met": met}


if __name__ == "__main__":
    main()
