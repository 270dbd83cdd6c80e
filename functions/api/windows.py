"""The range of time that a chart covers."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends

from dates import End, Start
from jobchange import times
from jobchange.monitoring.window import DEFAULT, LONGEST, SHORTEST, Window
from problem import invalid


async def window(start: Start = None, end: End = None) -> Window:
    """From `start` to `end`: 30 minutes to 90 days. What lies ahead of tomorrow is left off."""
    now = datetime.now(UTC)
    last = min(times.parse(end), now + timedelta(days=1)) if end else now
    first = times.parse(start) if start else last - DEFAULT
    if first >= last:
        raise invalid("start", "The start must be before the end, and not in the future.")
    if not SHORTEST <= last - first <= LONGEST:
        raise invalid("start", "Between start and end there must be 30 minutes to 90 days.")
    return Window(times.text(first), times.text(last))


Range = Annotated[Window, Depends(window)]
