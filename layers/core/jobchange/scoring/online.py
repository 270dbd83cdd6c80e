"""Candidates scored while somebody waits for the answer."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from jobchange import times
from jobchange.contract.candidate import Candidate, ReadCandidate
from jobchange.contract.encoder import encode
from jobchange.registry.threshold import threshold_at
from jobchange.scoring.explain import Explanation, background, explain
from jobchange.scoring.model import Model, champion_model, load
from jobchange.store import counters, idempotency, prediction_counts, predictions
from jobchange.store.prediction_keys import PredictionKey, Source
from jobchange.store.predictions import Prediction


def predict(candidates: Sequence[Candidate | ReadCandidate], *, source: Source) -> list[Prediction]:
    """Score candidates with the champion, keep and count the predictions, and return them in the same order.

    Raises NoChampion, or ModelRefused when the champion can't be trusted.
    """
    scored = try_out(candidates, source=source)
    _save(scored)
    return scored


def try_out(candidates: Sequence[Candidate | ReadCandidate], *, source: Source) -> list[Prediction]:
    """The same, with nothing kept and nothing counted: the predictions' ids lead to nothing. Raises as `predict`."""
    return _scored(candidates, champion_model(), source, secrets.token_hex(8), times.now())


def predict_once(
    candidates: Sequence[Candidate | ReadCandidate], *, source: Source, client: str, key: str
) -> list[Prediction]:
    """The same for a request that its client may send again under a key: whatever happened to the attempts before,
    their predictions end up stored and counted once, and every answer is the same.

    The first attempt pins model and instant. The predictions' ids follow from client, key and position, so a repeat
    overwrites what a killed attempt left. Raises as `predict` does, and as `idempotency.begin`.
    """
    champion = champion_model()
    payload = json.dumps([[each.enrollee_id, each.features] for each in candidates]).encode()
    origin = idempotency.identity(client, source, key)
    pinned = idempotency.begin(origin, payload, created_at=times.now(), model_version=champion.version)
    try:
        scored = _scored(candidates, load(pinned.model_version), source, origin, pinned.created_at)
        if not pinned.done:
            _save(scored)
            idempotency.finish(origin)
    except Exception:
        if not pinned.done:
            idempotency.release(origin)
        raise
    return scored


@dataclass(frozen=True)
class Explained:
    """Why a prediction is as it is, and the share of the training population with a lower probability."""

    explanation: Explanation
    above: float


def explained(scored: Sequence[Prediction]) -> list[Explained]:
    """Each prediction explained by the version that made it, in the same order. Raises ModelRefused when that version
    can't be trusted any more."""
    models = [load(each.model_version) for each in scored]
    return [
        Explained(explain(each.features, background(model.version)), model.above(each.probability))
        for each, model in zip(scored, models, strict=True)
    ]


def _scored(
    candidates: Sequence[Candidate | ReadCandidate], model: Model, source: Source, origin: str, created_at: str
) -> list[Prediction]:
    features = [candidate.features for candidate in candidates]
    called_from = threshold_at(model.version, created_at)
    return [
        Prediction(
            key=PredictionKey(source=source, created_at=created_at, origin=origin, row=position),
            enrollee_id=candidate.enrollee_id,
            features=values,
            probability=probability,
            will_change=probability >= called_from,
            model_version=model.version,
        )
        for position, (candidate, values, probability) in enumerate(
            zip(candidates, features, model.probabilities(encode(features)).tolist(), strict=True)
        )
    ]


def _save(scored: Sequence[Prediction]) -> None:
    """Store and count predictions, or leave none behind: what is listed is counted."""
    receipt = scored[0].key.origin
    try:
        predictions.save(scored)
        prediction_counts.count(receipt, scored)
    except Exception:
        if counters.counted_generation(receipt) is None:
            predictions.discard(scored)
            raise
