"""What a version's cross-validation said of each of its training rows: later versions are compared with it."""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ROW = np.dtype([("row", "<u8"), ("probability", "<f8"), ("looking", "?")])


def dumps(fingerprints: NDArray[np.uint64], probabilities: NDArray[np.float64], looking: NDArray[np.bool_]) -> bytes:
    """A NumPy file of the rows' fingerprints, out-of-fold probabilities and outcomes, each (rows,)."""
    rows = np.empty(len(fingerprints), dtype=_ROW)
    rows["row"], rows["probability"], rows["looking"] = fingerprints, probabilities, looking
    rows.sort(order="row")
    file = io.BytesIO()
    np.save(file, rows, allow_pickle=False)
    return file.getvalue()


def loads(body: bytes) -> NDArray[Any]:
    """Records of `row`, `probability` and `looking`, (rows,), by ascending `row`; an older release's version has no
    `looking`."""
    found: NDArray[Any] = np.load(io.BytesIO(body), allow_pickle=False)
    return found
