"""The list of erased candidates: a candidate is listed before anything of them is erased.

Each listing is a new generation of the list. What depends on the list names the generation it saw, and is refused if
there is a newer one (see `counters.count`).
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from jobchange import times
from jobchange.aws import retries
from jobchange.store.tables import SuppressionRow
from jobchange.store.transactions import Refused, transact

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CANDIDATE, STATE = "candidate", "state"
_ONLY = "#"
_BUCKETS = 1 << 16


@dataclass(frozen=True)
class Suppressed:
    """Who was erased: for each hash since which generation of the list, and in which bucket it is looked for.

    No number is kept. A hash is an HMAC under the salt of this list, so that two installations, a receipt and a log
    line can't be joined or looked up. A reader of the table can read the salt, too, and try all two thousand million
    numbers: the hash protects what leaves the table, not the table itself. So only the functions that request or carry
    out erasures may read it, and those that must respect it.
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


def load() -> Suppressed:
    """The list as it is now."""
    try:
        state = SuppressionRow.get(STATE, _ONLY, consistent_read=True)
    except SuppressionRow.DoesNotExist:
        return Suppressed()
    rows = list(SuppressionRow.query(CANDIDATE, consistent_read=True))
    return Suppressed(
        salt=bytes.fromhex(state.salt),
        # The rows were read after the state: they hold all that its generation counts, and perhaps more.
        generation=int(state.generation),
        since={row.hash: int(row.generation) for row in rows},
        buckets=frozenset(int(row.bucket) for row in rows),
    )


def suppress(identifier: int) -> str:
    """List a candidate; returns the hash. Idempotent."""
    for _ in retries.attempts():
        now = load()
        new = Suppressed(now.salt or secrets.token_bytes(32), now.generation + 1)
        hash_ = new.hash(identifier)
        if hash_ in now.since:
            return hash_
        row = SuppressionRow(
            CANDIDATE,
            hash_,
            generation=new.generation,
            bucket=new.bucket(identifier),
            suppressed_at=times.now(),
            erased={},
        )
        state = SuppressionRow(STATE, _ONLY, generation=new.generation, salt=new.salt.hex())
        try:
            transact(partial(_list, row, state, now.generation), SuppressionRow)
        except Refused:
            # Somebody else was listed meanwhile.
            continue
        return hash_
    raise TimeoutError("The table of suppressions stayed busy.")


def _list(row: SuppressionRow, state: SuppressionRow, generation: int, transaction: TransactWrite) -> None:
    transaction.save(row, condition=SuppressionRow.kind.does_not_exist())
    transaction.save(state, condition=unchanged(generation))


def unchanged(generation: int) -> Condition:
    """That the list's state still is of this generation."""
    if not generation:
        return SuppressionRow.kind.does_not_exist()
    return SuppressionRow.generation == generation


def state() -> tuple[type[SuppressionRow], str, str]:
    """Model and key of the list's state, for a transaction that checks it."""
    return SuppressionRow, STATE, _ONLY
