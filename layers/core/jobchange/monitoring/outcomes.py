"""What candidates really did: taken from those who know, and held against what was predicted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

import numpy as np

from jobchange import times
from jobchange.errors import Unprocessable
from jobchange.settings import settings
from jobchange.statistics import performance
from jobchange.statistics.performance import Performance
from jobchange.store import models, outcomes, predictions
from jobchange.store.outcomes import Outcome
from jobchange.store.predictions import Prediction

MOST_OUTCOMES = 10_000
"""Outcomes of one version that are measured: the newest."""
MOST_VERSIONS = 20
_SKEW = timedelta(minutes=5)
"""How far another clock may be ahead."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody says happened to a candidate, who is named either by a prediction or by number."""

    prediction_id: str | None
    enrollee_id: int | None
    changed_job: bool
    observed_at: str


@dataclass(frozen=True)
class Refusal:
    """Why the report at a position can't be taken, and the field it is about."""

    position: int
    field: str
    reason: str


class ReportsRefused(Unprocessable):
    """None of the reports was taken: some are wrong."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("Some outcomes are not valid, so none was accepted.")
        self.refusals = refusals


@dataclass(frozen=True)
class Week:
    """The outcomes observed in one ISO week, such as `2026-W48` (UTC)."""

    week: str
    performance: Performance


@dataclass(frozen=True)
class Version:
    """One version on the candidates whose outcome is known, in all and by week, oldest first. `cut` says that only the
    newest 10,000 outcomes are measured."""

    version: str
    performance: Performance
    weeks: list[Week]
    cut: bool


@dataclass(frozen=True)
class Comparison:
    """A challenger beside the champion on the candidates that both scored.

    `agreement` is the share that both call alike and `mean_shift` the mean of (challenger's - champion's probability);
    None as long as there is nothing. The AUCs are over the same `outcomes`.
    """

    challenger: str
    predictions: int
    agreement: float | None
    mean_shift: float | None
    outcomes: int
    champion_auc: float | None
    challenger_auc: float | None


def record(reports: Sequence[Report]) -> list[Outcome]:
    """Keep outcomes, each joined to the prediction that it names or else to the candidate's latest one that isn't newer
    than the outcome. The same candidate and instant reported again is overwritten.

    Raises ReportsRefused, with nothing kept, when one names no prediction or one without a candidate's number, or was
    observed before that prediction, in the future, or too long ago for predictions of then to be kept.
    """
    named = predictions.by_ids(report.prediction_id for report in reports if report.prediction_id is not None)
    refusals = [refusal for at, report in enumerate(reports) if (refusal := _refusal(at, report, named))]
    if refusals:
        raise ReportsRefused(refusals)
    numbered = [(each.enrollee_id, each.observed_at) for each in reports if each.enrollee_id is not None]
    latest = iter(predictions.latest_before(numbered))
    joined = []
    for report in reports:
        prediction = next(latest) if report.prediction_id is None else named[report.prediction_id]
        enrollee_id = report.enrollee_id if report.prediction_id is None else named[report.prediction_id].enrollee_id
        assert enrollee_id is not None  # noqa: S101
        joined.append(Outcome.of(enrollee_id, report.observed_at, report.changed_job, prediction))
    outcomes.save(joined)
    return joined


def live() -> list[Version]:
    """Every version that was ever promoted and has outcomes, the newest 20, newest first."""
    promoted = [record.version for record in models.list_newest() if record.promoted_at]
    return [measured for version in promoted[:MOST_VERSIONS] if (measured := of_version(version))]


def of_version(version: str) -> Version | None:
    """One version, or None without outcomes."""
    known, cut = _known(version)
    if not known:
        return None
    weeks = [Week(week, _measured(list(of_week))) for week, of_week in groupby(known, key=_week)]
    return Version(version, _measured(known), weeks, cut)


def compare(champion: str, challenger: str) -> Comparison:
    """A challenger beside the champion: from the counters, and from the outcomes of candidates both have scored."""
    shadow = predictions.shadow(champion, challenger)
    both = [each for each in _known(champion)[0] if each.challenger_version == challenger]
    changed = np.array([each.changed_job for each in both], dtype=bool)
    aucs = [
        performance.auc(np.array(scores, dtype=np.float64), changed)
        for scores in ([each.probability for each in both], [each.challenger_probability for each in both])
    ]
    return Comparison(
        challenger=challenger,
        predictions=shadow.predictions,
        agreement=shadow.agreed / shadow.predictions if shadow.predictions else None,
        mean_shift=shadow.mean_shift,
        outcomes=len(both),
        champion_auc=aucs[0],
        challenger_auc=aucs[1],
    )


def _refusal(position: int, report: Report, named: dict[str, Prediction]) -> Refusal | None:
    now, days = datetime.now(UTC), settings().prediction_days
    observed = times.parse(report.observed_at)
    if observed > now + _SKEW:
        return Refusal(position, "observed_at", "This is in the future.")
    if observed < now - timedelta(days=days):
        return Refusal(position, "observed_at", f"Predictions are kept for {days} days, outcomes too: this is older.")
    if report.prediction_id is None:
        return None
    prediction = named.get(report.prediction_id)
    if prediction is None:
        return Refusal(position, "prediction_id", "There is no prediction with this id.")
    if prediction.enrollee_id is None:
        return Refusal(position, "prediction_id", "This prediction is for a candidate without a number.")
    if prediction.created_at > report.observed_at:
        return Refusal(position, "observed_at", "This is before the prediction was made.")
    return None


def _known(version: str) -> tuple[list[Outcome], bool]:
    """The outcomes of a version that are measured, oldest first, and whether there are more."""
    newest = outcomes.of_version(version, limit=MOST_OUTCOMES + 1)
    return newest[:MOST_OUTCOMES][::-1], len(newest) > MOST_OUTCOMES


def _measured(known: Sequence[Outcome]) -> Performance:
    return performance.measure(
        np.array([each.probability for each in known], dtype=np.float64),
        np.array([each.changed_job for each in known], dtype=bool),
    )


def _week(outcome: Outcome) -> str:
    year, week, _ = date.fromisoformat(outcome.observed_at[:10]).isocalendar()
    return f"{year}-W{week:02}"
