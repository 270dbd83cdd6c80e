"""Impact ratios: what others compute by hand, verdicts that know about chance, intervals that hold the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobchange.statistics.impact import FourFifths, Selected, impact_ratio, impacts

GROUPS = st.dictionaries(
    st.sampled_from("abcdef"),
    st.integers(0, 500).flatmap(lambda rows: st.integers(0, rows).map(lambda hits: Selected(rows, hits))),
)


def test_the_example_of_the_uniform_guidelines() -> None:
    """Questions and answers on the Uniform Guidelines, 12: 80 applicants of whom 48 are hired, 40 of whom 12 are."""
    white, black = impacts({"White": Selected(80, 48), "Black": Selected(40, 12)})

    assert (white.rate.value, white.ratio, white.verdict) == (0.6, None, None)
    assert black.ratio is not None
    assert black.ratio.value == pytest.approx(0.5)
    # The Guidelines call it adverse impact, and warn of small numbers in the same breath.
    assert black.ratio.low < 0.5 < 0.8 < black.ratio.high
    assert black.verdict is FourFifths.UNCERTAIN
    assert impacts({"White": Selected(160, 96), "Black": Selected(80, 24)})[1].verdict is FourFifths.BELOW


def test_the_interval_of_a_ratio_worked_by_hand() -> None:
    # ln(200.5 / 1000.5 / (250.5 / 1000.5)) ± 1.96 sqrt(1 / 200.5 - 1 / 1000.5 + 1 / 250.5 - 1 / 1000.5)
    found = impact_ratio(Selected(1_000, 200), Selected(1_000, 250))

    assert (found.value, found.low, found.high) == pytest.approx((0.8, 0.6795, 0.9428), abs=5e-5)


@pytest.mark.parametrize(
    ("hits", "rows", "verdict"),
    [
        (300, 1_000, FourFifths.BELOW),
        (480, 1_000, FourFifths.AT_LEAST),
        (8, 20, FourFifths.UNCERTAIN),
        (0, 200, FourFifths.BELOW),
        (0, 5, FourFifths.UNCERTAIN),
    ],
)
def test_few_candidates_prove_nothing(hits: int, rows: int, verdict: FourFifths) -> None:
    assert impacts({"a": Selected(1_000, 500), "b": Selected(rows, hits)})[1].verdict is verdict


def test_a_handful_is_no_measure_for_the_others() -> None:
    found = {each.group: each for each in impacts({"many": Selected(990, 300), "few": Selected(10, 10)})}

    assert found["many"].ratio is None
    assert found["few"].ratio is not None
    assert found["few"].ratio.value == pytest.approx(3.3)


@given(GROUPS)
def test_every_group_is_compared_with_the_one_that_is_selected_most_often(groups: dict[str, Selected]) -> None:
    found = impacts(groups)

    assert [each.group for each in found] == [name for name, group in groups.items() if group.rows]
    for each in found:
        assert (each.ratio is None) == (each.verdict is None)
        if each.ratio:
            assert 0 <= each.ratio.low <= each.ratio.value <= each.ratio.high
    if any(each.ratio for each in found):
        (reference,) = (each for each in found if each.ratio is None)
        large = [each for each in found if each.rows >= 0.02 * sum(one.rows for one in found)]
        assert reference.rate.value == max(each.rate.value for each in large)


def test_the_interval_holds_the_true_ratio_19_times_out_of_20() -> None:
    random = np.random.default_rng(1)
    for rows in (60, 1_000):
        ours, theirs = random.binomial(rows, 0.2, 2_000), random.binomial(2 * rows, 0.3, 2_000)
        found = [
            impact_ratio(Selected(rows, int(one)), Selected(2 * rows, int(other)))
            for one, other in zip(ours, theirs, strict=True)
        ]

        assert 0.94 <= np.mean([each.low <= 2 / 3 <= each.high for each in found]) <= 0.97
