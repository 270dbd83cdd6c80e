"""A model whose outcomes become known one by one, and the check of its live quality, which looks after every few."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from jobchange.settings import Settings
from jobchange.statistics.concordance import expected_auc, shortfall_by_chance
from jobchange.statistics.isotonic import CalibrationMap
from jobchange.statistics.performance import auc

FIRST, LAST = 300, 3_000
MARGIN: float = next(each.metadata["default"] for each in fields(Settings) if each.name == "watch_quality_margin")


class Known(StrEnum):
    """Of whom outcomes become known."""

    ALL = "everybody"
    CALLED = "those called only"
    TOP_FIFTH = "the top fifth only"
    CALLED_AND_TENTH = "those called, 1 in 10 of the others"
    CALLED_AND_THIRD = "those called, 1 in 3 of the others"


@dataclass(frozen=True)
class Candidates:
    """Candidates that a model hasn't seen, with what they did, and what is known of the model."""

    scores: NDArray[np.float64]
    changed: NDArray[np.bool_]
    threshold: float
    calibration: CalibrationMap


@dataclass(frozen=True)
class Alarms:
    """In how many of some trials the check ever alerted, after how many outcomes in the median (None without any), and
    by how much the AUC of those known was lower than what their scores imply, on average."""

    trials: int
    ever: int
    median_outcomes: float | None
    drop: float


def simulate(
    candidates: Candidates, known: Known, *, spoiled: float = 0.0, trials: int, step: int = 30, seed: int
) -> Alarms:
    """Trials with 3,000 outcomes each, looked at from 300 on after every `step`. Of a share `spoiled` of the candidates
    the outcome has nothing to do with the score any more."""
    random = np.random.default_rng(seed)
    firsts, drops = [], []
    for _ in range(trials):
        rows = random.choice(len(candidates.scores), LAST, p=_chances(candidates, known))
        scores, changed = candidates.scores[rows], candidates.changed[rows]
        strangers = random.random(LAST) < spoiled
        changed[strangers] = random.random(int(strangers.sum())) < candidates.changed.mean()
        gaps = list(_gaps(scores, changed, candidates.calibration, step))
        firsts += [outcomes for outcomes, gap, chance in gaps if gap > chance + MARGIN][:1]
        drops.append(gaps[-1][1])
    return Alarms(trials, len(firsts), float(np.median(firsts)) if firsts else None, float(np.mean(drops)))


def _gaps(
    scores: NDArray[np.float64], changed: NDArray[np.bool_], calibration: CalibrationMap, step: int
) -> Iterator[tuple[int, float, float]]:
    """At each look the number of outcomes, how far their AUC is below the expected one, and how far chance goes."""
    probabilities = calibration.calibrated(scores)
    for outcomes in range(FIRST, LAST + 1, step):
        expected = expected_auc(scores[:outcomes], probabilities[:outcomes])
        measured = auc(scores[:outcomes], changed[:outcomes])
        if expected is not None and measured is not None:
            yield outcomes, expected.auc - measured, shortfall_by_chance(expected.deviation, outcomes)


def _chances(candidates: Candidates, known: Known) -> NDArray[np.float64]:
    called = candidates.scores >= candidates.threshold
    match known:
        case Known.ALL:
            weights = np.ones(len(called))
        case Known.CALLED:
            weights = np.where(called, 1.0, 0.0)
        case Known.TOP_FIFTH:
            weights = np.where(candidates.scores >= np.quantile(candidates.scores, 0.8), 1.0, 0.0)
        case Known.CALLED_AND_TENTH:
            weights = np.where(called, 1.0, 0.1)
        case Known.CALLED_AND_THIRD:
            weights = np.where(called, 1.0, 1 / 3)
    chances: NDArray[np.float64] = weights / weights.sum()
    return chances
