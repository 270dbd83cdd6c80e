"""Histograms of latencies over fixed bins, each twice as wide as the one before, and the quantiles that they give."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

LONGEST = 29.0
"""Seconds after which the gateway, and the API's function, end a request."""
ENDS = (*(0.008 * 2.0**doublings for doublings in range(11)), LONGEST)
"""The upper ends of the bins in seconds, each within its bin: 8 ms, 16 ms … 8.2 s, and all that is longer."""
BINS = len(ENDS)


def bin_of(seconds: float) -> int:
    """The place of the bin that a latency falls in."""
    return min(bisect_left(ENDS, seconds), BINS - 1)


def quantile(histogram: Sequence[int], share: float) -> float | None:
    """The latency in seconds that this share (in (0, 1]) of a histogram's requests don't exceed, (BINS,); None without
    any.

    It is the nearest rank's, taken to lie within its bin as if the bin's latencies were evenly spread on a logarithmic
    scale (evenly, in the first). The true one is in the same bin, so it is off by less than a factor of two, from 8.2 s
    on of 3.6.
    """
    total = sum(histogram)
    if not total:
        return None
    rank = max(1, math.ceil(share * total))
    up_to = list(accumulate(histogram))
    place = bisect_left(up_to, rank)
    low, high = ENDS[place - 1] if place else 0.0, ENDS[place]
    within = (rank - (up_to[place] - histogram[place]) - 0.5) / histogram[place]
    return low * (high / low) ** within if low else high * within
