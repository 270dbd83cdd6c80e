"""How often files of undisturbed candidates raise a false alarm, and how often small shifts are noticed, by the number
of rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobchange import contract
from jobchange.contract import Column
from jobchange.contract.bins import bin_of
from jobchange.statistics.drift import Verdict, compare

FALSE_ALARMS = 0.01
"""The most files of undisturbed candidates that may be called anything but stable."""
PROFILED = 19_000
"""Rows that a model was trained on."""
NOTICED_FROM, NOTICED = 2_000, 0.99
"""From how many rows on a small shift is noticed, and how often."""

COLUMNS = {column.name: column for column in contract.COLUMNS if column.bins}
Value = str | float | None
Bins = Mapping[str, NDArray[np.int64]]
"""The bin of each candidate in each column."""


class Population:
    """Candidates from whom profiles and files are drawn, each with replacement: these are the whole truth."""

    def __init__(self, columns: Mapping[str, Sequence[str | None]]) -> None:
        self._values: dict[str, list[Value]] = {
            name: [_number(value) if column.numeric else value for value in columns[name]]
            for name, column in COLUMNS.items()
        }
        self._bins = {name: _bins(column, self._values[name]) for name, column in COLUMNS.items()}
        self._rows = len(columns[contract.IDENTIFIER])

    def undisturbed(self) -> tuple[Bins, NDArray[np.float64]]:
        """The bins, and how often each candidate is drawn."""
        return self._bins, np.ones(self._rows)

    def women_doubled(self) -> tuple[Bins, NDArray[np.float64]]:
        return self._bins, np.where(self._bins["gender"] == 0, 2.0, 1.0)

    def poor_cities_more_often(self) -> tuple[Bins, NDArray[np.float64]]:
        """Half as often again."""
        index = np.array([float(value or 0) for value in self._values["city_development_index"]])
        return self._bins, np.where(index < 0.7, 1.5, 1.0)

    def hours_longer(self) -> tuple[Bins, NDArray[np.float64]]:
        """By a fifth."""
        return self._changed("training_hours", lambda hours: min(1_000, int(float(hours or 0) * 1.2)))

    def a_year_of_experience_more(self) -> tuple[Bins, NDArray[np.float64]]:
        levels = COLUMNS["experience"].levels

        def later(level: Value) -> Value:
            return None if level is None else levels[min(len(levels) - 1, levels.index(str(level)) + 1)]

        return self._changed("experience", later)

    def _changed(self, name: str, change: Callable[[Value], Value]) -> tuple[Bins, NDArray[np.float64]]:
        changed = _bins(COLUMNS[name], [change(value) for value in self._values[name]])
        return {**self._bins, name: changed}, np.ones(self._rows)

    def verdicts(
        self, drawn_from: tuple[Bins, NDArray[np.float64]], rows: int, random: np.random.Generator
    ) -> Mapping[str, Verdict]:
        """Of a file of so many candidates against a profile of undisturbed ones, by column."""
        bins, weights = drawn_from
        file = random.choice(self._rows, rows, p=weights / weights.sum())
        profile = random.integers(self._rows, size=PROFILED)
        found = compare(_histograms(bins, file), _histograms(self._bins, profile))
        assert found is not None
        return {each.column: each.verdict for each in found.columns}


SHIFTS: Mapping[str, tuple[str, Callable[[Population], tuple[Bins, NDArray[np.float64]]]]] = {
    "women doubled": ("gender", Population.women_doubled),
    "poor cities × 1.5": ("city_development_index", Population.poor_cities_more_often),
    "training hours × 1.2": ("training_hours", Population.hours_longer),
    "a year of experience more": ("experience", Population.a_year_of_experience_more),
}
"""Small changes, and the column in which each is to be seen."""


@dataclass(frozen=True)
class Rates:
    """For files of so many rows, the share of false alarms, and how often each shift is called what it is: certain but
    small, or large."""

    rows: int
    false_alarms: float
    shifted: Mapping[str, float]
    drifted: Mapping[str, float]


def rates(population: Population, rows: int, trials: int, seed: int = 1) -> Rates:
    """From so many files."""
    random = np.random.default_rng(seed)
    undisturbed = population.undisturbed()
    alarms = sum(
        set(population.verdicts(undisturbed, rows, random).values()) != {Verdict.STABLE} for _ in range(trials)
    )
    shares: dict[Verdict, dict[str, float]] = {Verdict.SHIFTED: {}, Verdict.DRIFTED: {}}
    for name, (column, shift) in SHIFTS.items():
        shifted = shift(population)
        found = [population.verdicts(shifted, rows, random)[column] for _ in range(trials)]
        for verdict, share in shares.items():
            share[name] = found.count(verdict) / trials
    return Rates(rows, alarms / trials, shares[Verdict.SHIFTED], shares[Verdict.DRIFTED])


def broken(found: Rates) -> list[str]:
    """What isn't as promised: too many false alarms, or a small shift that is missed or called large."""
    missed = [
        name
        for name in SHIFTS
        if found.drifted[name] > FALSE_ALARMS or (found.rows >= NOTICED_FROM and found.shifted[name] < NOTICED)
    ]
    return [*missed, *(["false alarms"] if found.false_alarms > FALSE_ALARMS else [])]


def table(found: Sequence[Rates]) -> str:
    """The shares, a number of rows each column."""
    lines = [f"{'rows':<28}" + "".join(f"{each.rows:>10,}" for each in found)]
    lines.append(f"{'false alarms':<28}" + "".join(f"{each.false_alarms:>10.1%}" for each in found))
    for name in SHIFTS:
        lines.append(f"{name + ', shifted':<28}" + "".join(f"{each.shifted[name]:>10.0%}" for each in found))
        lines.append(f"{name + ', drifted':<28}" + "".join(f"{each.drifted[name]:>10.0%}" for each in found))
    return "\n".join(lines)


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _bins(column: Column, values: Sequence[Value]) -> NDArray[np.int64]:
    return np.array([bin_of(column, value) for value in values], dtype=np.int64)


def _histograms(bins: Bins, rows: NDArray[np.int64]) -> dict[str, list[int]]:
    return {name: np.bincount(each[rows], minlength=len(COLUMNS[name].bins)).tolist() for name, each in bins.items()}
