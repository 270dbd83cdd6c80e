"""Adverse impact side by side: this project's selection rates and impact ratios, and fairlearn's.

python -m tests.benchmarks.impact

Generated candidates are called at random, the less often the more experience they have.
"""

import json
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from data.generate import generate
from jobchange import contract
from jobchange.training.impact import measure
from jobchange.training.slices import groups
from tests.benchmarks import environments
from tests.benchmarks.results import Result, publish
from tests.support.labelled import dataset_of

PEER = "fairlearn"
ROWS, COLUMN = 20_000, "experience"
CLOSE = 1e-12


def results() -> list[Result]:
    """What `publish` takes; the peer is installed first where its lock has changed."""
    dataset = dataset_of("".join(generate(ROWS, seed=1)).splitlines())
    members = {
        name: rows for name, rows in groups(dataset).items() if name[0] == COLUMN and name[1] != contract.MISSING_BIN
    }
    places = np.argmax(np.array(list(members.values())), axis=0)
    probability = np.random.default_rng(1).random(len(dataset)) * (1 - places / 20)
    began = time.perf_counter()
    (ours,) = measure(members, probability, 0.5)
    seconds = time.perf_counter() - began
    known = np.any(np.array(list(members.values())), axis=0)
    levels = [level for _, level in members]
    theirs = _peer([levels[place] for place in places[known]], (probability >= 0.5)[known].astype(int).tolist())
    rates = max(abs(each.rate.value - theirs["rates"][each.group]) for each in ours.called)
    ratios = [each.ratio.value - theirs["ratios"][each.group] for each in ours.called if each.ratio]
    lowest = min(each.ratio.value for each in ours.called if each.ratio)
    differences = {
        "selection rates, largest difference": rates,
        "impact ratios, largest difference": max(map(abs, ratios)),
        "lowest ratio against the demographic parity ratio": abs(lowest - theirs["parity"]),
    }
    return [
        *(_result(metric, "", value, None, f"<= {CLOSE}", value <= CLOSE) for metric, value in differences.items()),
        _result(f"{ROWS:,} candidates", "s", seconds, theirs["seconds"], "< peer", seconds < theirs["seconds"]),
    ]


def _peer(groups: list[str], called: list[int]) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        candidates = Path(folder) / "candidates.json"
        candidates.write_text(json.dumps({"groups": groups, "called": called}))
        command = [environments.python(PEER), environments.PEERS / "fairlearn_impact.py", candidates]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def _result(metric: str, unit: str, ours: float, peer: float | None, target: str, met: bool) -> Result:
    name = None if peer is None else PEER
    return {"metric": metric, "unit": unit, "ours": ours, "peer": peer, "peer_name": name, "target": target, "met": met}


if __name__ == "__main__":
    publish("impact", results())
