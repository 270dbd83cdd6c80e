"""The champion, as a new model is compared with it: fairly, on the new model's rows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobchange.errors import ModelRefused
from jobchange.registry import folds, loader
from jobchange.registry.artifact import FOLDS_FILE, MODEL_FILE
from jobchange.store import models
from jobchange.training import trees
from jobchange.training.dataset import Dataset


@dataclass(frozen=True)
class Incumbent:
    """The champion's ONNX model, and what its own cross-validation said of the rows that it was trained on (see
    `registry.folds`)."""

    version: str
    onnx: bytes
    folds: NDArray[Any]

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
        onnx, rows = loader.read(version, MODEL_FILE, FOLDS_FILE)
        profile = loader.profile(version)
    except ModelRefused:
        return None
    if not loader.is_compatible(profile):
        return None
    return Incumbent(version, onnx, folds.loads(rows))
