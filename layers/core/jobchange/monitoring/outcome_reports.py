"""What candidates really did, taken from those who know, and joined to what was predicted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from jobchange import times
from jobchange.errors import Unprocessable
from jobchange.settings import settings
from jobchange.store import outcomes, prediction_keys, predictions
from jobchange.store.outcomes import Outcome
from jobchange.store.predictions import Prediction

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


def record(reports: Sequence[Report]) -> list[Outcome]:
    """Keep outcomes, each joined to the prediction that it names, or else to the candidate's latest one that it can
    speak of (see `outcomes.speaks_of`). One that can't speak of the prediction it names is kept without it.

    The same candidate and instant reported again is overwritten; if the prediction is deleted since, what the earlier
    report was joined to stays.

    Raises ReportsRefused, with nothing kept, when one names no prediction or one without a candidate's number, or was
    observed before that prediction, in the future, or too long ago for predictions of then to be kept.
    """
    named = predictions.by_ids(report.prediction_id for report in reports if report.prediction_id is not None)
    refusals = [refusal for at, report in enumerate(reports) if (refusal := _refusal(at, report, named))]
    if refusals:
        raise ReportsRefused(refusals)
    limits = [outcomes.speaks_of(each.changed_job, each.observed_at) for each in reports]
    numbered = [
        (each.enrollee_id, limit) for each, limit in zip(reports, limits, strict=True) if each.enrollee_id is not None
    ]
    latest = iter(predictions.latest_before(numbered))
    joined = []
    for report, limit in zip(reports, limits, strict=True):
        prediction = next(latest) if report.prediction_id is None else named[report.prediction_id]
        enrollee_id = report.enrollee_id if report.prediction_id is None else named[report.prediction_id].enrollee_id
        assert enrollee_id is not None  # noqa: S101
        if prediction is not None and prediction.created_at > limit:
            prediction = None
        joined.append(Outcome.of(enrollee_id, report.observed_at, report.changed_job, prediction))
    joined = _as_joined_before(joined)
    outcomes.save(joined)
    return joined


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


def _as_joined_before(joined: list[Outcome]) -> list[Outcome]:
    """Outcomes, those without a prediction with what the same report was joined to before: a replay or its age may have
    ended the prediction since."""
    lost = [(each.enrollee_id, each.observed_at) for each in joined if each.prediction_id is None]
    before = outcomes.reported(lost) if lost else {}
    return [_kept(each, before.get((each.enrollee_id, each.observed_at))) for each in joined]


def _kept(outcome: Outcome, before: Outcome | None) -> Outcome:
    if outcome.prediction_id is not None or before is None or before.prediction_id is None:
        return outcome
    limit = outcomes.speaks_of(outcome.changed_job, outcome.observed_at)
    if prediction_keys.parse(before.prediction_id).created_at > limit:
        return outcome
    return replace(before, changed_job=outcome.changed_job)
