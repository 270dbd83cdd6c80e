"""A trained model as data: what training hands to the registry, and scoring reads back. Never code, never a pickle."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NotRequired, TypedDict

from jobchange import times
from jobchange.store.models import FAILED, PASSED, DeclaredRule, Gate

MODEL_FILE = "model.onnx"
PROFILE_FILE = "profile.json"
CARD_FILE = "card.json"
CARD_HTML_FILE = "card.html"
BACKGROUND_FILE = "background.npz"
"""The training rows, counted leaf by leaf: explanations compare candidates with them."""
FOLDS_FILE = "folds.npy"
"""A fingerprint of each training row, its outcome, and the prediction of a model that hadn't seen the row: later models
are compared with it."""

INPUT, LOG_ODDS, PROBABILITY = "features", "log_odds", "probability"
"""The names of the ONNX model's input and outputs."""

SCORE_BINS = 10
"""Histograms of probabilities have this many bins of equal width from 0 to 1."""


class Probes(TypedDict):
    """Encoded rows (null for NaN) with the probabilities that scikit-learn gives them."""

    rows: list[list[float | None]]
    probabilities: list[float]


class GroupScores(TypedDict):
    """How many training rows have an out-of-fold probability in each hundredth from 0 to 1, and how many of them were
    looking: of one level of a column, or of everybody (None)."""

    column: str | None
    level: str | None
    rows: list[int]
    looking: list[int]


class Profile(TypedDict):
    """`profile.json`: what scoring must know about a model, and what drift is measured against.

    `histograms` counts the training rows in the contract's bins of each column, `scores` their out-of-fold
    probabilities; `quantiles` are those probabilities from the lowest to the highest, in steps of equally many rows;
    `calibration` is the map from them to calibrated ones (`statistics.isotonic`), and `labelled_scores` count them by
    outcome and group, everybody first; profiles of before don't have these two.
    """

    contract_version: str
    encoder_hash: str
    features: list[str]
    threshold: float
    threshold_rule: DeclaredRule
    probes: Probes
    histograms: dict[str, list[int]]
    scores: list[int]
    calibration: NotRequired[dict[str, list[Any]]]
    labelled_scores: NotRequired[list[GroupScores]]
    quantiles: list[float]
    rows: int
    trained_at: str


@dataclass(frozen=True)
class TrainedModel:
    """A model ready to be registered: ONNX, profile and card (metrics, data, gates, settings, versions; JSON values),
    the card as a page for people, and background and folds as NumPy files."""

    onnx: bytes
    profile: Profile
    card: Mapping[str, Any]
    page: bytes
    background: bytes
    folds: bytes

    @property
    def gates(self) -> list[Gate]:
        gates: list[Gate] = self.card["gates"]
        return gates

    @property
    def status(self) -> Literal["PASSED", "FAILED"]:
        """PASSED when every gate was."""
        return PASSED if all(gate["passed"] for gate in self.gates) else FAILED

    @property
    def reason(self) -> str | None:
        """Why it failed, if it did: the sentences of the gates that stopped it."""
        return " ".join(gate["sentence"] for gate in self.gates if not gate["passed"]) or None

    @cached_property
    def files(self) -> dict[str, bytes]:
        """What is stored of it, by name."""
        return {
            MODEL_FILE: self.onnx,
            PROFILE_FILE: json.dumps(self.profile, allow_nan=False).encode(),
            CARD_FILE: json.dumps(self.card, allow_nan=False).encode(),
            CARD_HTML_FILE: self.page,
            BACKGROUND_FILE: self.background,
            FOLDS_FILE: self.folds,
        }

    @cached_property
    def checksums(self) -> dict[str, str]:
        """The SHA-256 of each file."""
        return {name: hashlib.sha256(body).hexdigest() for name, body in self.files.items()}

    @property
    def version(self) -> str:
        """Such as `20261124T081500Z-1a2b3c4d`: when it was trained, and a hash of its model, profile, card and
        background. The page isn't among them, as it names the version."""
        named = "".join(self.checksums[name] for name in (MODEL_FILE, PROFILE_FILE, CARD_FILE, BACKGROUND_FILE))
        trained_at = times.parse(self.profile["trained_at"])
        return f"{trained_at:%Y%m%dT%H%M%SZ}-{hashlib.sha256(named.encode()).hexdigest()[:8]}"
