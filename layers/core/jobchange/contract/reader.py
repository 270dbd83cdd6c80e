"""What a text or a JSON value means in its column: the one reader of values, for files, requests and training alike.

It needs nothing but the standard library.
"""

import difflib
import math
import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from jobchange.contract.column import Column, Kind
from jobchange.contract.columns import COLUMNS, MISSING_SPELLINGS
from jobchange.contract.issues import OF_VALUES, Issue

Value = str | int | float | None

MAX_DIGITS = 40
"""Characters of a number: the longest double has 24."""


class DecimalMark(StrEnum):
    """What a file writes between a number's whole part and its fraction."""

    POINT = "."
    COMMA = ","
    """Then a point groups thousands: `12.000` is twelve thousand."""
    UNKNOWN = ""
    """Nothing in the file shows it, or both are there. What could be either is refused."""


class Reading(NamedTuple):
    """What a text means.

    `value` is a level, an int, a float, or None where missing; `text` the same as good files have it, empty where
    missing. With an `issue` they are None and empty. `repaired`: the text had to be corrected, more than by taking
    away the spaces around it.
    """

    value: Value
    text: str
    issue: Issue | None
    repaired: bool


def read(column: Column, text: str, mark: DecimalMark = DecimalMark.POINT) -> Reading:
    """The meaning of a cell's text, or of a level in a JSON document.

    Characters that nobody sees, quotation marks around a value and a spreadsheet's `="…"` are taken away. A spelling of
    "no value" is missing. A known misspelling is the level that was meant, and so is a whole number written `5.0`. In a
    number the comma may be the decimal mark too; see `DecimalMark` for what a point means then.

    >>> read(contract.BY_NAME["company_size"], " Oct-49 ").value
    '10/49'
    """
    return _cached(column, text, mark) if len(text) <= _CACHED else _read(column, text, mark)


def read_json(column: Column, received: object) -> Reading:
    """The meaning of what a JSON document gives for a column.

    A number must be a number: text is refused, and so are infinities. A whole number is read as the level of that name.
    """
    match received:
        case None:
            return _missing(column, repaired=False)
        case str() if not column.numeric:
            return read(column, received)
        case bool():
            pass
        case int() | float() if not column.numeric:
            return _level(column, _whole(received), repaired=False)
        case int() | float() if isinstance(received, int) or math.isfinite(received):
            return _bounded(column, received, str(received), repaired=False)
    return _refused(Issue.WRONG_TYPE if column.numeric else Issue.UNKNOWN_CATEGORY)


def suggestion(column: Column, text: str) -> str | None:
    """The level that an unknown text probably means; None where nothing is near enough."""
    if column.numeric:
        return None
    wanted = visible(text).strip()[:_LONGEST_LEVEL]
    # A level with other digits is another level, however near it looks.
    near = [level for level in column.levels if re.sub(r"\D", "", level) == re.sub(r"\D", "", wanted)]
    names = [_letters(level) for level in near]
    found = difflib.get_close_matches(_letters(wanted), names, n=1, cutoff=0.75)
    return near[names.index(found[0])] if found and names.count(found[0]) == 1 else None


def allowed(column: Column, *, listed: int = 30) -> str:
    """What a column takes, in words. Of one with more levels than are to be `listed`, one is named."""
    if column.numeric:
        number = "a whole number" if column.kind is Kind.INTEGER else "a number"
        return f"{number} from {column.minimum:,.10g} to {column.maximum:,.10g}"
    if len(column.levels) <= listed:
        return f"one of: {', '.join(column.levels)}"
    return f"one of {len(column.levels)} known values, such as {column.levels[0]}"


def explanation(issue: Issue, column: Column | None, meant: str | None, *, missing: str | None) -> str:
    """What is wrong with a value and what would be right, in sentences. `meant` is what it may have been meant to be,
    `missing` how a column that may be empty is left so."""
    words = _SHORT.get(issue, issue.sentence) if column else issue.sentence
    if column and issue in OF_VALUES:
        verb = "Enter" if column.numeric else "Choose"
        words += f" {verb} {allowed(column)}{f'; or {missing}' if missing else ''}."
    return f"{words} Did you mean “{meant}”?" if meant else words


def visible(text: str) -> str:
    """The text without the characters that nobody sees: controls, byte order marks, zero widths, soft hyphens. Spaces
    of all kinds become plain ones; tabs and line ends stay."""
    if text.isprintable():
        return text
    return "".join(char if not _unseen(char) else " " if char.isspace() else "" for char in text)


def shown(text: str) -> str:
    """The text with each character that nobody sees named by its code point: `city⟨U+200B⟩`."""
    if text.isprintable():
        return text
    return "".join(f"⟨U+{ord(char):04X}⟩" if _unseen(char) else char for char in text)


