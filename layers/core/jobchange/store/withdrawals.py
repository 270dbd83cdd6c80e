"""Predictions taken back: deleted, and subtracted from the counters."""

from dataclasses import replace

from jobchange.store import counters, prediction_counts, prediction_keys, segments
from jobchange.store.prediction_keys import SCHEDULED, SEGMENT_ROWS, PredictionKey
from jobchange.store.predictions import prediction_of
from jobchange.store.tables import PredictionRow

CHUNK_ROWS = 10 * SEGMENT_ROWS
"""Rows of a file whose predictions are withdrawn together: whole segments."""


def withdraw(key: PredictionKey, *, batch: str | None, since: int) -> bool:
    """Delete one prediction and subtract it from the counters, both or neither; idempotent. Returns whether it was
    there.

    `batch` is the receipt with which it was counted together with others (None: it was counted, under whatever
    receipt). If that bears generation `since` or a later one, or isn't there, the candidate was left out of the count.
    """
    row = PredictionRow(key.partition, key.sort)
    try:
        row.refresh(consistent_read=True)
    except PredictionRow.DoesNotExist:
        return False
    generation = 0 if batch is None else counters.counted_generation(batch)
    if generation is not None and generation < since:
        counters.uncount(
            f"erased#{key.id}",
            key.day,
            counters.bucket(key.created_at),
            *prediction_counts.amounts([prediction_of(row)]),
            unless=_replaced(key),
            deleting=row,
        )
    # Whatever the counters say, it doesn't stay.
    row.delete()
    return True


def withdraw_rows(file_id: str, created_at: str, chunk: int) -> int:
    """Delete the predictions of `CHUNK_ROWS` rows of a file, from row `chunk * CHUNK_ROWS` on, and subtract them from
    the counters; idempotent. Returns how many were there.

    They are counted before any of them is deleted, so that an attempt after an interruption counts none again. Their
    segments leave the directory before them, so that listings don't look where nothing is left.
    """
    first = PredictionKey(source=SCHEDULED, created_at=created_at, origin=file_id, row=chunk * CHUNK_ROWS)
    runs = [replace(first, row=first.row + start) for start in range(0, CHUNK_ROWS, prediction_keys.SEGMENT_ROWS)]
    rows = [row for run in runs for row in PredictionRow.query(run.partition, consistent_read=True)]
    if rows:
        metrics = prediction_counts.amounts([prediction_of(row) for row in rows])
        fewer, daily = ({name: -amount for name, amount in each.items()} for each in metrics)
        counters.count(_replaced(first), first.day, counters.bucket(created_at), fewer, daily)
        segments.remove(runs)
        with PredictionRow.batch_write() as batch:
            for row in rows:
                batch.delete(row)
    return len(rows)


def _replaced(key: PredictionKey) -> str:
    return f"replaced#{key.origin}#{key.row // CHUNK_ROWS}"
