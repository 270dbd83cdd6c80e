"""The lock that lets one step of an erasure or a replay work at a time."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from jobchange import times
from jobchange.store import conditions
from jobchange.store.tables import SuppressionRow

_LOCK, _ONLY = "lock", "#"
MARGIN_SECONDS = 60.0
"""A step with less time left hands the rest over: a file of the greatest size is redacted in less."""


class LockHeld(Exception):
    """Another step is at work."""


@contextmanager
def exclusive_lock(seconds: int) -> Iterator[None]:
    """Hold the lock. Raises LockHeld when another step has it. A killed step holds it for `seconds`: as long as a
    message that was not finished stays hidden, so that nobody waits longer than that."""
    holder = secrets.token_hex(8)
    until = times.text(datetime.now(UTC) + timedelta(seconds=seconds))
    row = SuppressionRow(_LOCK, _ONLY)
    free = SuppressionRow.kind.does_not_exist() | (SuppressionRow.until < times.now())
    if not conditions.update(row, [SuppressionRow.holder.set(holder), SuppressionRow.until.set(until)], free):
        raise LockHeld
    try:
        yield
    finally:
        conditions.held(lambda: row.delete(condition=SuppressionRow.holder == holder))
