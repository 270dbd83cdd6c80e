"""Waiting for a table that is busy."""

import random
import time
from collections.abc import Iterator

ATTEMPTS = 10
_FIRST, _LONGEST = 0.05, 3.0

BUSY = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
        "ThrottlingError",
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
        "InternalServerError",
        "InternalError",
    }
)
"""The codes of DynamoDB that mean: try again later. The last one is LocalStack's for a failure of its own."""


def attempts() -> Iterator[int]:
    """Ten attempts with growing pauses between them, about ten seconds in all.

    Each pause is drawn from [0, limit] with the limit doubling: "full jitter", which clears a crowd of writers fastest
    (Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015).
    """
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(random.uniform(0, min(_LONGEST, _FIRST * 2**attempt)))  # noqa: S311
        yield attempt
