"""How long a test may take, room by room. A test that takes longer has failed, whatever it found.

Its preparation, the test and its clean-up are each held to the budget. What is shared is prepared by the test that
comes first.
"""

import os
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final

import pytest


def processor_time() -> float:
    """Seconds that this process and the children it waited for have computed: a busy machine adds nothing to them."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


@dataclass(frozen=True)
class Budget:
    """Seconds, the clock that counts them, and the seconds for what is marked as large or tries random examples."""

    seconds: float
    clock: Callable[[], float]
    counted: str
    large: float


def processor(seconds: float, *, large: float | None = None) -> Budget:
    return Budget(seconds, processor_time, "of processor time", large or seconds)


def wall(seconds: float) -> Budget:
    return Budget(seconds, time.monotonic, "on the clock", seconds)


BUDGETS: Final = {
    "tests/unit": processor(6, large=20),
    "tests/integration": processor(15),
    "tests/template": processor(5),
    "tests/e2e": wall(300),
    "tests/browser": wall(120),
    "tests/build": wall(120),
}
"""By folder or file. Whoever needs a stack waits for other processes, so that only the clock can count."""

_took = pytest.StashKey[float]()


def pytest_itemcollected(item: pytest.Item) -> None:
    _place(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    yield from _timed(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    yield from _timed(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    yield from _timed(item)


def _timed(item: pytest.Item) -> Generator[None]:
    clock = BUDGETS[_place(item)].clock
    started = clock()
    try:
        yield
    finally:
        item.stash[_took] = clock() - started


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    place, took = _place(item), item.stash[_took]
    budget = BUDGETS[place]
    large = item.get_closest_marker("large") or item.get_closest_marker("hypothesis")
    allowed = budget.large if large else budget.seconds
    if report.passed and took > allowed:
        report.outcome = "failed"
        report.longrepr = (
            f"Over budget: {report.when} took {took:.1f} s {budget.counted}, and {allowed:g} s are allowed for this "
            f"test in {place} (tests/support/budgets.py). Make it cheaper, or move its large numbers to make soak."
        )
    return report


def _place(item: pytest.Item) -> str:
    """The row of the table that counts for a test."""
    path = item.path.relative_to(item.config.rootpath)
    for place in (path, *path.parents):
        if place.as_posix() in BUDGETS:
            return place.as_posix()
    raise pytest.UsageError(f"{path.parent.as_posix()} has no budget: give it one in tests/support/budgets.py")
