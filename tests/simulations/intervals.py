"""How often the interval of each of a model's figures holds the true value: 95 % is what they promise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from jobchange.statistics.calibration import calibration_error, calibration_interval
from jobchange.statistics.interval import share
from jobchange.statistics.intervals import resampled
from jobchange.training.evaluate import measure

THRESHOLD = 0.3
PROMISED = (0.93, 0.97)
POPULATION = 1_000_000


@dataclass(frozen=True)
class Coverage:
    """Of each figure, the share of intervals that held the true value, for models of one kind on so many rows."""

    model: str
    rows: int
    trials: int
    held: Mapping[str, float]


MODELS = {"right": 1.0, "log odds × 1.3": 1.3}


def coverage(model: str, rows: int, trials: int, seed: int = 1) -> Coverage:
    """Of so many samples of candidates whose true probabilities are known."""
    random = np.random.default_rng(seed)
    target, predicted, probability = _sample(POPULATION, MODELS[model], random)
    truth = measure(target, predicted, THRESHOLD)
    truth["ece"] = calibration_error(probability, predicted)  # type: ignore[arg-type]
    held = dict.fromkeys(truth, 0)
    for trial in range(trials):
        target, predicted, _ = _sample(rows, MODELS[model], random)
        found = resampled(partial(measure, threshold=THRESHOLD), target, predicted, trial)
        found["ece"] = calibration_interval(target, predicted)
        for name, interval in found.items():
            held[name] += interval.low <= truth[name] <= interval.high
    return Coverage(model, rows, trials, {name: count / trials for name, count in held.items()})


def _sample(
    rows: int, factor: float, random: np.random.Generator
) -> tuple[NDArray[np.int8], NDArray[np.float64], NDArray[np.float64]]:
    """Outcomes, what a model says of them, and the true probabilities, of about the real spread."""
    probability = random.beta(0.9, 2.7, rows).clip(0.01, 0.97)
    odds = (probability / (1 - probability)) ** factor
    return (random.random(rows) < probability).astype(np.int8), odds / (1 + odds), probability


def broken(found: Coverage) -> list[str]:
    """The figures whose intervals are certainly too narrow or too wide, by the interval of that share. Where there
    is no calibration error, its interval can only be wrong on one side, so it may hold the truth more often."""
    low, high = PROMISED
    held = {name: share(round(each * found.trials), found.trials) for name, each in found.held.items()}
    return [
        name
        for name, interval in held.items()
        if interval.high < low or interval.low > (0.99 if name == "ece" else high)
    ]


def table(found: Sequence[Coverage]) -> str:
    """The shares, a figure a column."""
    names = list(found[0].held)
    head = f"{'model':<17}{'rows':>7}" + "".join(f"{name:>19}" for name in names)
    rows = (
        f"{each.model:<17}{each.rows:>7,}" + "".join(f"{each.held[name]:>19.1%}" for name in names) for each in found
    )
    return "\n".join([head, *rows])
