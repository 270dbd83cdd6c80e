"""A million rows ingested side by side: this project, and pandas with Great Expectations doing the same checks.

python -m tests.benchmarks.ingest [--rows N] [--times N] [--without-large]

A tenth of the rows is damaged, in the ways that both find at the same rows: a value out of range, of no known category,
or missing. (Great Expectations can't tell the first of two equal ids from the second; pandas can't read a malformed
line, and takes a whole column for text when one of its numbers isn't one.) Each measurement is a fresh process, the
two in turn; the time counts from the first byte read to the last one written, without imports; memory is the
process's peak.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from data.corrupt import corrupt
from data.generate import generate
from infra import ROOT
from jobchange.contract import Issue
from tests.benchmarks import environments
from tests.benchmarks.results import FOLDER, Result, publish, say

DAMAGE = dict.fromkeys((Issue.OUT_OF_RANGE, Issue.UNKNOWN_CATEGORY, Issue.MISSING_VALUE), 0.1 / 3)
PEER = "pandas + Great Expectations"
LARGE = 10
"""How many times larger the file is that shows whether memory grows."""
TIMES_FASTER, GOAL, PEAK_MB, GROWTH = 5, 8, 350, 0.15


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-ingest", description="Time an ingestion beside its peer.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the file (default: a million)")
    parser.add_argument("--times", type=int, default=3, help="measurements of each, of which the median counts")
    parser.add_argument("--without-large", action="store_true", help=f"leave out the file {LARGE} times as large")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    python = environments.python("great_expectations")
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        results = _compared(Path(folder), python, options.rows, options.times)
        results += _stages(Path(folder), results[0]["ours"])
        if not options.without_large:
            results.append(_growth(Path(folder), options.rows, results[1]["ours"]))
    publish("ingest", results)


def _compared(folder: Path, python: Path, rows: int, times: int) -> list[Result]:
    path = _file(folder / "candidates.csv", rows)
    ours, peer = [], []
    for turn in range(times):
        peer.append(_once([python, environments.PEERS / "great_expectations_ingest.py"], path))
        ours.append(_once([sys.executable, "-m", "tests.benchmarks.ingest_once"], path))
        if (ours[-1]["good"], ours[-1]["bad"]) != (peer[-1]["good"], peer[-1]["bad"]):
            raise SystemExit(f"the two don't agree: ours {ours[-1]}, theirs {peer[-1]}")
        say(f"{turn + 1} of {times}: ours {ours[-1]['seconds']:.2f} s, peer {peer[-1]['seconds']:.2f} s")

    def median(found: list[dict[str, Any]], name: str) -> float:
        return statistics.median(float(each[name]) for each in found)

    seconds, theirs = median(ours, "seconds"), median(peer, "seconds")
    peak = median(ours, "peak_mb")
    return [
        {
            "metric": f"ingest {rows:,} rows",
            "unit": "s",
            "ours": seconds,
            "peer": theirs,
            "peer_name": PEER,
            "target": f">= {TIMES_FASTER} x peer (goal: {GOAL} x)",
            "met": theirs >= TIMES_FASTER * seconds,
        },
        {
            "metric": f"peak memory, {rows:,} rows",
            "unit": "MB",
            "ours": peak,
            "peer": median(peer, "peak_mb"),
            "peer_name": PEER,
            "target": f"<= {PEAK_MB} MB",
            "met": peak <= PEAK_MB,
        },
    ]


def _stages(folder: Path, seconds: float) -> list[Result]:
    """What each stage takes of a thread's processor time; two threads share the work."""
    once: list[str | Path] = [sys.executable, "-m", "tests.benchmarks.ingest_once", "--stages"]
    found: dict[str, float] = _once(once, folder / "candidates.csv")["stages"]
    return [
        {
            "metric": f"  of which: {stage}",
            "unit": "s CPU",
            "ours": spent,
            "peer": None,
            "peer_name": None,
            "target": "",
            "met": spent <= seconds,
        }
        for stage, spent in found.items()
    ]


def _growth(folder: Path, rows: int, small: float) -> Result:
    path = _file(folder / "large.csv", rows * LARGE)
    peak = _once([sys.executable, "-m", "tests.benchmarks.ingest_once"], path)["peak_mb"]
    return {
        "metric": f"peak memory, {rows * LARGE:,} rows",
        "unit": "MB",
        "ours": peak,
        "peer": None,
        "peer_name": None,
        "target": f"within {GROWTH:.0%} of {rows:,} rows",
        "met": peak <= (1 + GROWTH) * small,
    }


def _file(path: Path, rows: int) -> Path:
    """The file to ingest, written by a process of its own: see `_once`."""
    say(f"writing {rows:,} rows, a tenth of them damaged ...")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as writer:
        writer.submit(_write, path, rows).result()
    return path


def _write(path: Path, rows: int) -> None:
    """Generated rows, a tenth of them damaged, block by block."""
    header = ""
    with path.open("wb") as file:
        for number, block in enumerate(generate(rows, seed=42)):
            if not header:
                header = block.split("\n", 1)[0] + "\n"
                file.write(header.encode())
                block = block.removeprefix(header)
            if block:
                damaged = corrupt((header + block).encode(), DAMAGE, seed=number).data
                file.write(damaged.removeprefix(header.encode()))


def _once(command: list[str | Path], path: Path) -> dict[str, Any]:
    """One measurement in a process of its own.

    Linux counts the peak of the process that starts another as the other's too (ru_maxrss survives exec): this one
    must stay the smaller of the two, or the figure is its own.
    """
    with tempfile.TemporaryDirectory(dir=FOLDER) as outputs:
        done = subprocess.run(
            [*map(str, command), str(path), outputs],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": f"{ROOT / 'layers' / 'core'}:{ROOT}"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if measured["peak_mb"] <= floor:
        raise SystemExit(f"the bench itself took {floor:.0f} MB, so that no smaller peak can be measured")
    return measured


if __name__ == "__main__":
    main()
