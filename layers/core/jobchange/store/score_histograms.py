"""Histograms of probabilities over bins of equal width from 0 to 1, as they are kept of each batch and each file."""

from collections.abc import Iterable, Mapping, Sequence

BINS = 100
"""Of what is written today; older files have 10."""

Groups = Mapping[str, Mapping[str, Sequence[int]]]
"""The histograms of the candidates in each bin of a column, by column and bin; those without candidates are left
out."""


def total_by_group(files: Iterable[Groups]) -> dict[str, dict[str, list[int]]]:
    """The sum of histograms by group."""
    found: dict[str, dict[str, list[Sequence[int]]]] = {}
    for groups in files:
        for column, by_bin in groups.items():
            for name, histogram in by_bin.items():
                found.setdefault(column, {}).setdefault(name, []).append(histogram)
    return {column: {name: total(each) for name, each in by_bin.items()} for column, by_bin in found.items()}


def coarsened(histogram: Sequence[int], bins: int) -> list[int]:
    """The same over fewer bins, whose number divides theirs."""
    width = len(histogram) // bins
    return [sum(histogram[start : start + width]) for start in range(0, len(histogram), width)]


def total(histograms: Iterable[Sequence[int]]) -> list[int]:
    """The sum of histograms, over the widest bins that any of them has; empty without any."""
    found = list(histograms)
    if not found:
        return []
    bins = min(map(len, found))
    return [sum(counts) for counts in zip(*(coarsened(each, bins) for each in found), strict=True)]
