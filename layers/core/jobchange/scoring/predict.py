"""Predictions for candidates given as records."""

from collections.abc import Mapping, Sequence

from jobchange.encoder import encode
from jobchange.scoring.model import Model


def predict(candidates: Sequence[Mapping[str, object]], model: Model) -> list[tuple[float, bool]]:
    """For each candidate (canonical values by column): the probability of looking for a job change, and whether it
    reaches the model's threshold. Raises ValueError as `encode` does."""
    probabilities = model.probabilities(encode(candidates)).tolist()
    return [(probability, model.calls(probability)) for probability in probabilities]
