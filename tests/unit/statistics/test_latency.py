"""Latencies counted in bins, and what is known again of them."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.build.template import read_template
from jobchange.statistics.latency import BINS, ENDS, LONGEST, bin_of, quantile

SECONDS = st.floats(1e-4, LONGEST)
SHARES = st.sampled_from([0.01, 0.5, 0.95, 0.99, 1.0])


def histogram(latencies: list[float]) -> list[int]:
    counts = [0] * BINS
    for each in latencies:
        counts[bin_of(each)] += 1
    return counts


def test_there_are_twelve_bins_of_which_each_but_the_last_is_twice_the_one_before() -> None:
    assert BINS == 12
    assert ENDS[0] == 0.008
    assert all(high == 2 * low for low, high in pairwise(ENDS[:-1]))


@given(SECONDS)
def test_a_latency_is_in_the_bin_whose_ends_it_lies_between(seconds: float) -> None:
    place = bin_of(seconds)

    assert (ENDS[place - 1] if place else 0) < seconds <= ENDS[place]


def test_one_longer_than_any_can_be_is_in_the_last_bin() -> None:
    assert bin_of(LONGEST + 1) == BINS - 1


@given(st.lists(SECONDS, min_size=1, max_size=50), SHARES)
def test_a_quantile_is_in_the_bin_of_the_true_one(latencies: list[float], share: float) -> None:
    true = sorted(latencies)[math.ceil(share * len(latencies)) - 1]
    estimate = quantile(histogram(latencies), share)

    assert estimate is not None
    assert bin_of(estimate) == bin_of(true)
    if 0.008 < true <= ENDS[-2]:
        assert 1 / 2 < estimate / true < 2


@given(st.lists(SECONDS, min_size=1, max_size=50))
def test_a_higher_quantile_is_no_lower(latencies: list[float]) -> None:
    counts = histogram(latencies)
    found = [quantile(counts, share) or 0.0 for share in (0.01, 0.5, 0.95, 0.99, 1)]

    assert found == sorted(found)


def test_latencies_spread_evenly_on_a_logarithmic_scale_are_known_again() -> None:
    latencies = [0.016 * 2 ** (number / 1000) for number in range(3000)]
    counts = histogram(latencies)

    for share in (0.1, 0.5, 0.9):
        assert quantile(counts, share) == pytest.approx(latencies[int(share * 3000)], rel=0.01)


def test_of_nothing_nothing_is_known() -> None:
    assert quantile([0] * BINS, 0.5) is None


def test_the_longest_is_what_the_function_has() -> None:
    assert read_template()["Resources"]["ApiFunction"]["Properties"]["Timeout"] == LONGEST
