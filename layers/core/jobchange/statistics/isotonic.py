"""From a model's scores to calibrated probabilities: a non-decreasing map through a few dozen points."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

DIGITS = 6
POINTS = 50
"""At most."""


@dataclass(frozen=True)
class CalibrationMap:
    """Points of a non-decreasing map, (points,) each: a score, the share of positives there, and how many training rows
    say so."""

    scores: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    rows: NDArray[np.int64]

    def calibrated(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability at each score: between two points on the line that joins them, outside those of the ends."""
        return np.interp(scores, self.scores, self.probabilities)

    def drawn(self, random: np.random.Generator) -> Self:
        """The map as other training rows might have given it: each point's share varies as that of so many rows. It may
        fall here and there; what is summed over many scores varies as it should."""
        share = (self.probabilities * self.rows + 0.5) / (self.rows + 1)
        varied = self.probabilities + random.normal(0, np.sqrt(share * (1 - share) / self.rows))
        return type(self)(self.scores, varied.clip(0, 1), self.rows)

    def to_dict(self) -> dict[str, list[Any]]:
        """Plain JSON values, to six decimals."""
        return {
            "scores": self.scores.round(DIGITS).tolist(),
            "probabilities": self.probabilities.round(DIGITS).tolist(),
            "rows": self.rows.tolist(),
        }

    @classmethod
    def from_dict(cls, plain: dict[str, list[Any]]) -> Self:
        """The map that `to_dict` made `plain` of."""
        return cls(
            np.array(plain["scores"], dtype=np.float64),
            np.array(plain["probabilities"], dtype=np.float64),
            np.array(plain["rows"], dtype=np.int64),
        )


IDENTITY = CalibrationMap(np.array([0.0, 1.0]), np.array([0.0, 1.0]), np.array([1, 1]))
"""Takes scores for probabilities."""


def calibration_map(scores: NDArray[np.float64], target: NDArray[np.int8]) -> CalibrationMap:
    """The map of scores, (rows,), of candidates that the model hasn't seen, and what happened, (rows,).

    Isotonic regression by pooling adjacent violators (Barlow et al., Statistical inference under order restrictions,
    1972; for probabilities: Zadrozny and Elkan, Transforming classifier scores into accurate multiclass probability
    estimates, 2002). Each block stands for one point, at the mean of its scores (Oron and Flournoy, Centered isotonic
    regression, 2017). Blocks with less than a fiftieth of the rows are pooled with the next, which takes a fifth off
    the error on 2,000 to 20,000 rows: a few rows at the ends would stand for probabilities of 0 and 1.
    """
    values, places, rows = np.unique(scores, return_inverse=True, return_counts=True)
    positives = np.bincount(places, weights=target)
    blocks: list[_Block] = []
    for block in zip(positives.tolist(), rows.tolist(), (values * rows).tolist(), strict=True):
        while blocks and blocks[-1][0] * block[1] >= block[0] * blocks[-1][1]:
            block = _pooled(blocks.pop(), block)
        blocks.append(block)
    points = np.array(_large(blocks, len(scores) // POINTS))
    return CalibrationMap(points[:, 2] / points[:, 1], points[:, 0] / points[:, 1], points[:, 1].astype(np.int64))


_Block = tuple[float, int, float]
"""Positives, rows and the sum of their scores."""


def _pooled(one: _Block, other: _Block) -> _Block:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _large(blocks: list[_Block], least: int) -> list[_Block]:
    """Blocks with `least` rows at least: a smaller one is pooled with the next, the last with the one before."""
    large = blocks[:1]
    for block in blocks[1:]:
        if large[-1][1] < least:
            large[-1] = _pooled(large[-1], block)
        else:
            large.append(block)
    if len(large) > 1 and large[-1][1] < least:
        large[-2:] = [_pooled(large[-2], large[-1])]
    return large
