"""How sure a figure is: an interval holds the true value 19 times out of 20, unless it says otherwise."""

import math
from dataclasses import dataclass
from statistics import NormalDist

SIGNIFICANCE = 0.05


@dataclass(frozen=True)
class Interval:
    """A figure and the ends of its interval."""

    value: float
    low: float
    high: float

    def widened(self, among: int) -> "Interval":
        """As wide as it takes for `among` such intervals to hold all together (Bonferroni)."""
        factor = deviations(SIGNIFICANCE / among) / deviations()
        low, high = ((end - self.value) * factor + self.value for end in (self.low, self.high))
        return Interval(self.value, low, high)

    def to_dict(self) -> dict[str, float]:
        """To six decimals."""
        return {"value": round(self.value, 6), "low": round(self.low, 6), "high": round(self.high, 6)}


def deviations(significance: float = SIGNIFICANCE) -> float:
    """Half the width of a two-sided normal interval, in standard deviations: 1.96 for 0.05."""
    return NormalDist().inv_cdf(1 - significance / 2)


def share(hits: int, rows: int) -> Interval:
    """Some of one or more rows as their share, by Wilson's score interval, which holds near 0 and 1 too (Wilson,
    Probable inference, the law of succession, and statistical inference, 1927)."""
    value, z = hits / rows, deviations()
    centre = (value + z**2 / (2 * rows)) / (1 + z**2 / rows)
    half = z / (1 + z**2 / rows) * math.sqrt(value * (1 - value) / rows + z**2 / (4 * rows**2))
    return Interval(value, max(0.0, centre - half), min(1.0, centre + half))
