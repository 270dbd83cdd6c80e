"""Instants as the whole project writes them: RFC 3339, UTC, milliseconds, `Z`; they sort as text."""

from datetime import UTC, datetime


def now() -> str:
    """This instant, such as `2026-01-31T09:30:00.125Z`."""
    return text(datetime.now(UTC))


def text(instant: datetime) -> str:
    """An aware datetime as RFC 3339 in UTC with milliseconds (finer digits are cut)."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def shown(value: str) -> str:
    """An RFC 3339 text as people read it, to the minute: `31 January 2026, 09:30 UTC`."""
    return f"{parse(value):%d %B %Y, %H:%M} UTC".lstrip("0")


def parse(value: str) -> datetime:
    """The instant of an RFC 3339 text, aware, in UTC. ValueError when it isn't one or has no offset."""
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    return instant.astimezone(UTC)


def is_text(value: str) -> bool:
    """Whether a text is an instant exactly as `text` writes it."""
    try:
        return text(parse(value)) == value
    except ValueError:
        return False


def epoch(value: str) -> int:
    """Whole seconds since 1970 of an RFC 3339 text, as DynamoDB's TTL wants them."""
    return int(parse(value).timestamp())
