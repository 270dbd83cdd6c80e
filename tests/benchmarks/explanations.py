"""Explanations beside shap's TreeExplainer, interventional, with the usual 100 background rows.

Both explain the same model and the same candidates, one at a time. With the same background both have to agree. Some
are also compared with the definition, every coalition scored on each of a thousand rows. Against all training rows shap
is off by what its sample leaves to chance; with all of them it would take longer by as much as there are more.
"""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.generate import generate
from infra import ROOT
from infra.commands.train import GENERATED_ROWS, GENERATED_SEED
from jobchange.contract.encoder import FEATURES
from jobchange.registry.background import Background
from jobchange.scoring import explain
from jobchange.training.background import background
from jobchange.training.export import export
from jobchange.training.fit import fit, probabilities
from jobchange.training.train import SEED
from tests.benchmarks import environments
from tests.benchmarks.results import FOLDER, Result, say
from tests.support.labelled import dataset_of

CANDIDATES, BACKGROUND_ROWS = 200, 100
CHECKED, CHECKED_ROWS = 10, 1_000
PEER = f"shap, {BACKGROUND_ROWS} background rows"


def results() -> Iterator[Result]:
    say(f"explaining {CANDIDATES} candidates ...")
    dataset = dataset_of("".join(generate(GENERATED_ROWS, GENERATED_SEED)).splitlines())
    candidates = dataset_of("".join(generate(CANDIDATES, seed=3)).splitlines()).features
    model = fit(dataset.features, dataset.target, SEED)
    onnx = export(model)
    rows = np.random.default_rng(1).choice(dataset.features, BACKGROUND_ROWS, replace=False)
    whole, sample = background(onnx, dataset.features), background(onnx, rows)
    peer = _shap(dataset.features, dataset.target, rows, candidates)

    ours, seconds = _explained(candidates, whole)
    same = np.abs(_explained(candidates, sample)[0] - peer["values"]).max()
    yield _result("largest difference with the same background", "log-odds", same, None, "<= 1e-5", same <= 1e-5)
    checked, some = dataset.features[:CHECKED_ROWS], candidates[:CHECKED]
    population = background(onnx, checked)
    exact, exact_points = _by_definition(model, checked, some)
    mine = np.abs(_explained(some, population)[0] - exact).mean()
    theirs = np.abs(np.array(peer["values"]) - ours).mean()
    yield _result("mean error of a contribution", "log-odds", mine, theirs, "<= 1e-6", mine <= 1e-6)
    points = [explain._points(explain._worths(each, population), population) for each in some]
    off = np.abs(np.array(points) - exact_points).mean()
    yield _result("mean error of a feature's points", "probability", off, None, "<= 0.005", off <= 0.005)
    mine, theirs = 1000 * float(np.median(seconds)), 1000 * float(np.median(peer["seconds"]))
    yield _result("one candidate's contributions", "ms", mine, theirs, "<= 1 ms and <= peer", mine <= min(1, theirs))
    size = len(whole.dumps()) / 1000
    yield _result(f"background of {len(dataset):,} rows", "kB", size, None, "<= 100 kB", size <= 100)


def _result(metric: str, unit: str, ours: float, peer: float | None, target: str, met: bool) -> Result:
    return {
        "metric": f"explanations: {metric}",
        "unit": unit,
        "ours": float(ours),
        "peer": None if peer is None else float(peer),
        "peer_name": None if peer is None else PEER,
        "target": target,
        "met": bool(met),
    }


def _explained(candidates: NDArray[np.float32], population: Background) -> tuple[NDArray[np.float64], list[float]]:
    """The contributions, (candidates, features), and the seconds that each candidate took."""
    found, seconds = [], []
    for candidate in candidates:
        started = time.perf_counter()
        worths = explain._worths(candidate, population)
        found.append(explain._weights() @ worths)
        seconds.append(time.perf_counter() - started)
    return np.array(found), seconds


def _by_definition(
    model: Any, rows: NDArray[np.float32], candidates: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The Shapley values in log-odds and in probability, (candidates, features), by every coalition and every row."""
    count = len(FEATURES)
    coalitions = np.arange(2**count)[:, np.newaxis] >> np.arange(count)[::-1] & 1 == 1
    worths = []
    for candidate in candidates:
        found = (probabilities(model, np.where(members, candidate, rows)) for members in coalitions)
        worths.append([(np.log(each / (1 - each)).mean(), each.mean()) for each in found])
    log_odds, chances = np.moveaxis(np.array(worths), 2, 0)
    return log_odds @ explain._weights().T, chances @ explain._weights().T


def _shap(
    features: NDArray[np.float32], target: NDArray[np.int8], rows: NDArray[np.float32], candidates: NDArray[np.float32]
) -> dict[str, Any]:
    python = environments.python("shap")
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        path = Path(folder) / "model.npz"
        np.savez(path, features=features, target=target, seed=SEED, rows=rows, candidates=candidates)
        done = subprocess.run(
            [python, environments.PEERS / "shap_explanations.py", path],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": f"{ROOT / 'layers' / 'core'}:{ROOT}"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
