"""A version's threshold, and the rule by which it is chosen: a declared decision, kept with the version."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, Self, cast

from jobchange.registry import loader
from jobchange.store import models
from jobchange.store.models import Decision, DeclaredRule

RuleKind = Literal["cost", "capacity"]
COST: Final = "cost"
CAPACITY: Final = "capacity"
LEAST: Final = 0.001
"""Of either rule's value; a population's quantiles are no finer, and 1 / LEAST false alarms are the most."""

EFFECTIVE_SECONDS = 10
"""From when on a decision on a threshold holds: by then every process has read it, so one instant has one threshold."""
_CACHE_SECONDS = 5
"""How long decisions are remembered."""


@dataclass(frozen=True)
class ThresholdRule:
    """By cost, a missed candidate is as bad as `value` false alarms, 0.001 to 1,000. By capacity, `value` is the share
    of candidates that can be called, 0.001 to 1: 50 of the 1,000 that come in a week are 0.05.

    Raises ValueError for a value that can't be meant.
    """

    kind: RuleKind
    value: float

    def __post_init__(self) -> None:
        if self.kind == COST and not LEAST <= self.value <= 1 / LEAST:
            raise ValueError("A missed candidate counts as much as 0.001 to 1,000 false alarms.")
        if self.kind == CAPACITY and not LEAST <= self.value <= 1:
            raise ValueError("The capacity is a share of the candidates, from 0.001 to 1.")

    @property
    def sentence(self) -> str:
        if self.kind == COST:
            return f"A missed candidate counts as much as {self.value:g} false alarm{'' if self.value == 1 else 's'}."
        return f"{100 * self.value:.4g}% of all candidates can be called, the most probable ones."

    def threshold(self, quantiles: Sequence[float]) -> float:
        """The probability from which on a candidate is called, by the quantiles of a population's probabilities, from
        the lowest to the highest in equal steps.

        By cost it is where a call is worth as much as none: with a miss as bad as c false alarms, 1 / (1 + c) (Elkan,
        The foundations of cost-sensitive learning, 2001). That asks for probabilities that mean what they say, and for
        nothing else. By capacity it is the quantile that the share of the population reaches.
        """
        if self.kind == COST:
            return 1 / (1 + self.value)
        place = (1 - self.value) * (len(quantiles) - 1)
        below = min(int(place), len(quantiles) - 2)
        low, high = quantiles[below : below + 2]
        return low + (place - below) * (high - low)

    def declared(self) -> DeclaredRule:
        """The rule as it is kept with a version."""
        return {"kind": self.kind, "value": self.value, "sentence": self.sentence}

    @classmethod
    def read(cls, declared: Mapping[str, Any]) -> Self:
        """The rule that was declared so."""
        return cls(cast("RuleKind", declared["kind"]), float(declared["value"]))


DEFAULT: Final = ThresholdRule(COST, 3)
"""A threshold of 0.25, near which the balanced accuracy is best where a quarter of the candidates are looking."""


def threshold_at(version: str, instant: str) -> float:
    """The probability from which on a version counts a candidate as looking for a job change, as decided for an instant
    (RFC 3339): the same at any time and in every process, since a decision holds only when all have read it.

    Raises NotFound for an unknown version; ModelRefused where nothing was decided and its profile isn't whole.
    """
    decided = [each for each in _decisions(version, int(time.monotonic() // _CACHE_SECONDS)) if each["at"] <= instant]
    return decided[-1]["threshold"] if decided else loader.profile(version)["threshold"]


@lru_cache(maxsize=8)
def _decisions(version: str, _moment: int) -> list[Decision]:
    return models.get(version).decisions


def of_champion() -> ThresholdRule:
    """The champion's rule, which a new version inherits; the default where there is no champion, or it has none."""
    champion = models.aliases().champion
    declared = models.get(champion).threshold_rule if champion else None
    return ThresholdRule.read(declared) if declared else DEFAULT
