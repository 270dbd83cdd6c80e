"""What candidates really did, held against what was predicted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from jobchange import contract, times
from jobchange.contract.bins import bin_of
from jobchange.registry import loader
from jobchange.registry.artifact import Profile
from jobchange.registry.threshold import threshold_at
from jobchange.statistics import performance
from jobchange.statistics.chance import mean_calibration_chance
from jobchange.statistics.concordance import Expected, expected_auc
from jobchange.statistics.interval import Interval
from jobchange.statistics.intervals import proportion, roc_auc, roc_auc_difference
from jobchange.statistics.isotonic import IDENTITY, CalibrationMap
from jobchange.statistics.performance import Performance
from jobchange.statistics.performance_estimation import Quality
from jobchange.store import models, outcomes, prediction_counts
from jobchange.store.outcomes import Outcome

MOST_OUTCOMES = 10_000
"""Outcomes of one version that are measured: the newest."""
MOST_VERSIONS = 20
FEWEST = 20
"""Candidates of either outcome from which on a group's AUC is given: with 20 and three times as many of the other, its
interval holds the true one 93 times out of 100; with 10 it would 90 times, with 5 86 times."""


@dataclass(frozen=True)
class Week:
    """The outcomes observed in one ISO week, such as `2026-W48` (UTC); `auc` as in Version."""

    week: str
    performance: Performance
    auc: Interval | None


@dataclass(frozen=True)
class GroupQuality:
    """One version on the candidates in one of the contract's bins of a column whose outcome is known. The AUC is None
    with fewer than 20 of either outcome; `expected` is the one that the scores of the same candidates imply."""

    column: str
    level: str
    measured: Quality
    expected: Expected | None


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version on the candidates whose outcome is known: in all, by week, oldest first, and by group, in the
    contract's order (empty without a usable profile).

    `auc` is the measured one with DeLong's interval, `expected` what the scores of the same candidates, calibrated,
    imply; `ece_chance` is the calibration error that perfect probabilities would have with so few outcomes, on average.
    `uncalled` counts the outcomes of candidates below the threshold: where they are few, the AUC is that of the called.
    Each of these is None where it isn't known.

    Left out are `superseded` outcomes, after which another one of the same candidate counts, and those that are
    `waiting` for their horizon. `cut` says that only the newest 10,000 outcomes are measured.
    """

    version: str
    performance: Performance
    auc: Interval | None
    expected: Expected | None
    ece_chance: float | None
    uncalled: int | None
    superseded: int
    waiting: int
    weeks: list[Week]
    groups: list[GroupQuality]
    cut: bool


@dataclass(frozen=True)
class Comparison:
    """A challenger beside the champion on the candidates that both scored.

    `agreement` is the share that both call alike and `mean_shift` the mean of (challenger's - champion's probability);
    None as long as there is nothing. The AUCs, and how much higher the challenger's is, are over the same `outcomes`;
    None while fewer than two candidates have either outcome.
    """

    challenger: str
    predictions: int
    agreement: float | None
    mean_shift: float | None
    outcomes: int
    champion_auc: Interval | None
    challenger_auc: Interval | None
    auc_difference: Interval | None


def live() -> list[Version]:
    """Every version that was ever promoted and has outcomes, the newest 20, newest first."""
    promoted = [record.version for record in models.list_newest() if record.promoted_at]
    return [measured for version in promoted[:MOST_VERSIONS] if (measured := of_version(version))]


def of_version(version: str) -> Version | None:
    """One version, or None without outcomes that count."""
    known = known_of(version)
    if not known.counted:
        return None
    scores, changed = _arrays(known.counted)
    expected: Expected | None = None
    uncalled: int | None = None
    groups: list[GroupQuality] = []
    if profile := loader.usable_profile(version):
        threshold, calibration = threshold_at(version, times.now()), calibration_of(profile)
        expected = expected_auc(scores, calibration.calibrated(scores))
        uncalled = int((scores < threshold).sum())
        groups = _by_group(known.counted, threshold, calibration)
    return Version(
        version=version,
        performance=performance.measure(scores, changed),
        auc=roc_auc(changed.astype(np.int8), scores),
        expected=expected,
        ece_chance=mean_calibration_chance(scores),
        uncalled=uncalled,
        superseded=known.superseded,
        waiting=known.waiting,
        weeks=[_week(week, list(of_week)) for week, of_week in groupby(known.counted, key=_week_of)],
        groups=groups,
        cut=known.cut,
    )


