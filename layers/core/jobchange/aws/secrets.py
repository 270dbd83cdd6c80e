"""Secrets, which are kept in SSM as SecureStrings and are known to the functions by their names only."""

import time
from functools import lru_cache

from jobchange.aws import clients

_CACHE_SECONDS = 300
"""After so long a changed secret is known."""


def secret(name: str) -> str:
    """The value of a SecureString; remembered for five minutes at most. Errors of AWS propagate."""
    return _secret(name, int(time.monotonic() // _CACHE_SECONDS))


def forget() -> None:
    """Read every secret again when it is next needed."""
    _secret.cache_clear()


@lru_cache(maxsize=4)
def _secret(name: str, window: int) -> str:  # noqa: ARG001
    value: str = clients.ssm().get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    return value
