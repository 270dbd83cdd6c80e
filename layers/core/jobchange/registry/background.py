"""The population that explanations compare a candidate with: the training rows, counted leaf by leaf."""

import io
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Background:
    """What is known of a model's training rows, as numbers of rows only: nobody's row is in it.

    Each leaf of each tree asks of every feature that it lie in `(lower, upper]`, or that it be missing where `missing`
    allows that, (leaves, features); a row that meets all of it gets the leaf's `value`, (leaves,). The rows are counted
    in groups: `rows` of them fail exactly those features' conditions at the `leaf` whose bits are set in `failed`,
    (groups,), the first feature's bit being the lowest.

    `population` is the number of training rows, `intercept` what the model adds to the sum of the values, `average` the
    mean of the population's probabilities. `shares` are the features' parts in the variance of the population's
    log-odds, which add up to 1, (features,).
    """

    lower: NDArray[np.float32]
    upper: NDArray[np.float32]
    missing: NDArray[np.bool_]
    value: NDArray[np.float64]
    leaf: NDArray[np.uint16]
    failed: NDArray[np.uint16]
    rows: NDArray[np.uint32]
    population: int
    intercept: float
    average: float
    shares: NDArray[np.float64]

    @classmethod
    def loads(cls, body: bytes) -> Self:
        """A background as `dumps` wrote it. Raises ValueError, KeyError or OSError for anything else."""
        with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
            found: dict[str, Any] = {each.name: arrays[each.name] for each in fields(cls)}
        scalars = ("population", "intercept", "average")
        return cls(**{name: value.item() if name in scalars else value for name, value in found.items()})

    def dumps(self) -> bytes:
        """As a packed NumPy file."""
        file = io.BytesIO()
        arrays: dict[str, Any] = {each.name: np.asarray(getattr(self, each.name)) for each in fields(self)}
        np.savez_compressed(file, **arrays)
        return file.getvalue()

    def outside(self, encoded: NDArray[np.float32], features: slice = slice(None)) -> NDArray[np.bool_]:
        """Which leaves' conditions some encoded values of `features` fail, (…, leaves, features)."""
        fails: NDArray[np.bool_] = np.where(
            np.isnan(encoded),
            ~self.missing[:, features],
            (encoded <= self.lower[:, features]) | (encoded > self.upper[:, features]),
        )
        return fails
