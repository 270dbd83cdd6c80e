"""Score one part of a file with the version pinned for it, and mark it as done; any number of times with one result."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice, repeat
from typing import Any

import numpy as np

from jobchange import times
from jobchange.aws import messages, retries, telemetry
from jobchange.aws.messages import ReplacePredictions, ScorePart
from jobchange.aws.telemetry import logger
from jobchange.errors import ModelRefused, public_message
from jobchange.registry.artifact import SCORE_BINS
from jobchange.scoring import part_reader
from jobchange.scoring.model import Model, load
from jobchange.scoring.part_reader import Batch
from jobchange.store import counters, lake, predictions, scoring_state, suppression_list
from jobchange.store.lake_layout import part_key
from jobchange.store.prediction_keys import SCHEDULED, PredictionKey
from jobchange.store.predictions import Prediction
from jobchange.store.scoring_state import ScoringJob
from jobchange.store.suppression_list import Suppressed

MARGIN_SECONDS = 20.0
"""A worker with less time left hands the rest of its part over: several times what a batch takes to score and store."""


def score_part(file_id: str, part: int, start: int, seconds_left: Callable[[], float]) -> None:
    """Score the rows of a part from its batch `start` on, store the predictions, count them once, and complete the
    file with its last part. A worker that runs short of time sends a message about the rest instead.

    A prediction's key follows from the file's first claim, the file and the row, so a repeat overwrites it. Raises
    NotFound for a file or part that isn't there, and what the store raises when it stays busy; the file's record then
    says what happened, for an operator who finds the message among the dead letters.
    """
    try:
        _score_part(file_id, part, start, seconds_left)
    except Exception as error:
        scoring_state.record_part_failure(file_id, part, public_message(error))
        raise


def _score_part(file_id: str, part: int, start: int, seconds_left: Callable[[], float]) -> None:
    work = scoring_state.get(file_id)
    if part in work.parts_done:
        logger.info("scored before", file_id=file_id, part=part)
        if work.complete:
            _hand_over(work)
        return
    if work.model_version is None:
        raise ValueError("no model was pinned")
    model, challenger = load(work.model_version), _challenger(work)
    batches = islice(part_reader.read(lake.get(part_key(file_id, part))), start, None)
    rows = start * scoring_state.BATCH_ROWS
    for number, batch in enumerate(batches, start):
        if number > start and seconds_left() < MARGIN_SECONDS:
            messages.send(ScorePart(file_id=file_id, part=part, start=number))
            logger.info("handed over", file_id=file_id, part=part, rows=rows)
            return
        predicted = list(_predictions(batch, model, challenger, work))
        scored = _store(predicted, scoring_state.batch_receipt(file_id, part, number))
        scoring_state.record_batch_scores(file_id, part, number, _histogram(scored))
        rows += len(batch)
    complete = scoring_state.complete_part(file_id, part, rows)
    logger.info("scored", file_id=file_id, part=part, rows=rows, complete=complete)
    telemetry.metrics(rows_scored=rows)
    if complete:
        since_claim = datetime.now(UTC) - times.parse(work.claimed_at)
        telemetry.metrics(file_end_to_end_seconds=since_claim.total_seconds())
        _hand_over(work)


def _store(predicted: list[Prediction], receipt: str) -> list[Prediction]:
    """Store and count the predictions of a batch but those of erased candidates; returns those that were stored.

    The count is refused if anybody was erased since the list was read. So a candidate who was erased before the count
    isn't in it; one who was erased after it is subtracted once, here or by the erasure.
    """
    for _ in retries.attempts():
        suppressed = suppression_list.load()
        stored = [each for each in predicted if not _erased(each, suppressed)]
        _withdraw(predicted, receipt, suppressed)
        predictions.save(stored)
        try:
            if stored:
                predictions.count(receipt, stored, generation=suppressed.generation)
        except counters.Outdated:
            continue
        newly = suppression_list.load()
        if newly.generation != suppressed.generation:
            _withdraw(stored, receipt, newly)
        return stored
    raise TimeoutError("The list of suppressed candidates keeps changing.")


def _withdraw(predicted: list[Prediction], receipt: str, suppressed: Suppressed) -> None:
    """Delete what an earlier attempt, or another one at this moment, may have stored of erased candidates."""
    for each in predicted:
        if _erased(each, suppressed):
            since = suppressed.since.get(suppressed.hash(each.enrollee_id or 0), 0)
            predictions.withdraw(each.key, batch=receipt, since=since)


def _erased(prediction: Prediction, suppressed: Suppressed) -> bool:
    """Whether a row is that of an erased candidate, or what was left in its place."""
    return not prediction.enrollee_id or prediction.enrollee_id in suppressed


def _hand_over(work: ScoringJob) -> None:
    """Ask for the predictions of the file that this one replays to be withdrawn; idempotent."""
    if work.replay_of:
        messages.send(ReplacePredictions(file_id=work.file_id))


def _challenger(work: ScoringJob) -> Model | None:
    """The version that scores in the champion's shadow; None where none was pinned, or it can't be trusted: the
    champion's predictions never depend on it."""
    if work.challenger_version is None:
        return None
    try:
        return load(work.challenger_version)
    except ModelRefused:
        logger.warning("challenger refused", file_id=work.file_id, challenger_version=work.challenger_version)
        return None


def _predictions(batch: Batch, model: Model, challenger: Model | None, work: ScoringJob) -> Iterator[Prediction]:
    probabilities = model.probabilities(batch.encoded).tolist()
    shadows = _shadows(challenger, batch)
    rows = zip(batch.rows.tolist(), batch.enrollee_ids.tolist(), batch.features(), probabilities, shadows, strict=True)
    for row, enrollee_id, features, probability, shadow in rows:
        yield Prediction(
            key=PredictionKey(source=SCHEDULED, created_at=work.claimed_at, origin=work.file_id, row=row),
            enrollee_id=enrollee_id,
            features=features,
            probability=probability,
            will_change=model.calls(probability),
            model_version=model.version,
            **shadow,
        )


def _shadows(challenger: Model | None, batch: Batch) -> Iterable[dict[str, Any]]:
    """What each prediction of a batch says of the challenger."""
    if challenger is None:
        return repeat({}, len(batch))
    return (
        {
            "challenger_version": challenger.version,
            "challenger_probability": probability,
            "challenger_will_change": challenger.calls(probability),
        }
        for probability in challenger.probabilities(batch.encoded).tolist()
    )


def _histogram(scored: list[Prediction]) -> list[int]:
    counts, _ = np.histogram([each.probability for each in scored], bins=SCORE_BINS, range=(0, 1))
    return [int(count) for count in counts]
