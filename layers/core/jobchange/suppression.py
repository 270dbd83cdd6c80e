"""The list of erased candidates, as validation, scoring and training look at it."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BUCKETS = 1 << 16


@dataclass(frozen=True)
class Suppressed:
    """Who was erased: for each hash since which generation of the list, and in which bucket it is looked for.

    Nobody's number is kept. A hash is an HMAC under the salt of this list, so that two installations, a receipt and a
    log line can't be joined or looked up. Whoever can read the table can read the salt, too, and try all two thousand
    million numbers: the hash protects what leaves the table, not the table itself, which is why only operators' and
    recovery's functions may read it beside those that must respect it.
    """

    salt: bytes = b""
    generation: int = 0
    since: Mapping[str, int] = field(default_factory=dict)
    buckets: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.since)

    def __contains__(self, identifier: int) -> bool:
        return self.bucket(identifier) in self.buckets and self.hash(identifier) in self.since

    def hash(self, identifier: int) -> str:
        """The keyed hash under which a candidate is listed: 32 hexadecimal digits."""
        return hmac.digest(self.salt, str(identifier).encode(), hashlib.sha256).hex()[:32]

    def bucket(self, identifier: int) -> int:
        """A number that millions of candidates share, cheap enough to be computed for each row of a file."""
        factor, offset = self._key
        return ((identifier + offset) * factor & (1 << 64) - 1) >> 48

    def among(self, identifiers: "NDArray[np.int64]") -> "NDArray[np.bool_]":
        """Which of some identifiers are listed. Only those in a listed candidate's bucket are hashed."""
        import numpy as np

        found = np.zeros(len(identifiers), np.bool_)
        if not self.since:
            return found
        listed = np.zeros(_BUCKETS, np.bool_)
        listed[list(self.buckets)] = True
        factor, offset = self._key
        buckets = (identifiers.astype(np.uint64) + np.uint64(offset)) * np.uint64(factor) >> np.uint64(48)
        for suspect in np.flatnonzero(listed[buckets]).tolist():
            found[suspect] = int(identifiers[suspect]) in self
        return found

    @cached_property
    def _key(self) -> tuple[int, int]:
        digest = hashlib.sha256(b"bucket" + self.salt).digest()
        return int.from_bytes(digest[:8], "big") | 1, int.from_bytes(digest[8:12], "big")
