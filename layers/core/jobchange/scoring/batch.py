"""Score one part of a file with the version pinned for it, and mark it as done; any number of times with one result."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import islice, repeat
from typing import Any

import numpy as np

from jobchange import contract, times
from jobchange.aws import messages, retries, telemetry
from jobchange.aws.messages import RankFile, ReplacePredictions, ScorePart
from jobchange.aws.telemetry import logger
from jobchange.contract import Column
from jobchange.contract.bins import bin_of
from jobchange.errors import ModelRefused, public_message
from jobchange.registry.threshold import threshold_at
from jobchange.scoring import part_reader, ranking
from jobchange.scoring.model import Model, load
from jobchange.scoring.part_reader import Batch
from jobchange.store import (
    counters,
    lake,
    prediction_counts,
    predictions,
    score_histograms,
    scored_files,
    scoring_state,
    suppression_list,
    withdrawals,
)
from jobchange.store.lake_layout import part_key
from jobchange.store.prediction_keys import SCHEDULED, PredictionKey
from jobchange.store.predictions import Prediction
from jobchange.store.score_histograms import Groups
from jobchange.store.scoring_state import ScoringJob
from jobchange.store.suppression_list import Suppressed

MARGIN_SECONDS = 20.0
"""A worker with less time left hands the rest of its part over: several times what a batch takes to score and store."""

SecondsLeft = Callable[[], float]


def score_part(file_id: str, part: int, start: int, seconds_left: SecondsLeft) -> None:
    """Score the rows of a part from its batch `start` on, store the predictions, count them once, write the scored
    rows, and complete the file with its last part. A worker that runs short of time sends a message about the rest
    instead, also where it was the table that kept it waiting.

    A prediction's key follows from the file's first claim, the file and the row, so a repeat overwrites it. Raises
    NotFound for a file or part that isn't there, and what the store raises when it stays busy for all of a worker's
    time; the file's record then says what happened, for an operator who finds the message among the dead letters.
    """
    with _failure_recorded(file_id, part):
        _score_part(file_id, part, start, seconds_left)


def rank_file(file_id: str) -> None:
    """Make the ranking of a file, all parts of which are scored, and complete the file if it isn't; nothing happens
    while parts are missing."""
    with _failure_recorded(file_id, None):
        work = scoring_state.get(file_id)
        if work.all_parts_done:
            _complete(work)


@contextmanager
def _failure_recorded(file_id: str, part: int | None) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        scoring_state.record_part_failure(file_id, part, public_message(error))
        raise


def _score_part(file_id: str, part: int, start: int, seconds_left: SecondsLeft) -> None:
    work = scoring_state.get(file_id)
    if part in work.parts_done:
        logger.info("scored before", file_id=file_id, part=part)
        if work.complete:
            _hand_over(work)
        elif work.all_parts_done:
            _complete(work)
        return
    if work.model_version is None:
        raise ValueError("no model was pinned")
    model, challenger = load(work.model_version), _challenger(work)
    batches = islice(part_reader.read(lake.get(part_key(file_id, part))), start, None)
    rows = start * scoring_state.BATCH_ROWS
    for number, batch in enumerate(batches, start):
        if number > start and seconds_left() < MARGIN_SECONDS:
            _continue_later(file_id, part, number, rows)
            return
        predicted = list(_predictions(batch, model, challenger, work))
        receipt = scoring_state.batch_receipt(file_id, part, number)
        try:
            scored = _patiently(partial(_store, work, batch, predicted, receipt), seconds_left)
        except TimeoutError:
            if number == start:
                raise
            _continue_later(file_id, part, number, rows)
            return
        scoring_state.record_batch_scores(file_id, part, number, _histogram(scored), _by_group(scored))
        rows += len(batch)
    ready = scoring_state.complete_part(file_id, part, rows)
    logger.info("scored", file_id=file_id, part=part, rows=rows, complete=ready)
    telemetry.metrics(rows_scored=rows)
    if not ready:
        return
    if seconds_left() < MARGIN_SECONDS + work.good / ranking.ROWS_A_SECOND:
        messages.send(RankFile(file_id=file_id))
    else:
        _complete(scoring_state.get(file_id))


def _continue_later(file_id: str, part: int, number: int, rows: int) -> None:
    messages.send(ScorePart(file_id=file_id, part=part, start=number))
    logger.info("handed over", file_id=file_id, part=part, rows=rows)


def _complete(work: ScoringJob) -> None:
    """Rank a file and mark it as scored, in this order: what is marked has its ranking."""
    ranking.rank(work)
    scoring_state.complete(work.file_id)
    if not work.complete:
        since_claim = datetime.now(UTC) - times.parse(work.claimed_at)
        telemetry.metrics(file_end_to_end_seconds=since_claim.total_seconds())
        _hand_over(work)


def _patiently(store: Callable[[], list[Prediction]], seconds_left: SecondsLeft) -> list[Prediction]:
    """Store a batch, however long the table is busy, until the time is short. Raises TimeoutError then."""
    while True:
        try:
            return store()
        except TimeoutError:
            if seconds_left() < MARGIN_SECONDS:
                raise


def _store(work: ScoringJob, batch: Batch, predicted: list[Prediction], receipt: str) -> list[Prediction]:
    """Store and count the predictions of a batch but those of erased candidates, and write its scored rows; returns
    those that were stored.

    The count is refused if anybody was erased since the list was read. So a candidate who was erased before the count
    isn't in it; one who was erased after it is subtracted once, here or by the erasure. In the same way one who is
    erased after the scored rows were written is deleted from them, here or by the erasure.
    """
    for _ in retries.attempts():
        suppressed = suppression_list.load()
        stored = [each for each in predicted if not _erased(each, suppressed)]
        _withdraw(predicted, receipt, suppressed)
        predictions.save(stored)
        _write_scored(work, batch, stored)
        try:
            if stored:
                prediction_counts.count(receipt, stored, generation=suppressed.generation)
        except counters.Outdated:
            continue
        newly = suppression_list.load()
        if newly.generation != suppressed.generation:
            _withdraw(stored, receipt, newly)
            _write_scored(work, batch, [each for each in stored if not _erased(each, newly)])
        return stored
    raise TimeoutError("The list of suppressed candidates keeps changing.")


def _write_scored(work: ScoringJob, batch: Batch, stored: list[Prediction]) -> None:
    """Write the scored rows of a batch. Where some of its rows are left out, what an earlier attempt wrote of them is
    deleted."""
    first, good = int(batch.rows[0]), dict(zip(batch.rows.tolist(), batch.lines, strict=True))
    scored = [
        scored_files.line(good[each.key.row], each.probability, each.will_change, each.model_version) for each in stored
    ]
    scored_files.write_part(work.file_id, work.day, first, scored)
    if len(stored) < len(batch):
        scored_files.purge_part(work.file_id, work.day, first)


def _withdraw(predicted: list[Prediction], receipt: str, suppressed: Suppressed) -> None:
    """Delete what an earlier attempt, or another one at this moment, may have stored of erased candidates."""
    for each in predicted:
        if _erased(each, suppressed):
            since = suppressed.since.get(suppressed.hash(each.enrollee_id or 0), 0)
            withdrawals.withdraw(each.key, batch=receipt, since=since)


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
    called_from = threshold_at(model.version, work.claimed_at)
    shadows = _shadows(challenger, batch, work)
    rows = zip(batch.rows.tolist(), batch.enrollee_ids.tolist(), batch.features(), probabilities, shadows, strict=True)
    for row, enrollee_id, features, probability, shadow in rows:
        yield Prediction(
            key=PredictionKey(source=SCHEDULED, created_at=work.claimed_at, origin=work.file_id, row=row),
            enrollee_id=enrollee_id,
            features=features,
            probability=probability,
            will_change=probability >= called_from,
            model_version=model.version,
            **shadow,
        )


def _shadows(challenger: Model | None, batch: Batch, work: ScoringJob) -> Iterable[dict[str, Any]]:
    """What each prediction of a batch says of the challenger."""
    if challenger is None:
        return repeat({}, len(batch))
    called_from = threshold_at(challenger.version, work.claimed_at)
    return (
        {
            "challenger_version": challenger.version,
            "challenger_probability": probability,
            "challenger_will_change": probability >= called_from,
        }
        for probability in challenger.probabilities(batch.encoded).tolist()
    )


def _histogram(scored: list[Prediction]) -> list[int]:
    counts, _ = np.histogram([each.probability for each in scored], bins=score_histograms.BINS, range=(0, 1))
    return [int(count) for count in counts]


def _by_group(scored: list[Prediction]) -> Groups:
    return {name: _by_bin(contract.BY_NAME[name], scored) for name in contract.GROUPED}


def _by_bin(column: Column, scored: list[Prediction]) -> dict[str, list[int]]:
    values = [each.features[column.name] for each in scored]
    bins = {value: column.bins[bin_of(column, value)] for value in set(values)}
    members: dict[str, list[Prediction]] = {}
    for value, each in zip(values, scored, strict=True):
        members.setdefault(bins[value], []).append(each)
    return {name: _histogram(each) for name, each in members.items()}
