"""What a column is: its kind, its values, and the bins of its histogram."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType

MISSING_BIN = "(missing)"


class Kind(StrEnum):
    """What the values of a column are."""

    INTEGER = "integer"
    NUMBER = "number"
    NOMINAL = "nominal"
    """A category without order."""
    ORDINAL = "ordinal"
    """A category whose levels are declared in ascending order."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Column:
    """One column of the file; there is one object of each.

    `minimum` and `maximum` are inclusive. `repairs` maps known misspellings to the level that was meant. `bins` are
    for histograms and drift, at most ten with the one for missing values: the inner edges of a numeric column (a value
    equal to an edge falls in the upper bin), or groups of levels; a category without `bins` has one bin a level.
    """

    name: str
    kind: Kind
    label: str
    help: str
    group: str
    levels: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """How people read a level that files write in another way."""
    minimum: float | None = None
    maximum: float | None = None
    nullable: bool = False
    feature: bool = False
    required: bool = True
    """Whether a file without this column is rejected."""
    aliases: tuple[str, ...] = ()
    """Other names under which files are known to have this column."""
    repairs: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    edges: tuple[float, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()

    @property
    def numeric(self) -> bool:
        return self.kind in (Kind.INTEGER, Kind.NUMBER)

    def shown(self, level: str) -> str:
        """A level as people read it."""
        return self.labels.get(level, level)

    @property
    def interval(self) -> tuple[float, float]:
        """`minimum` and `maximum`, infinite where there is none."""
        return (
            -math.inf if self.minimum is None else self.minimum,
            math.inf if self.maximum is None else self.maximum,
        )

    @cached_property
    def bins(self) -> tuple[str, ...]:
        """The names of this column's histogram bins in order, `(missing)` last where the column is nullable; empty
        for a column that isn't histogrammed (identifiers, and the city, whose index speaks for it)."""
        if self.edges:
            ends = ["", *(f"{edge:g}" for edge in self.edges), ""]
            names = [
                f"< {high}" if not low else f"≥ {low}" if not high else f"{low} to {high}"
                for low, high in pairwise(ends)
            ]
        elif self.groups:
            names = [self.shown(group[0]) if len(group) == 1 else f"{group[0]} to {group[-1]}" for group in self.groups]
        elif 0 < len(self.levels) <= 9:
            names = [self.shown(level) for level in self.levels]
        else:
            return ()
        return (*names, MISSING_BIN) if self.nullable else tuple(names)
