"""Candidates scored while somebody waits for the answer."""

import secrets
from collections.abc import Sequence

from jobchange import times
from jobchange.candidate import Candidate
from jobchange.scoring.explain import Contribution, explain
from jobchange.scoring.model import champion_model, load
from jobchange.scoring.predict import predict as score
from jobchange.store import predictions
from jobchange.store.keys import Key, Source
from jobchange.store.predictions import Prediction


def predict(candidates: Sequence[Candidate], *, source: Source) -> list[Prediction]:
    """Score candidates with the champion, keep and count the predictions, and return them in the same order.

    Raises NoChampion, or ModelRefused when the champion can't be trusted.
    """
    model = champion_model()
    request, created_at = secrets.token_hex(8), times.now()
    features = [candidate.features for candidate in candidates]
    made = [
        Prediction(
            key=Key(source=source, shard=0, created_at=created_at, origin=request, row=position),
            enrollee_id=candidate.enrollee_id,
            features=values,
            probability=probability,
            will_change=will_change,
            model_version=model.version,
        )
        for position, (candidate, values, (probability, will_change)) in enumerate(
            zip(candidates, features, score(features, model), strict=True)
        )
    ]
    predictions.save(made)
    predictions.count(request, made)
    return made


def explanations(made: Sequence[Prediction]) -> list[list[Contribution]]:
    """Why each prediction is as it is, by the version that made it, in the same order. Raises ModelRefused when that
    version can't be trusted any more."""
    return [explain([each.features], load(each.model_version))[0] for each in made]
