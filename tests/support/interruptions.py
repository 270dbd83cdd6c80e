"""A process that is killed in the middle of its work."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


class Killed(BaseException):
    """The process dies: no `except Exception` sees it, and no `finally` may do anything of use."""


@contextmanager
def killed_after(calls: int) -> Iterator[list[str]]:
    """Let this process die at the call after so many calls of AWS that write."""
    import botocore.client

    make = botocore.client.BaseClient._make_api_call  # type: ignore[attr-defined]
    made: list[str] = []
    dead: list[bool] = []

    def call(self: Any, operation: str, arguments: Any) -> Any:
        if operation.startswith(("Get", "Query", "List", "Head", "Describe", "Receive", "BatchGet")):
            return make(self, operation, arguments)
        if dead or len(made) == calls:
            dead.append(True)
            raise Killed
        made.append(operation)
        return make(self, operation, arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.client.BaseClient, "_make_api_call", call)
        yield made


def let_the_lock_expire() -> None:
    from jobchange.store.tables import SuppressionRow

    SuppressionRow("lock", "#").update([SuppressionRow.until.set("2000-01-01T00:00:00.000Z")])
