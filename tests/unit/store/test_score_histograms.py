"""Histograms of probabilities: coarser ones count the same candidates."""

from hypothesis import given
from hypothesis import strategies as st

from jobchange.store.score_histograms import BINS, coarsened, total

fine = st.lists(st.integers(0, 9), min_size=BINS, max_size=BINS)


@given(fine)
def test_a_tenth_counts_the_ten_bins_within_it(histogram: list[int]) -> None:
    assert coarsened(histogram, 10) == [sum(histogram[start : start + 10]) for start in range(0, 100, 10)]
    assert coarsened(histogram, BINS) == histogram


@given(st.lists(fine, max_size=3))
def test_files_of_before_make_the_sum_coarser_but_no_smaller(histograms: list[list[int]]) -> None:
    old = [1] * 10

    assert sum(total(histograms)) == sum(map(sum, histograms))
    assert total([*histograms, old]) == [
        sum(counts) for counts in zip(old, *(coarsened(each, 10) for each in histograms), strict=True)
    ]
