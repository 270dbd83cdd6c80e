"""Histograms of candidates in the bins of the contract's columns."""

from bisect import bisect_right
from collections.abc import Sequence

from jobchange.contract.column import Column


def bin_of(column: Column, value: str | float | None) -> int:
    """The position in `column.bins` of a canonical value: a level, a number, or None where missing. Zero for every
    value of a column that has no bins."""
    if not column.bins:
        return 0
    if value is None:
        return len(column.bins) - 1
    if column.edges:
        return bisect_right(column.edges, float(value))
    if column.groups:
        return next(index for index, group in enumerate(column.groups) if value in group)
    return column.levels.index(str(value))


def histogram(column: Column, values: Sequence[str | float | None]) -> tuple[int, ...]:
    """How many of some canonical values fall in each of `column.bins`."""
    counts = [0] * len(column.bins)
    for value in values:
        counts[bin_of(column, value)] += 1
    return tuple(counts)