def compare(champion: str, challenger: str) -> Comparison:
    """A challenger beside the champion: from the counters, and from the outcomes of candidates both have scored."""
    shadow = prediction_counts.shadow(champion, challenger)
    both = [each for each in known_of(champion).counted if each.challenger_version == challenger]
    scores, changed = _arrays(both)
    target = changed.astype(np.int8)
    theirs = np.array([each.challenger_probability for each in both], dtype=np.float64)
    champion_auc = roc_auc(target, scores)
    return Comparison(
        challenger=challenger,
        predictions=shadow.predictions,
        agreement=shadow.agreed / shadow.predictions if shadow.predictions else None,
        mean_shift=shadow.mean_shift,
        outcomes=len(both),
        champion_auc=champion_auc,
        challenger_auc=roc_auc(target, theirs),
        auc_difference=roc_auc_difference(target, theirs, scores) if champion_auc else None,
    )


@dataclass(frozen=True)
class Known:
    """The outcomes that count for a version, oldest first, one a candidate; see Version for the rest."""

    counted: list[Outcome]
    superseded: int
    waiting: int
    cut: bool


def known_of(version: str) -> Known:
    """What is known of a version's candidates; of several outcomes that count, a candidate's last one does."""
    newest = outcomes.of_version(version, limit=MOST_OUTCOMES + 1)
    measured = newest[:MOST_OUTCOMES]
    due = [each for each in measured if each.counts]
    # The last one to be put in stays, so the oldest are put in first.
    last = {each.enrollee_id: each for each in due[::-1]}
    counted = sorted(last.values(), key=attrgetter("observed_at"))
    return Known(counted, len(due) - len(counted), len(measured) - len(due), len(newest) > MOST_OUTCOMES)


def quality_of(known: Sequence[Outcome], threshold: float) -> Quality:
    """The measures on one or more candidates of a version whose outcome is known, at its threshold."""
    scores, changed = _arrays(known)
    called = scores >= threshold
    return Quality(
        candidates=len(known),
        rate=proportion(changed),
        auc=roc_auc(changed.astype(np.int8), scores),
        precision=proportion(changed[called]) if called.any() else None,
        recall=proportion(called[changed]) if changed.any() else None,
    )


def calibration_of(profile: Profile) -> CalibrationMap:
    """A version's calibration map; for one that was trained before versions had any, its scores as they are."""
    stored = profile.get("calibration")
    return CalibrationMap.from_dict(stored) if stored else IDENTITY


def _by_group(known: Sequence[Outcome], threshold: float, calibration: CalibrationMap) -> list[GroupQuality]:
    found = []
    for name in contract.GROUPED:
        column = contract.BY_NAME[name]
        members: list[list[Outcome]] = [[] for _ in column.bins]
        for each in known:
            if each.features is not None:
                members[bin_of(column, each.features.get(name))].append(each)
        found += [
            _group(name, level, of_group, threshold, calibration)
            for level, of_group in zip(column.bins, members, strict=True)
            if of_group
        ]
    return found


def _group(
    column: str, level: str, known: Sequence[Outcome], threshold: float, calibration: CalibrationMap
) -> GroupQuality:
    measured = quality_of(known, threshold)
    scores, changed = _arrays(known)
    if min(changed.sum(), (~changed).sum()) < FEWEST:
        measured = replace(measured, auc=None)
    return GroupQuality(column, level, measured, expected_auc(scores, calibration.calibrated(scores)))


def _week(week: str, of_week: Sequence[Outcome]) -> Week:
    scores, changed = _arrays(of_week)
    return Week(week, performance.measure(scores, changed), roc_auc(changed.astype(np.int8), scores))


def _arrays(known: Sequence[Outcome]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The probabilities and whether each candidate changed job."""
    return (
        np.array([each.probability for each in known], dtype=np.float64),
        np.array([each.changed_job for each in known], dtype=bool),
    )


def _week_of(outcome: Outcome) -> str:
    year, week, _ = date.fromisoformat(outcome.observed_at[:10]).isocalendar()
    return f"{year}-W{week:02}"
