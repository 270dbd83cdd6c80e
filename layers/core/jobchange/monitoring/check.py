"""What a check of the watch is, and what it finds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jobchange.contract import Criticality


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """What a check has found: whether it is too much, the figures, and a sentence that states them."""

    failing: bool
    figures: dict[str, Any]
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Check:
    """Something to look at. `find` returns None where nothing can be said (yet), which changes nothing."""

    name: str
    title: str
    criticality: Criticality
    what_to_do: str
    view: str
    """The view of the page that shows more."""
    find: Callable[[], CheckResult | None]
