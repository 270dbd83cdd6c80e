"""The values of a sheet's cells as fields of CSV."""

import re
from datetime import datetime, timedelta


def number(text: str) -> str:
    """A number as Excel shows it at full length: with 15 digits at most, without the noise of binary fractions."""
    if text.isascii() and text.isdigit() and len(text) <= 15:
        return text
    try:
        value = float(text)
    except ValueError:
        return field(text)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"


EPOCH_1900, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - a sheet knows no time zone
DATE_FORMATS = frozenset(str(number) for number in (*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)))
"""The built-in formats of dates and times (18.8.30), by number."""


def is_date_format(code: str) -> bool:
    """Whether a number format shows a date or a time of the day. A format of elapsed hours, such as [h]:mm, doesn't."""
    code = code.partition(";")[0].lower()
    if re.search(r"\[[hms]+\]", code):
        return False
    plain = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", code)
    return "general" not in plain and re.search("[dmyhs]", plain) is not None


def date(text: str, epoch: datetime) -> str:
    """A date's number (days since the epoch) as ISO text; a time of the day alone where the days are 0."""
    try:
        days = float(text)
        # Excel counts a 29th of February 1900.
        moment = epoch + timedelta(seconds=round(86_400 * (days + (epoch is EPOCH_1900 and days < 60))))
    except (ValueError, OverflowError):
        return number(text)
    if days < 0:
        return number(text)
    if 0 < days < 1:
        return f"{moment:%H:%M:%S}"
    if moment.hour or moment.minute or moment.second:
        return f"{moment:%Y-%m-%dT%H:%M:%S}"
    return f"{moment.year:04}-{moment:%m-%d}"


_SPECIAL = re.compile('[",\r\n\v\f\x1c-\x1e\x85\u2028\u2029]|_x[0-9A-Fa-f]{4}_')
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def field(text: str) -> str:
    """A text as a field of CSV, on one line."""
    if not _SPECIAL.search(text):
        return text
    # Characters that XML can't hold are escaped (22.4.2.4).
    text = _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), text)
    text = re.sub("[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+", " ", text)
    return '"' + text.replace('"', '""') + '"' if '"' in text or "," in text else text
