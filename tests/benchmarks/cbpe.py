"""Quality before outcomes side by side: this project's estimate from a histogram of scores, and NannyML's from each
score.

python -m tests.benchmarks.cbpe

A model is trained on generated candidates; others, shifted in eight ways, come in batches. Compared are the estimates
of AUC, precision and recall with each other, and those of the AUC with what the outcomes say.
"""

import json
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobchange.statistics.isotonic import calibration_map
from jobchange.statistics.performance import auc
from jobchange.statistics.performance_estimation import Estimator, Quality
from jobchange.store.score_histograms import BINS
from tests.benchmarks import environments
from tests.benchmarks.results import Result, publish, say
from tests.simulations.live_quality import Shift, TrainedPopulation, trained_population

PEER = "NannyML"
MEASURES = ("roc_auc", "precision", "recall")
ROWS, UNSEEN, BATCH, BATCHES = 19_158, 60_000, 2_000, 5
"""Candidates to train on and to draw from; candidates in a batch, and batches of each shift."""
CLOSE = 0.005


def results() -> list[Result]:
    """What `publish` takes; the peer is installed first where its lock has changed."""
    population = trained_population(ROWS, UNSEEN, seed=11)
    random = np.random.default_rng(1)
    batches = [random.choice(UNSEEN, BATCH, p=population.weights(shift)) for shift in Shift for _ in range(BATCHES)]
    began = time.perf_counter()
    calibration = calibration_map(population.training_scores, population.training_target)
    estimator = Estimator(calibration, population.threshold, BINS)
    ours = [_values(estimator.estimate(_histogram(population.unseen_scores[rows]))) for rows in batches]
    seconds = time.perf_counter() - began
    peer = _peer(population, batches)
    theirs = [[each[name] for name in MEASURES] for each in peer["batches"]]
    measured = [auc(population.unseen_scores[rows], population.unseen.target[rows] == 1) or np.nan for rows in batches]
    return _compared(np.array(ours), np.array(theirs), np.array(measured), seconds, peer["seconds"])


def _compared(
    ours: NDArray[np.float64],
    theirs: NDArray[np.float64],
    measured: NDArray[np.float64],
    seconds: float,
    their_seconds: float,
) -> list[Result]:
    """From the estimates, (batches, measures), and the measured AUC, (batches,)."""
    say(f"{'mean AUC of':40}{'estimated':>10}{PEER:>10}{'measured':>10}")
    for number, name in enumerate(Shift):
        rows = slice(number * BATCHES, (number + 1) * BATCHES)
        say(f"{name:40}{ours[rows, 0].mean():10.4f}{theirs[rows, 0].mean():10.4f}{measured[rows].mean():10.4f}")
    apart = np.abs(ours - theirs).mean(axis=0)
    found: list[Result] = [
        {
            "metric": f"estimated {name}: mean distance from {PEER}'s",
            "unit": "",
            "ours": float(distance),
            "peer": None,
            "peer_name": None,
            "target": f"<= {CLOSE}",
            "met": bool(distance <= CLOSE),
        }
        for name, distance in zip(MEASURES, apart, strict=True)
    ]
    errors = [float(np.sqrt(np.mean((each[:, 0] - measured) ** 2))) for each in (ours, theirs)]
    return [
        *found,
        {
            "metric": f"estimated AUC: error (RMSE) on batches of {BATCH:,}, {len(Shift)} shifts",
            "unit": "",
            "ours": errors[0],
            "peer": errors[1],
            "peer_name": PEER,
            "target": "<= 1.1 x peer",
            "met": errors[0] <= 1.1 * errors[1],
        },
        {
            "metric": f"estimates of {len(measured)} batches with intervals",
            "unit": "s",
            "ours": seconds,
            "peer": their_seconds,
            "peer_name": PEER,
            "target": "<= peer",
            "met": seconds <= their_seconds,
        },
    ]


def _histogram(scores: NDArray[np.float64]) -> list[int]:
    return [int(count) for count in np.histogram(scores, bins=BINS, range=(0, 1))[0]]


def _values(quality: Quality | None) -> list[float]:
    if quality is None or quality.auc is None or quality.precision is None or quality.recall is None:
        raise SystemExit("a batch has nobody to measure by")
    return [quality.auc.value, quality.precision.value, quality.recall.value]


def _peer(population: TrainedPopulation, batches: list[NDArray[np.int64]]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        reference, analysis = Path(folder) / "reference.csv", Path(folder) / "analysis.csv"
        scores, threshold = population.training_scores, population.threshold
        with reference.open("w") as file:
            file.write("score,called,changed\n")
            for score, changed in zip(scores.tolist(), population.training_target.tolist(), strict=True):
                file.write(f"{score!r},{int(score >= threshold)},{changed}\n")
        with analysis.open("w") as file:
            file.write("batch,score,called\n")
            for number, rows in enumerate(batches):
                for score in population.unseen_scores[rows].tolist():
                    file.write(f"{number},{score!r},{int(score >= threshold)}\n")
        command = [environments.python("nannyml"), environments.PEERS / "nannyml_cbpe.py", reference, analysis]
        done = subprocess.run([*map(str, command)], stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    publish("cbpe", results())
