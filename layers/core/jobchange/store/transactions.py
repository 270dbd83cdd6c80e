"""Transactions: all of some writes, or none of them."""

from collections.abc import Callable

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from jobchange.aws import retries
from jobchange.store.tables import Table, connection

CHECK = 0
"""The place of a condition check in a transaction: pynamodb sends checks before all else."""
_REFUSED = "ConditionalCheckFailed"


class Refused(Exception):
    """A transaction some of whose conditions (by their places in it) don't hold."""

    def __init__(self, by: list[int]) -> None:
        super().__init__()
        self.by = by


def transact(write: Callable[[TransactWrite], None], *tables: type[Table]) -> None:
    """Make some writes to these tables together, waiting while one of them is busy.

    Raises Refused when a condition doesn't hold, TimeoutError when a table stays busy.
    """
    for table in tables:
        table._get_connection()  # sets the model's table name
    for _ in retries.attempts():
        try:
            with TransactWrite(connection=connection()) as transaction:
                write(transaction)
        except TransactWriteError as error:
            reasons = [reason and reason.code for reason in error.cancellation_reasons]
            if _REFUSED in reasons:
                raise Refused([at for at, code in enumerate(reasons) if code == _REFUSED]) from None
            if not {*reasons, error.cause_response_code} & retries.BUSY:
                raise
        else:
            return
    raise TimeoutError(f"A table stayed busy: {', '.join(table.setting for table in tables)}.")
