"""The champion, as a new model is compared with it: fairly, on the new model's rows."""

import io
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from jobchange.errors import ModelRefused
from jobchange.registry import loader
from jobchange.registry.artifact import FOLDS_FILE, MODEL_FILE
from jobchange.store import models
from jobchange.training import trees
from jobchange.training.dataset import Dataset

_FOLDS = np.dtype([("row", "<u8"), ("probability", "<f8")])


@dataclass(frozen=True)
class Incumbent:
    """The champion's ONNX model, and what its own cross-validation said of the rows that it was trained on, sorted by
    their fingerprints."""

    version: str
    onnx: bytes
    folds: NDArray[Any]

    @classmethod
    def of(cls, version: str, onnx: bytes, folds: bytes) -> Self:
        """From the files of a registered version."""
        return cls(version, onnx, np.load(io.BytesIO(folds), allow_pickle=False))

    def probabilities(self, dataset: Dataset) -> NDArray[np.float64]:
        """A probability for each row by a model that hasn't seen the row.

        On rows that it was trained on, the champion would look better than any new model's out-of-fold probabilities.
        So for those rows its own cross-validation counts, and for the others its prediction: the same terms as for the
        new model. On the same data, where all rows are of the first kind, both were even tested in the same folds, as
        the seed is the same.
        """
        place = np.minimum(self.folds["row"].searchsorted(dataset.fingerprints), len(self.folds) - 1)
        seen = self.folds["row"][place] == dataset.fingerprints
        found = self.folds["probability"][place]
        found[~seen] = trees.probabilities(self.onnx, dataset.features[~seen])
        return found


def champion() -> Incumbent | None:
    """The champion as incumbent; None where there is none that can be compared: its files aren't whole, or it was
    trained for another contract."""
    version = models.aliases().champion
    if version is None:
        return None
    try:
        onnx, folds = loader.read(version, MODEL_FILE, FOLDS_FILE)
        profile = loader.profile(version)
    except ModelRefused:
        return None
    if not loader.is_compatible(profile):
        return None
    return Incumbent.of(version, onnx, folds)


def folds(dataset: Dataset, probabilities: NDArray[np.float64]) -> bytes:
    """What a model stores to be the incumbent later: a NumPy file of fingerprints and out-of-fold probabilities."""
    rows = np.empty(len(dataset), dtype=_FOLDS)
    rows["row"], rows["probability"] = dataset.fingerprints, probabilities
    rows.sort(order="row")
    file = io.BytesIO()
    np.save(file, rows, allow_pickle=False)
    return file.getvalue()
