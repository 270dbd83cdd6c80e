"""Adverse impact: whether some groups of candidates are selected less often than others, from counts alone."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from jobchange.statistics.interval import Interval, deviations, share

FOUR_FIFTHS = 0.8
"""The customary bound of an impact ratio (Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4 D)."""

SMALLEST = 0.02
"""Groups with a smaller share of the candidates are no measure for the others."""


class FourFifths(StrEnum):
    """What the interval of an impact ratio says of the four-fifths rule."""

    BELOW = "below_four_fifths"
    AT_LEAST = "at_least_four_fifths"
    UNCERTAIN = "too_few_to_say"


@dataclass(frozen=True)
class Selected:
    """How many of a group's candidates there are, and how many were selected."""

    rows: int
    selected: int


@dataclass(frozen=True)
class Impact:
    """One group that has candidates: its selection rate, the ratio of this to the rate of the group that is selected
    most often, and what that says of the four-fifths rule; None for that group itself."""

    group: str
    rows: int
    selected: int
    rate: Interval
    ratio: Interval | None
    verdict: FourFifths | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            name: value.to_dict() if isinstance(value, Interval) else value for name, value in self.__dict__.items()
        }


def impacts(groups: Mapping[str, Selected]) -> list[Impact]:
    """The impact on each group that has candidates, in the same order. Whose group isn't known should be left out.

    The group that the others are compared with is the one with the highest rate of those with at least 2% of the
    candidates, as New York City's rules for Local Law 144 have it (6 RCNY § 5-301). Without a second group, or where
    nobody was selected, there is no ratio.
    """
    present = {name: group for name, group in groups.items() if group.rows}
    least = SMALLEST * sum(group.rows for group in present.values())
    comparable = [group for group in present.values() if group.rows >= least]
    most = max(comparable, key=lambda group: group.selected / group.rows, default=None)
    found = []
    for name, group in present.items():
        ratio = impact_ratio(group, most) if most and most.selected and group is not most else None
        rate = share(group.selected, group.rows)
        found.append(Impact(name, group.rows, group.selected, rate, ratio, _verdict(ratio) if ratio else None))
    return found


def impact_ratio(group: Selected, reference: Selected) -> Interval:
    """The ratio of two selection rates, with the interval of its logarithm (Katz et al., Obtaining confidence intervals
    for the risk ratio in cohort studies, 1978), for which half a candidate is added to each count, as nobody may have
    been selected (Walter, The distribution of Levin's measure of attributable risk, 1975). Somebody of the reference
    was selected."""
    value = (group.selected / group.rows) / (reference.selected / reference.rows)
    halves = [(each.selected + 0.5, each.rows + 0.5) for each in (group, reference)]
    (ours, our_rows), (theirs, their_rows) = halves
    centre = math.log((ours / our_rows) / (theirs / their_rows))
    half = deviations() * math.sqrt(1 / ours - 1 / our_rows + 1 / theirs - 1 / their_rows)
    return Interval(value, min(value, math.exp(centre - half)), max(value, math.exp(centre + half)))


def _verdict(ratio: Interval) -> FourFifths:
    if ratio.high < FOUR_FIFTHS:
        return FourFifths.BELOW
    return FourFifths.AT_LEAST if ratio.low >= FOUR_FIFTHS else FourFifths.UNCERTAIN
