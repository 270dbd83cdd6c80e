"""A model whose outcomes become known one by one, and the check of its live quality, which looks after every few."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.generate import generate
from jobchange.settings import Settings
from jobchange.statistics.concordance import expected_auc
from jobchange.statistics.isotonic import CalibrationMap, calibration_map
from jobchange.statistics.performance import auc
from jobchange.statistics.performance_estimation import Estimator
from jobchange.statistics.sequential import shortfall_by_chance
from jobchange.store.score_histograms import BINS
from jobchange.training.dataset import Dataset
from jobchange.training.evaluate import cross_validate
from jobchange.training.fit import fit, probabilities
from tests.support.labelled import dataset_of

FIRST, LAST = 300, 3_000
_DEFAULTS = {each.name: each.metadata["default"] for each in fields(Settings)}
MARGIN: float = _DEFAULTS["watch_quality_margin"]
ESTIMATE_MARGIN: float = _DEFAULTS["watch_estimate_margin"]


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


class Shift(StrEnum):
    """How the candidates who come differ from those of the training."""

    NONE = "none"
    POOR = "index below 0.7 only"
    POORER = "index below 0.7 three times as often"
    RICH = "index above 0.9 only"
    WOMEN = "women only"
    SIZE_MISSING = "size missing only"
    SIZE_KNOWN = "size known only"
    EXPERIENCED = "20 years and more only"


@dataclass(frozen=True)
class TrainedPopulation:
    """A model trained on generated candidates: its out-of-fold scores of these with what they did, and its scores of
    others, whom it hasn't seen."""

    training_scores: NDArray[np.float64]
    training_target: NDArray[np.int8]
    threshold: float
    unseen: Dataset
    unseen_scores: NDArray[np.float64]

    @property
    def candidates(self) -> Candidates:
        """The unseen ones, with the model's calibration map."""
        calibration = calibration_map(self.training_scores, self.training_target)
        return Candidates(self.unseen_scores, self.unseen.target == 1, self.threshold, calibration)

    def weights(self, shift: Shift) -> NDArray[np.float64]:
        """How often each of the unseen candidates comes; adds up to 1."""
        index = np.array([float(value or "nan") for value in self.unseen.columns["city_development_index"]])
        gender, size, experience = (
            np.array(self.unseen.columns[name], dtype=str) for name in ("gender", "company_size", "experience")
        )
        weights: dict[Shift, NDArray[Any]] = {
            Shift.NONE: np.ones(len(index)),
            Shift.POOR: index < 0.7,
            Shift.POORER: 1 + 2 * (index < 0.7),
            Shift.RICH: index > 0.9,
            Shift.WOMEN: gender == "Female",
            Shift.SIZE_MISSING: size == "None",
            Shift.SIZE_KNOWN: size != "None",
            Shift.EXPERIENCED: np.isin(experience, ("20", ">20")),
        }
        shares: NDArray[np.float64] = weights[shift] / weights[shift].sum()
        return shares


def trained_population(rows: int, unseen: int, seed: int) -> TrainedPopulation:
    """Train on `rows` generated candidates, and score `unseen` others."""
    training, others = (_generated(rows, seed), _generated(unseen, seed + 1))
    evaluation = cross_validate(training.features, training.target, seed, lambda _: None)
    model = fit(training.features, training.target, seed)
    scores = probabilities(model, others.features)
    return TrainedPopulation(evaluation.probabilities, training.target, evaluation.threshold, others, scores)


def _generated(rows: int, seed: int) -> Dataset:
    return dataset_of("".join(generate(rows, seed=seed)).splitlines())


@dataclass(frozen=True)
class DaysEstimated:
    """Of some days of so many candidates: on how many the check of the expected quality alerts, the share on which the
    AUC that outcomes give later is within the estimate's interval, and both AUCs on average."""

    days: int
    alerts: int
    within: float
    expected: float
    measured: float


def simulate_days(
    population: TrainedPopulation, shift: Shift, *, candidates: int, days: int, seed: int
) -> DaysEstimated:
    """Estimate the quality of days, and hold it against the outcomes."""
    random, known = np.random.default_rng(seed), population.candidates
    estimator = Estimator(known.calibration, known.threshold, BINS)
    card = auc(population.training_scores, population.training_target == 1) or 0
    alerts, pairs, within = 0, [], []
    for _ in range(days):
        rows = random.choice(len(known.scores), candidates, p=population.weights(shift))
        scores = known.scores[rows]
        quality = estimator.estimate(np.histogram(scores, bins=BINS, range=(0, 1))[0].tolist())
        measured = auc(scores, known.changed[rows])
        if quality is None or quality.auc is None or measured is None:
            continue
        alerts += quality.auc.high < card - ESTIMATE_MARGIN
        within.append(quality.auc.low <= measured <= quality.auc.high)
        pairs.append((quality.auc.value, measured))
    expected, found = np.mean(pairs, axis=0).tolist()
    return DaysEstimated(days, alerts, float(np.mean(within)), expected, found)
