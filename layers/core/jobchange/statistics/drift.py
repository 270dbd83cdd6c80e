"""How far candidates are from those the model was trained on: the population stability index and its verdicts."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import Any, Self

MODERATE, DRIFTED = 0.1, 0.25
"""The customary bounds of the population stability index (Siddiqi, Credit Risk Scorecards, 2006)."""

SIGNIFICANCE = 0.001
"""How often a file of undisturbed candidates may be called anything but stable, over all its columns together."""


class Verdict(StrEnum):
    STABLE = "stable"
    MODERATE = "moderate"
    DRIFTED = "drifted"


@dataclass(frozen=True)
class ColumnDrift:
    """One column's index, and the index that samples of these sizes may reach by chance (both ≥ 0)."""

    column: str
    psi: float
    threshold: float
    verdict: Verdict


@dataclass(frozen=True)
class Drift:
    """The drift of a file against a profile. `expected` are the profile's histograms of the same columns."""

    columns: tuple[ColumnDrift, ...]
    expected: Mapping[str, tuple[int, ...]]

    @property
    def verdict(self) -> Verdict:
        """The worst of the columns' verdicts."""
        return max((column.verdict for column in self.columns), key=list(Verdict).index)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; indices as text with four decimals, since a table of decimals takes no floats."""
        return {
            "verdict": self.verdict.value,
            "columns": [
                {
                    "column": one.column,
                    "psi": f"{one.psi:.4f}",
                    "threshold": f"{one.threshold:.4f}",
                    "verdict": one.verdict.value,
                }
                for one in self.columns
            ],
            "expected": {name: list(counts) for name, counts in self.expected.items()},
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """The drift that `to_dict` made `plain` of, to four decimals."""
        return cls(
            tuple(
                ColumnDrift(one["column"], float(one["psi"]), float(one["threshold"]), Verdict(one["verdict"]))
                for one in plain["columns"]
            ),
            {name: tuple(int(count) for count in counts) for name, counts in plain["expected"].items()},
        )


def compare(actual: Mapping[str, Sequence[int]], expected: Mapping[str, Sequence[int]]) -> Drift | None:
    """The drift of some candidates' histograms against a profile's, by name, in the profile's order; None where either
    has no candidates. Whatever is binned can be compared: the contract's columns, and the probabilities beside them.

    A column has drifted, moderately from 0.1 and plainly from 0.25 on, only where chance doesn't explain its index:
    without drift, PSI · nm / (n + m) is about χ² with bins − 1 degrees of freedom (Yurdakul and Naranjo, Statistical
    properties of the population stability index, 2020). Chance is taken to explain what is below the quantile at
    1 − 0.001 / (number of columns).
    """
    names = [name for name in expected if sum(actual.get(name, ())) and sum(expected[name])]
    columns = tuple(_compared(name, actual[name], expected[name], SIGNIFICANCE / len(names)) for name in names)
    return Drift(columns, {name: tuple(expected[name]) for name in names}) if columns else None


def psi(actual: Sequence[int], expected: Sequence[int]) -> float:
    """The population stability index of two histograms over the same bins: Σ (p − q) ln(p / q), over the bins that
    either fills. Half a candidate is added to each of them, or one empty bin would make it infinite."""
    filled = [(here + 0.5, there + 0.5) for here, there in zip(actual, expected, strict=True) if here or there]
    n = sum(here for here, _ in filled)
    m = sum(there for _, there in filled)
    return sum((here / n - there / m) * math.log(here * m / (there * n)) for here, there in filled)


def _compared(name: str, actual: Sequence[int], expected: Sequence[int], significance: float) -> ColumnDrift:
    index = psi(actual, expected)
    freedom = sum(1 for here, there in zip(actual, expected, strict=True) if here or there) - 1
    chance = _chi_square(1 - significance, freedom) * (1 / sum(actual) + 1 / sum(expected))
    threshold = max(MODERATE, chance)
    if index < threshold:
        verdict = Verdict.STABLE
    elif index < max(DRIFTED, chance):
        verdict = Verdict.MODERATE
    else:
        verdict = Verdict.DRIFTED
    return ColumnDrift(name, index, threshold, verdict)


def _chi_square(probability: float, freedom: int) -> float:
    """The quantile of the χ² distribution by Wilson and Hilferty's approximation, within 4 % here."""
    if freedom < 1:
        return 0.0
    part = 2 / (9 * freedom)
    return float(freedom * (1 - part + NormalDist().inv_cdf(probability) * math.sqrt(part)) ** 3)
