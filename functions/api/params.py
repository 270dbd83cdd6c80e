"""Parameters that several routes take: the ends of a range of time, a chart's window, and the pages of a listing; and
the refusal of those that a route doesn't take."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Query, Request, params
from fastapi.dependencies.utils import get_flat_params
from pydantic import AfterValidator, Field, WithJsonSchema

from jobchange import times
from jobchange.access import http
from jobchange.monitoring.window import DEFAULT, LONGEST, SHORTEST, Window
from problem import invalid

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_HINT = (
    "Write a day, 2026-01-31, or an instant with its offset, 2026-01-31T09:30:00Z (a + is written %2B in addresses)."
)
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def beginning(text: str) -> str:
    """The first instant of a day, or the instant itself, as `times` writes it. Raises ValueError."""
    if _DAY.fullmatch(text):
        return _text(datetime.combine(_day(text), datetime.min.time(), UTC))
    return instant(text)


def ending(text: str) -> str:
    """The first instant after a day, or the instant itself, as `times` writes it. Raises ValueError."""
    if _DAY.fullmatch(text):
        midnight = datetime.combine(_day(text), datetime.min.time(), UTC)
        return _text(midnight + min(timedelta(days=1), _LAST - midnight))
    return instant(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"There is no such day. {_HINT}") from None


def instant(text: str) -> str:
    """An instant with its offset, as `times` writes it. Raises ValueError."""
    if not _INSTANT.fullmatch(text):
        raise ValueError(_HINT)
    try:
        return _text(times.parse(text.upper()))
    except ValueError:
        raise ValueError(f"There is no such instant. {_HINT}") from None
    except OverflowError:
        return _text(_FIRST if text < "5" else _LAST)


def _text(moment: datetime) -> str:
    """Between 1970 and 9999, where all data is; in whole milliseconds, as it is written, so a rest is rounded up."""
    moment = min(max(moment, _FIRST), _LAST - _MILLISECOND)
    return times.text(moment + (-timedelta(microseconds=moment.microsecond)) % _MILLISECOND)


async def refuse_unknown(request: Request) -> None:
    """A dependency that refuses parameters of the query that the request's route doesn't declare.

    Raises UnknownParameters.
    """
    if request.query_params:
        declared = get_flat_params(request.scope["route"].dependant)
        known = {each.alias for each in declared if isinstance(each.field_info, params.Query)}
        http.check_parameters(request.query_params, known)


_SCHEMA = WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]})

Beginning = Annotated[str, AfterValidator(beginning), _SCHEMA]
Ending = Annotated[str, AfterValidator(ending), _SCHEMA]

Start = Annotated[
    Beginning | None,
    Query(description="From this day or instant on. Without it: seven days before the end, or before now."),
]
End = Annotated[
    Ending | None,
    Query(description="Before this instant, or until the end of this day (UTC). Without it: until now."),
]


async def _window(start: Start = None, end: End = None) -> Window:
    """From `start` to `end`: 30 minutes to 90 days, or less until now. What lies ahead of tomorrow is left off."""
    now = times.parse(times.now())
    last = min(times.parse(end), now + timedelta(days=1)) if end else now
    first = times.parse(start) if start else last - DEFAULT
    if first > last:
        raise invalid("start", "The start must be before the end, and not in the future.")
    if not (SHORTEST if end else timedelta(0)) <= last - first <= LONGEST:
        raise invalid("start", "Between start and end there must be 30 minutes to 90 days.")
    return Window(times.text(first), times.text(last))


Range = Annotated[Window, Depends(_window)]

Month = Annotated[
    Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$", examples=["2026-01"])] | None,
    Query(description="A month (UTC). Without it: this one."),
]

Cursor = Annotated[str | None, Query(max_length=500, description="The `next_cursor` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=200, description="Entries on a page.")]
