"""The identifiers of a large file in a compressed bitmap: ten million take some tens of megabytes."""

import numpy as np
from pyroaring import BitMap

from jobchange.reading.seen import Numbers


class SeenPacked:
    """`reading.seen.Seen` as a Roaring bitmap."""

    def __init__(self) -> None:
        self._numbers = BitMap()

    def add(self, numbers: Numbers) -> Numbers:
        new = BitMap(numbers)
        before = np.array(self._numbers & new, np.uint32)
        self._numbers |= new
        return before
