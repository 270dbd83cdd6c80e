"""Opaque page cursors: a position in a listing, bound to the query it belongs to."""

import base64
import binascii
import hashlib
import json

from jobchange.errors import BadRequest


def encode(query: object, position: list[str]) -> str:
    """A URL-safe text for `position`, good for this `query` (any JSON-able description of it) only."""
    document = json.dumps([_digest(query), position], separators=(",", ":"))
    return base64.urlsafe_b64encode(document.encode()).decode().rstrip("=")


def decode(query: object, cursor: str) -> list[str]:
    """The position in a cursor made by `encode` for the same `query`. Raises BadRequest for any other text."""
    try:
        document = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, UnicodeError):
        document = None
    match document:
        case [str(digest), [*position]] if digest == _digest(query) and all(isinstance(p, str) for p in position):
            return position
    raise BadRequest("The cursor doesn't belong to this query. Start again without a cursor.")


def _digest(query: object) -> str:
    return hashlib.sha256(json.dumps(query, sort_keys=True).encode()).hexdigest()[:12]
