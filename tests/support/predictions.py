"""Predictions as they are stored."""

from typing import Any

from jobchange import contract
from jobchange.contract.candidate import EXAMPLE
from jobchange.store.prediction_keys import PredictionKey
from jobchange.store.predictions import Prediction

FEATURES = {name: value for name, value in EXAMPLE.items() if name != contract.IDENTIFIER}


def predicted(enrollee_id: int | None, created_at: str, *, version: str = "v1", **more: Any) -> Prediction:
    return Prediction(
        key=PredictionKey(source="api", created_at=created_at, origin=f"{enrollee_id or 0:016x}", row=0),
        enrollee_id=enrollee_id,
        model_version=version,
        **{"features": FEATURES, "probability": 0.25, "will_change": False, **more},
    )
