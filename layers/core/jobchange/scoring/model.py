"""A registered model, loaded and checked, ready to score."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jobchange.aws.telemetry import logger
from jobchange.errors import ModelRefused, NoChampion
from jobchange.registry import loader
from jobchange.registry.artifact import INPUT, MODEL_FILE, PROBABILITY, Profile
from jobchange.store import models

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

CACHE_SECONDS = 5
"""How long the champion's name is remembered: after a promotion or roll-back, answers follow within this time."""
TOLERANCE = 1e-5
"""How far a probability may be from scikit-learn's."""
BLOCK_ROWS = 2_500
"""What one thread scores at once: milliseconds of work, so that handing it over costs nothing."""


@dataclass(frozen=True, eq=False)
class Model:
    """Scores encoded candidates, (rows, features) float32, with one registered version. Safe to share among threads."""

    version: str
    profile: Profile
    _session: "InferenceSession"

    def above(self, probability: float) -> float:
        """The share of the training population with a lower probability, by out-of-fold probabilities."""
        quantiles = self.profile["quantiles"]
        return float(np.interp(probability, quantiles, np.linspace(0, 1, len(quantiles))))

    def probabilities(self, encoded: NDArray[np.float32]) -> NDArray[np.float64]:
        """The probability of each candidate, (rows,); the same one in whatever batch the candidate comes."""
        if len(encoded) <= BLOCK_ROWS:
            return self._block(encoded)
        blocks = [encoded[start : start + BLOCK_ROWS] for start in range(0, len(encoded), BLOCK_ROWS)]
        return np.concatenate(list(_threads().map(self._block, blocks)))

    def _block(self, encoded: NDArray[np.float32]) -> NDArray[np.float64]:
        """Neighbours with the same value of the most used feature take the same branches, which a processor guesses
        right: sorted by it, candidates are scored a quarter faster."""
        order = np.argsort(encoded[:, 0])
        (column,) = self._session.run([PROBABILITY], {INPUT: encoded[order]})
        found = np.empty(len(encoded))
        found[order] = column[:, 0]
        return found


@cache
def _threads() -> ThreadPoolExecutor:
    """As many as there are processors; the runtime lets go of Python's lock while it scores."""
    return ThreadPoolExecutor(os.cpu_count(), "score")


def champion_model() -> Model:
    """The model in use now, or until `CACHE_SECONDS` ago; where that one can't be trusted, the champion before it.

    Raises NoChampion when none was promoted, ModelRefused when neither can be trusted.
    """
    return _champion(int(time.monotonic() // CACHE_SECONDS))


@lru_cache(maxsize=1)
def _champion(_moment: int) -> Model:
    aliases = models.aliases()
    if aliases.champion is None:
        # Raised rather than returned, so that it isn't remembered: one may be promoted this second.
        raise NoChampion
    try:
        return load(aliases.champion)
    except ModelRefused:
        if aliases.previous is None:
            raise
        logger.warning("champion refused", version=aliases.champion, instead=aliases.previous)
        return load(aliases.previous)


@lru_cache(maxsize=4)
def load(version: str) -> Model:
    """A registered version; kept in this process, as versions never change.

    Raises ModelRefused when a file isn't the registered one, when the version was trained for another contract or
    encoder, or when it doesn't give its probes the probabilities that scikit-learn gave them.
    """
    (onnx,) = loader.read(version, MODEL_FILE)
    profile = loader.profile(version)
    if not loader.is_compatible(profile):
        raise ModelRefused(f"Model {version} was trained for another version of the data contract. Train a new one.")
    try:
        model = Model(version, profile, _session(onnx))
        rows = np.array(profile["probes"]["rows"], dtype=np.float32)
        error = np.abs(model.probabilities(rows) - profile["probes"]["probabilities"]).max()
    except Exception as cause:  # onnxruntime raises a dozen kinds, and all mean the same here
        raise ModelRefused(f"Model {version} can't be run. Promote another version.") from cause
    if not error <= TOLERANCE:
        raise ModelRefused(f"Model {version} gives its probes other probabilities than in training. Train a new one.")
    return model


def _session(onnx: bytes) -> "InferenceSession":
    """One thread a call, for two reasons: a sum over trees is then the same, to the last bit, in any batch; and one
    candidate isn't handed to a sleeping thread and back. Many candidates are spread over threads in blocks."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # Fatal messages only. They go to stderr, never to stdout, where an emulated function speaks with its host.
    options.log_severity_level = 4
    return InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
