"""Opaque page cursors: a position in a listing, bound to the query it belongs to; and listings in an order that a
position can be found again in."""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TypeVar

from jobchange.errors import BadRequest

Row = TypeVar("Row")


def encode(query: object, position: list[str]) -> str:
    """A URL-safe text for `position`, good for this `query` (any JSON-able description of it) only."""
    document = json.dumps([_digest(query), position], separators=(",", ":"))
    return base64.urlsafe_b64encode(document.encode()).decode().rstrip("=")


def decode(query: object, cursor: str, *checks: Callable[[str], bool]) -> list[str]:
    """The position in a cursor made by `encode` for the same `query`, each of its texts passing its check.

    Raises BadRequest for any other text: anybody can write a cursor, and only what passes here is relied upon.
    """
    try:
        document = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, UnicodeError):
        document = None
    match document:
        case [str(digest), [*position]] if digest == _digest(query) and len(position) == len(checks):
            if all(isinstance(each, str) and check(each) for each, check in zip(position, checks, strict=True)):
                return position
    raise BadRequest("The cursor doesn't belong to this query. Start again without a cursor.")


def newest_first(
    rows: Iterable[Row], place: Callable[[Row], tuple[str, str]], before: tuple[str, str] | None
) -> Iterator[Row]:
    """The rows of an index, newest first, that come after a position: `place` is a row's instant and id. An index keeps
    rows of one instant in no particular order, so here they are in that of their ids."""
    for _, tied in groupby(rows, key=lambda row: place(row)[0]):
        for row in sorted(tied, key=place, reverse=True):
            if before is None or place(row) < before:
                yield row


def _digest(query: object) -> str:
    return hashlib.sha256(json.dumps(query, sort_keys=True).encode()).hexdigest()[:12]
