"""Candidates as numbers, the same for training and scoring: one float32 row of the contract's features each.

Numbers stay numbers, a category becomes the position of its level in the contract (so ordinal levels keep their order),
and a missing value becomes NaN, which the trees treat as a value of its own: imputing would cost accuracy.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobchange import contract

FEATURES: tuple[str, ...] = tuple(column.name for column in contract.FEATURES)
HASH: str = contract.fingerprint()
"""In every model's profile: a model is only used with the encoder that it was trained with."""

_NAN = math.nan
_CODES: Mapping[str, Mapping[str | None, float]] = {
    column.name: {None: _NAN, "": _NAN, **{level: float(code) for code, level in enumerate(column.levels)}}
    for column in contract.FEATURES
    if not column.numeric
}


@dataclass(frozen=True)
class Factor:
    """A category column as pandas and Arrow hold it: positions in a short list of distinct values, -1 for missing."""

    codes: NDArray[np.integer[Any]]
    values: Sequence[str]

    def __len__(self) -> int:
        return len(self.codes)


def encode(candidates: Sequence[Mapping[str, object]]) -> NDArray[np.float32]:
    """Encode candidates given as canonical values (levels as text; numbers as such or as text) by column name.

    None, an empty text and an absent column are missing. Returns an array of shape (candidates, features) in the order
    of `FEATURES`. Raises ValueError for a level that the contract doesn't have or a text that isn't a number.
    """
    columns = [_numbers(name, [candidate.get(name) for candidate in candidates]) for name in FEATURES]
    return np.ascontiguousarray(np.array(columns, dtype=np.float32).T)


def encode_columns(columns: Mapping[str, Factor | NDArray[Any] | Sequence[Any]]) -> NDArray[np.float32]:
    """Encode whole columns at once: the same result as `encode`, hundreds of times faster on factors and arrays.

    `columns` must hold every feature, all of one length: a category as a Factor or as a sequence of levels, a number
    as an array of numbers or as a sequence of what `encode` takes. Raises KeyError for a feature that isn't there, and
    ValueError as `encode` does.
    """
    encoded = np.empty((len(columns[FEATURES[0]]), len(FEATURES)), dtype=np.float32)
    for position, name in enumerate(FEATURES):
        encoded[:, position] = _column(name, columns[name])
    return encoded


def _column(name: str, values: Factor | NDArray[Any] | Sequence[Any]) -> NDArray[Any]:
    if isinstance(values, Factor):
        # The last place is where code -1 leads.
        return np.array([*_numbers(name, values.values), _NAN], dtype=np.float32).take(values.codes)
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiu":
        return values
    return np.array(_numbers(name, values))


def _numbers(name: str, values: Iterable[Any]) -> list[float]:
    codes = _CODES.get(name)
    try:
        if codes is not None:
            return [codes[value] for value in values]
        return [_NAN if value is None or value == "" else float(value) for value in values]
    except (KeyError, ValueError):
        # The value itself stays out of the message: messages are logged, candidates' data must not be.
        raise ValueError(f"{name} has a value that the contract doesn't allow") from None
