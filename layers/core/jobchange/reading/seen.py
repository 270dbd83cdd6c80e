"""The identifiers that a file has had so far."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint32]


class Seen(Protocol):
    """A growing set of identifiers. A large file needs one that packs them (`quality.seen_packed`)."""

    def add(self, numbers: Numbers) -> Numbers:
        """Add some in ascending order; returns those that were there before."""


class SeenArray:
    """Four bytes each, in order."""

    def __init__(self) -> None:
        self._numbers = np.empty(0, np.uint32)

    def add(self, numbers: Numbers) -> Numbers:
        before = np.intersect1d(self._numbers, numbers)
        self._numbers = np.union1d(self._numbers, numbers)
        return before
