"""What candidates really did, each outcome beside what had been predicted of the candidate.

What was predicted, and of which features, is copied into the outcome when it is reported: measuring a model and
training one read outcomes and no prediction, so that both survive the predictions' replay and expiry.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from jobchange import contract, times
from jobchange.contract import Kind
from jobchange.settings import settings
from jobchange.store import prediction_keys
from jobchange.store.predictions import Prediction
from jobchange.store.tables import OutcomeRow

_MEASURED = ("enrollee_id", "observed_at", "changed_job", "prediction_id", "model_version", "probability")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Whether a candidate changed job, as observed at an instant (RFC 3339, as `times.text` writes it).

    The rest is copied from the prediction it is joined to; None where there is none that it can speak of. `features`
    are None as well where they weren't read.
    """

    enrollee_id: int
    observed_at: str
    changed_job: bool
    prediction_id: str | None = None
    model_version: str | None = None
    probability: float | None = None
    challenger_version: str | None = None
    challenger_probability: float | None = None
    features: Mapping[str, str | float | None] | None = None

    @classmethod
    def of(cls, enrollee_id: int, observed_at: str, changed_job: bool, prediction: Prediction | None) -> "Outcome":
        """The outcome joined to a prediction."""
        known = Outcome(enrollee_id=enrollee_id, observed_at=observed_at, changed_job=changed_job)
        if prediction is None:
            return known
        return replace(
            known,
            prediction_id=prediction.id,
            model_version=prediction.model_version,
            probability=prediction.probability,
            challenger_version=prediction.challenger_version,
            challenger_probability=prediction.challenger_probability,
            features=prediction.features,
        )

    @property
    def counts_from(self) -> str | None:
        """When it begins to count: once its prediction's horizon has passed, a yes too. If a yes counted at once and a
        no only then, the youngest predictions would all have come true. None without a prediction."""
        if self.prediction_id is None:
            return None
        predicted_at = times.parse(prediction_keys.parse(self.prediction_id).created_at)
        return times.text(predicted_at + _horizon())

    @property
    def counts(self) -> bool:
        """Whether it counts by now."""
        if self.prediction_id is None or not settings().outcome_horizon_days:
            return self.prediction_id is not None
        return (self.counts_from or "") <= times.now()


def speaks_of(changed_job: bool, observed_at: str) -> str:
    """The latest instant of which a prediction can be judged by an outcome.

    A yes has to be observed `outcome_delay_days` after the prediction at least, as what is known at once may have been
    known before. A no has to be observed after `outcome_horizon_days`: until then it says "not yet".
    """
    delay = timedelta(days=settings().outcome_delay_days)
    return times.text(times.parse(observed_at) - (delay if changed_job else max(delay, _horizon())))


def save(outcomes: Iterable[Outcome]) -> None:
    """Write outcomes, one row for each candidate and instant; a repeat overwrites it. Each lives as long as a
    prediction made when it was observed."""
    rows = {(each.enrollee_id, each.observed_at): each for each in outcomes}
    with OutcomeRow.batch_write() as batch:
        for outcome in rows.values():
            batch.save(OutcomeRow(**vars(outcome), expires=times.epoch(outcome.observed_at) + _lifetime()))


def of_version(version: str, *, limit: int) -> list[Outcome]:
    """The newest outcomes that are joined to a version's predictions, at most `limit`, newest first."""
    found = OutcomeRow.by_version.query(version, scan_index_forward=False, limit=limit)
    return [_outcome(row) for row in found]


def newest_of_candidate(enrollee_id: int, *, limit: int) -> list[Outcome]:
    """The outcomes of one person without their features, at most `limit`, newest first."""
    found = OutcomeRow.query(enrollee_id, scan_index_forward=False, limit=limit, attributes_to_get=[*_MEASURED])
    return [_outcome(row) for row in found]


def reported(wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Outcome]:
    """What was reported before of some candidates at some instants, by both."""
    found = map(_outcome, OutcomeRow.batch_get(list(dict.fromkeys(wanted))))
    return {(each.enrollee_id, each.observed_at): each for each in found}


def labelled() -> Iterator[Mapping[str, str | None] | None]:
    """Every candidate with an outcome, once, in the contract's columns: canonical texts, None where missing, the label
    among them. Of several outcomes the last one that counts by now is taken, with the features of its prediction; None
    stands for a candidate of whom none does.

    Reads the whole table, as training does.
    """
    # A scan returns the rows of one partition together, in the order of their sort keys.
    for _, rows in groupby(OutcomeRow.scan(), key=attrgetter("enrollee_id")):
        counted = [each for each in map(_outcome, rows) if each.counts and each.features is not None]
        yield _labelled(counted[-1]) if counted else None


def of_candidate(enrollee_id: int) -> list[Outcome]:
    """Every outcome of one person, oldest first."""
    return [_outcome(row) for row in OutcomeRow.query(enrollee_id, consistent_read=True)]


def count_labelled() -> int:
    """How many candidates `labelled` gives the features of. Reads the whole table, though not the features."""
    rows = OutcomeRow.scan(attributes_to_get=list(_MEASURED))
    return len({row.enrollee_id for row in rows if _outcome(row).counts})


def erase_candidate(enrollee_id: int) -> int:
    """Delete every outcome of one person; returns how many there were."""
    found = list(OutcomeRow.query(enrollee_id, consistent_read=True))
    with OutcomeRow.batch_write() as batch:
        for row in found:
            batch.delete(row)
    return len(found)


def _labelled(outcome: Outcome) -> Mapping[str, str | None]:
    values = {
        **(outcome.features or {}),
        contract.IDENTIFIER: outcome.enrollee_id,
        contract.LABEL: int(outcome.changed_job),
    }
    return {column.name: _text(column.kind, values.get(column.name)) for column in contract.COLUMNS}


def _text(kind: Kind, value: str | float | None) -> str | None:
    """A stored value as a file would hold it."""
    if value is None:
        return None
    return str(int(value)) if kind is Kind.INTEGER else str(value)


def _lifetime() -> int:
    return settings().prediction_days * 86_400


def _horizon() -> timedelta:
    return timedelta(days=settings().outcome_horizon_days)


def _outcome(row: OutcomeRow) -> Outcome:
    return Outcome(
        enrollee_id=int(row.enrollee_id),
        observed_at=row.observed_at,
        changed_job=row.changed_job,
        prediction_id=row.prediction_id,
        model_version=row.model_version,
        probability=_number(row.probability),
        challenger_version=row.challenger_version,
        challenger_probability=_number(row.challenger_probability),
        features=row.features,
    )


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
