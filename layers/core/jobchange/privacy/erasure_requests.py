"""Asking for an erasure, and its receipt: all that an operator's call needs (see `erase` for what happens then)."""

import time
from typing import Any

from jobchange.aws import messages
from jobchange.aws.messages import EraseCandidate
from jobchange.store import erasure_receipts, suppression_list

PLACES = ("predictions", "outcomes", "good", "scored", "bad", "raw", "training", "reports", "idempotency")
PATIENCE_SECONDS = 20.0
"""A gateway gives up after 29."""
_PAUSE_SECONDS = 0.5


def request(enrollee_id: int) -> str:
    """Suppress a candidate at once and have everything of them erased; returns the hash under which the receipt is."""
    hash_ = suppression_list.suppress(enrollee_id)
    erasure_receipts.restart(hash_)
    messages.send(EraseCandidate(enrollee_id=enrollee_id))
    return hash_


def receipt(hash_: str) -> dict[str, Any]:
    """What was erased so far, by place, and what backups hold until when. Raises NotFound."""
    erasure = erasure_receipts.get(hash_)
    return {
        "enrollee_id_hash": hash_,
        "status": "COMPLETE" if erasure.completed_at else "RUNNING",
        "erased": {place: erasure.erased.get(place, 0) for place in PLACES},
        "waiting": erasure.waiting,
        "backups": erasure.backups,
        "suppressed_at": erasure.suppressed_at,
        "at": erasure.completed_at,
    }


def awaited(hash_: str) -> dict[str, Any]:
    """The receipt when the erasure is complete, or else as it is after `PATIENCE_SECONDS`."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (current := receipt(hash_))["status"] != "COMPLETE" and time.monotonic() < deadline:
        time.sleep(_PAUSE_SECONDS)
    return current
