"""Score one part of a file with the version pinned for it, and tick it off; any number of times with one result."""

from collections.abc import Iterator
from typing import Final

from jobchange.scoring import part as parts
from jobchange.scoring.model import Model, load
from jobchange.scoring.part import Batch
from jobchange.store import files, lake, predictions
from jobchange.store.files import Work
from jobchange.store.keys import SHARDS, Key
from jobchange.store.paths import part_key
from jobchange.store.predictions import Prediction
from jobchange.telemetry import logger

SOURCE: Final = "scheduled"


def score_part(file_id: str, part: int) -> None:
    """Score every row of a part, store the predictions, count them once, and complete the file with its last part.

    Where a prediction stands follows from the file's first claim, the file and the row, so a repeat overwrites itself.
    Raises NotFound for a file or part that isn't there, and what the store raises when it stays busy.
    """
    work = files.work(file_id)
    if part in work.parts_done:
        logger.info("scored before", file_id=file_id, part=part)
        return
    if work.model_version is None:
        raise ValueError(f"File {file_id} was never planned.")
    model = load(work.model_version)
    scored = 0
    for batch in parts.read(lake.get(part_key(file_id, part))):
        made = list(_predictions(batch, model, work, part))
        predictions.save(made)
        predictions.count(f"{file_id}#{made[0].row}", made)
        scored += len(made)
    complete = files.part_scored(file_id, part, scored)
    logger.info("scored", file_id=file_id, part=part, rows=scored, complete=complete)


def _predictions(batch: Batch, model: Model, work: Work, part: int) -> Iterator[Prediction]:
    probabilities = model.probabilities(batch.encoded).tolist()
    rows = zip(batch.rows.tolist(), batch.enrollee_ids.tolist(), batch.features(), probabilities, strict=True)
    for row, enrollee_id, features, probability in rows:
        yield Prediction(
            key=Key(
                source=SOURCE,
                shard=part % SHARDS[SOURCE],
                created_at=work.claimed_at,
                origin=work.file_id,
                row=row,
            ),
            enrollee_id=enrollee_id,
            features=features,
            probability=probability,
            will_change=probability >= model.threshold,
            model_version=model.version,
        )