_SHORT = {Issue.MISSING_VALUE: "Required.", Issue.UNKNOWN_CATEGORY: "Not a valid value."}
"""What is wrong with a value, beside it."""
_CACHED = 64
"""Characters of a text whose meaning is remembered."""
_LONGEST_LEVEL = 60
_MANY = 10**15
"""Beyond this a floating-point number isn't a count any more."""
_INTEGER = re.compile(r"[+-]?[0-9]+(?:\.0*)?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_GROUPED = re.compile(r"([+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(,[0-9]*)?")
"""A number whose thousands are grouped by points, and the rest of it after a decimal comma."""
_EITHER = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
"""A fraction of three digits, or thousands."""
_LEVELS: Mapping[str, frozenset[str]] = {column.name: frozenset(column.levels) for column in COLUMNS}


@lru_cache(maxsize=1 << 14)
def _cached(column: Column, text: str, mark: DecimalMark) -> Reading:
    return _read(column, text, mark)


def _read(column: Column, text: str, mark: DecimalMark) -> Reading:
    stripped = text.strip()
    clean = _unwrapped(visible(stripped).strip())
    repaired = clean != stripped
    if clean.lower() in MISSING_SPELLINGS:
        return _missing(column, repaired=repaired)
    if not column.numeric:
        return _level(column, clean, repaired=repaired, mark=mark)
    plain = _plain(clean, mark)
    pattern = _INTEGER if column.kind is Kind.INTEGER else _NUMBER
    if plain is None or not pattern.fullmatch(plain):
        return _refused(Issue.WRONG_TYPE)
    usual = "." not in clean if mark is DecimalMark.COMMA else plain == clean
    return _bounded(column, float(plain), plain, repaired=repaired or not usual)


def _unwrapped(text: str) -> str:
    """The text without quotation marks around it, or a spreadsheet's `="…"`."""
    inner = text.removeprefix("=") if text.startswith('="') else text
    if len(inner) >= 2 and inner[0] == inner[-1] == '"':
        return inner[1:-1].strip()
    return text


def _missing(column: Column, *, repaired: bool) -> Reading:
    return Reading(None, "", None, repaired) if column.nullable else _refused(Issue.MISSING_VALUE)


def _refused(issue: Issue) -> Reading:
    return Reading(None, "", issue, False)


def _level(column: Column, text: str | None, *, repaired: bool, mark: DecimalMark = DecimalMark.POINT) -> Reading:
    levels = _LEVELS[column.name]
    for spelling in (text, _whole_text(text, mark)):
        if spelling is not None:
            level = spelling if spelling in levels else column.repairs.get(spelling)
            if level is not None:
                return Reading(level, level, None, repaired or level != text)
    return _refused(Issue.UNKNOWN_CATEGORY)


def _whole_text(text: str | None, mark: DecimalMark) -> str | None:
    """The digits of a whole number that is written with a fraction of zeros, or with grouped thousands."""
    if not text or not text[0].isdigit():
        return None
    plain = _plain(text, mark)
    return str(int(float(plain))) if plain is not None and _INTEGER.fullmatch(plain) else None


def _whole(number: float) -> str | None:
    return str(int(number)) if number % 1 == 0 and abs(number) < _MANY else None


def _plain(text: str, mark: DecimalMark) -> str | None:
    """A number's text with a point as the only mark in it, or None where its marks can't be understood. What isn't a
    number stays as it is."""
    if len(text) > MAX_DIGITS:
        return None
    if "," not in text:
        if mark is DecimalMark.POINT or "." not in text:
            return text
        if mark is DecimalMark.COMMA and (grouped := _GROUPED.fullmatch(text)):
            return grouped[1].replace(".", "")
        return None if _EITHER.fullmatch(text) else text
    if mark is DecimalMark.COMMA and (grouped := _GROUPED.fullmatch(text)):
        return grouped[1].replace(".", "") + (grouped[2] or "").replace(",", ".")
    if "." in text or text.count(",") > 1 or (mark is not DecimalMark.COMMA and _EITHER.fullmatch(text)):
        return None
    return text.replace(",", ".")


def _bounded(column: Column, number: float, text: str, *, repaired: bool) -> Reading:
    low, high = column.interval
    if column.kind is Kind.INTEGER and number != number // 1:
        return _refused(Issue.WRONG_TYPE)
    if not low <= number <= high:
        return _refused(Issue.OUT_OF_RANGE)
    if column.kind is Kind.INTEGER:
        return Reading(int(number), str(int(number)), None, repaired)
    return Reading(float(number), text, None, repaired)


def _unseen(char: str) -> bool:
    return char not in " \t\r\n" and unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp")


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()
