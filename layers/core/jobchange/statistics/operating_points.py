"""What each threshold would do: how many candidates it calls, how many of them rightly, and by group; from counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from jobchange import contract
from jobchange.statistics.impact import FourFifths, Impact, Selected, impacts

THRESHOLDS = tuple(hundredth / 100 for hundredth in range(101))


@dataclass(frozen=True)
class LabelledScores:
    """How many candidates have a probability in each hundredth from 0 to 1, and how many of them were looking: of a
    level of a column, or of everybody (None)."""

    column: str | None
    level: str | None
    rows: Sequence[int]
    looking: Sequence[int]


@dataclass(frozen=True)
class Calls:
    """Some candidates, and at each of `THRESHOLDS` how many are `called` and how many of those were looking
    (`right`)."""

    rows: int
    looking: int
    called: list[int]
    right: list[int]


@dataclass(frozen=True)
class GroupCalls(Calls):
    """The same of one group, with its impact ratio and what that says of the four-fifths rule; None where there is
    nothing to compare it with, as for the group that is called most often."""

    column: str
    level: str
    ratio: list[float | None]
    verdict: list[FourFifths | None]


@dataclass(frozen=True)
class OperatingPoints:
    """Lists are in the order of `thresholds`."""

    thresholds: Sequence[float]
    everybody: Calls
    groups: list[GroupCalls]


def operating_points(everybody: LabelledScores, groups: Sequence[LabelledScores]) -> OperatingPoints:
    """What each threshold does. `groups` are in the order of their columns; whose level isn't known isn't compared."""
    found: list[GroupCalls] = []
    for column, members in groupby(groups, key=lambda each: each.column):
        found += _compared(str(column), {str(each.level): _calls(each) for each in members})
    return OperatingPoints(THRESHOLDS, _calls(everybody), found)


def _calls(scores: LabelledScores) -> Calls:
    called, right = _reaching(scores.rows), _reaching(scores.looking)
    return Calls(called[0], right[0], called, right)


def _reaching(counts: Sequence[int]) -> list[int]:
    """How many are in each hundredth or above; nobody is above the last."""
    return [*reversed(list(accumulate(reversed(counts)))), 0]


def _compared(column: str, calls: dict[str, Calls]) -> list[GroupCalls]:
    known = {level: each for level, each in calls.items() if level != contract.MISSING_BIN}
    points: list[dict[str, Impact]] = []
    for at in range(len(THRESHOLDS)):
        found = impacts({level: Selected(each.rows, each.called[at]) for level, each in known.items()})
        points.append({each.group: each for each in found})
    groups = []
    for level, each in calls.items():
        impact = [point.get(level) for point in points]
        ratio = [round(one.ratio.value, 4) if one and one.ratio else None for one in impact]
        verdict = [one.verdict if one else None for one in impact]
        groups.append(GroupCalls(each.rows, each.looking, each.called, each.right, column, level, ratio, verdict))
    return groups
