"""A trained model as data: what training hands to the registry, and scoring reads back. Never code, never a pickle."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

MODEL_FILE = "model.onnx"
PROFILE_FILE = "profile.json"
CARD_FILE = "card.json"

INPUT, LOG_ODDS, PROBABILITY = "features", "log_odds", "probability"
"""The names of the ONNX model's input and outputs."""

SCORE_BINS = 10
"""Histograms of probabilities have this many bins of equal width from 0 to 1."""


class Probes(TypedDict):
    """Encoded rows (null for NaN) with the probabilities that scikit-learn gives them."""

    rows: list[list[float | None]]
    probabilities: list[float]


class Profile(TypedDict):
    """`profile.json`: what scoring must know about a model, and what drift is measured against.

    `histograms` counts the training rows in the contract's bins of each column, `scores` their out-of-fold
    probabilities; `reference` is the typical candidate, in canonical values, that explanations compare with.
    """

    contract_version: str
    encoder_hash: str
    features: list[str]
    threshold: float
    probes: Probes
    histograms: dict[str, list[int]]
    scores: list[int]
    reference: dict[str, Any]
    rows: int
    trained_at: str


@dataclass(frozen=True)
class Trained:
    """A model ready to be registered: ONNX, profile and card (metrics, data, settings, versions; JSON values)."""

    onnx: bytes
    profile: Profile
    card: Mapping[str, Any]
