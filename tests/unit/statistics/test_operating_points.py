"""What each threshold would do, by counts: the same as counting the candidates one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobchange import contract
from jobchange.statistics.impact import FourFifths
from jobchange.statistics.operating_points import THRESHOLDS, LabelledScores, operating_points


def scores(hundredths: list[int], looking: list[bool], level: str | None = None) -> LabelledScores:
    rows = np.bincount(hundredths, minlength=100)
    positives = np.bincount([each for each, yes in zip(hundredths, looking, strict=True) if yes], minlength=100)
    return LabelledScores(level and "gender", level, rows.tolist(), positives.tolist())


@given(st.lists(st.tuples(st.integers(0, 99), st.booleans()), min_size=1, max_size=50))
def test_each_threshold_calls_those_who_reach_it(candidates: list[tuple[int, bool]]) -> None:
    hundredths, looking = [each for each, _ in candidates], [yes for _, yes in candidates]
    found = operating_points(scores(hundredths, looking), []).everybody

    assert (found.rows, found.looking) == (len(candidates), sum(yes for _, yes in candidates))
    for at in range(len(THRESHOLDS)):
        called = [yes for hundredth, yes in candidates if hundredth >= at]
        assert (found.called[at], found.right[at]) == (len(called), sum(called))


def test_groups_are_compared_at_each_threshold_and_those_unknown_are_not() -> None:
    everybody = scores([10, 80], [False, True])
    groups = [
        scores([10] * 90 + [80] * 10, [False] * 100, "Female"),
        scores([10] * 50 + [80] * 50, [True] * 100, "Male"),
        scores([80], [True], contract.MISSING_BIN),
    ]

    women, men, unknown = operating_points(everybody, groups).groups

    assert (women.level, men.level, unknown.level) == ("Female", "Male", contract.MISSING_BIN)
    assert women.ratio[50] == pytest.approx(0.2)
    assert women.verdict[50] is FourFifths.BELOW
    assert (men.ratio[50], men.verdict[50]) == (None, None)
    # At 0 all are called alike, at 1 nobody is.
    assert {women.ratio[0], men.ratio[0]} == {1, None}
    assert (women.ratio[100], men.ratio[100]) == (None, None)
    assert unknown.called[50] == 1
    assert set(unknown.ratio) == {None}
