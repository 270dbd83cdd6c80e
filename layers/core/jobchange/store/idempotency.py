"""Requests that may be repeated under a key of their client: what of their answer is pinned, and who works on it.

A record is small and holds no candidate: everything else of an answer follows from the request and what is pinned here.
"""

import hashlib
import time
from dataclasses import dataclass
from functools import partial

from jobchange.errors import Conflict, Unprocessable
from jobchange.store import conditions
from jobchange.store.tables import IdempotencyRow

KEPT_SECONDS = 86_400
LEASE_SECONDS = 30
"""A little above the time limit of the API's function: an attempt that held the record that long was killed."""


@dataclass(frozen=True, kw_only=True)
class Pinned:
    """What a request's first attempt decided for all that follow. `id` is hexadecimal."""

    id: str
    created_at: str
    model_version: str
    done: bool


def identity(*scope: str) -> str:
    """The id of a key within its scope (the client, and whatever else must be the same): 32 hexadecimal digits."""
    return hashlib.sha256("\0".join(scope).encode()).hexdigest()[:32]


def begin(id: str, payload: bytes, *, created_at: str, model_version: str) -> Pinned:  # noqa: A002
    """Start a request, or take over one whose worker was killed; what an earlier attempt pinned stays. A finished one
    is returned `done`.

    Raises Unprocessable when the key came with another payload before, Conflict while another attempt is at work.
    """
    # Salted with the id, so that equal candidates can't be recognised in two records.
    digest = hashlib.sha256(id.encode() + payload).hexdigest()
    now = time.time()
    row = IdempotencyRow(
        id,
        payload=digest,
        created_at=created_at,
        model_version=model_version,
        done=False,
        leased_until=now + LEASE_SECONDS,
        expires=int(now) + KEPT_SECONDS,
    )
    # Items stay readable for a while after they have expired.
    free = IdempotencyRow.id.does_not_exist() | (IdempotencyRow.expires <= int(now))
    if not conditions.held(partial(row.save, free)):
        row = _again(id, digest, now)
    return Pinned(id=id, created_at=row.created_at, model_version=row.model_version, done=row.done)


def finish(id: str) -> None:  # noqa: A002
    """Note that everything of a request is stored: a repeat gets the same answer."""
    IdempotencyRow(id).update([IdempotencyRow.done.set(True)])


def release(id: str) -> None:  # noqa: A002
    """Give up a request that failed, so that it can be repeated at once."""
    IdempotencyRow(id).update([IdempotencyRow.leased_until.set(0)])


def _again(id: str, digest: str, now: float) -> IdempotencyRow:  # noqa: A002
    try:
        row = IdempotencyRow.get(id, consistent_read=True)
    except IdempotencyRow.DoesNotExist:
        raise _at_work() from None
    if row.payload != digest:
        raise Unprocessable("This Idempotency-Key was sent with other candidates before. Use a new key for them.")
    if row.done:
        return row
    if row.leased_until > now:
        raise _at_work()
    seen = float(row.leased_until)
    lease = [IdempotencyRow.leased_until.set(now + LEASE_SECONDS)]
    if not conditions.update(row, lease, IdempotencyRow.leased_until == seen):
        raise _at_work()
    return row


def _at_work() -> Conflict:
    return Conflict("A request with this Idempotency-Key is being processed. Send it again in a few seconds.")
