"""What candidates really did, each outcome beside what had been predicted of the candidate.

What was predicted is copied into the outcome when it is reported, so that measuring a model reads its outcomes, by the
index by_version, and no prediction.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter

from jobchange import contract, times
from jobchange.contract import Kind
from jobchange.settings import settings
from jobchange.store import predictions
from jobchange.store.predictions import Prediction
from jobchange.store.tables import OutcomeRow

_READ_TOGETHER = 100
"""DynamoDB's own limit for reading items by their keys."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Whether a candidate changed job, as observed at an instant (RFC 3339, as `times.text` writes it).

    The rest is copied from the prediction it is joined to; None where no prediction preceded it.
    """

    enrollee_id: int
    observed_at: str
    changed_job: bool
    prediction_id: str | None = None
    model_version: str | None = None
    probability: float | None = None
    challenger_version: str | None = None
    challenger_probability: float | None = None

    @classmethod
    def of(cls, enrollee_id: int, observed_at: str, changed_job: bool, prediction: Prediction | None) -> "Outcome":
        """The outcome joined to a prediction."""
        known = Outcome(enrollee_id=enrollee_id, observed_at=observed_at, changed_job=changed_job)
        if prediction is None:
            return known
        return Outcome(
            **vars(known)
            | {
                "prediction_id": prediction.id,
                "model_version": prediction.model_version,
                "probability": prediction.probability,
                "challenger_version": prediction.challenger_version,
                "challenger_probability": prediction.challenger_probability,
            }
        )


def save(outcomes: Iterable[Outcome]) -> None:
    """Write outcomes, one row for each candidate and instant; a repeat overwrites it. Each lives as long as a
    prediction made when it was observed."""
    rows = {(each.enrollee_id, each.observed_at): each for each in outcomes}
    with OutcomeRow.batch_write() as batch:
        for outcome in rows.values():
            batch.save(OutcomeRow(**vars(outcome), expires=times.epoch(outcome.observed_at) + _lifetime()))


def of_version(version: str, *, limit: int) -> list[Outcome]:
    """The newest outcomes of candidates whose latest prediction came from a version, at most `limit`, newest first."""
    found = OutcomeRow.by_version.query(version, scan_index_forward=False, limit=limit)
    return [_outcome(row) for row in found]


def labelled() -> Iterator[Mapping[str, str | None]]:
    """Every candidate with a known outcome and a stored prediction, once, in the contract's columns: canonical texts,
    None where missing, the label among them. Of several outcomes the last one counts, with its prediction's features.

    Reads the whole table, as training does.
    """
    rows = OutcomeRow.scan(OutcomeRow.prediction_id.exists())
    # A scan returns the rows of one partition together, in the order of their sort keys.
    last = (list(outcomes)[-1] for _, outcomes in groupby(rows, key=attrgetter("enrollee_id")))
    while together := list(islice(last, _READ_TOGETHER)):
        yield from _labelled(together)


def of_candidate(enrollee_id: int) -> list[Outcome]:
    """Every outcome of one person, oldest first."""
    return [_outcome(row) for row in OutcomeRow.query(enrollee_id, consistent_read=True)]


def erase_candidate(enrollee_id: int) -> int:
    """Delete every outcome of one person; returns how many there were."""
    found = list(OutcomeRow.query(enrollee_id, consistent_read=True))
    with OutcomeRow.batch_write() as batch:
        for row in found:
            batch.delete(row)
    return len(found)


def _labelled(rows: Sequence[OutcomeRow]) -> Iterator[Mapping[str, str | None]]:
    known = predictions.by_ids(row.prediction_id for row in rows)
    for row in rows:
        prediction = known.get(row.prediction_id)
        if prediction is not None:
            values = {
                **prediction.features,
                contract.IDENTIFIER: int(row.enrollee_id),
                contract.LABEL: int(row.changed_job),
            }
            yield {column.name: _text(column.kind, values.get(column.name)) for column in contract.COLUMNS}


def _text(kind: Kind, value: str | float | None) -> str | None:
    """A stored value as a file would hold it."""
    if value is None:
        return None
    return str(int(value)) if kind is Kind.INTEGER else str(value)


def _lifetime() -> int:
    return settings().prediction_days * 86_400


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
    )


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
