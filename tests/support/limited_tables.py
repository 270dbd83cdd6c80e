"""DynamoDB as it is when it is busy: a partition takes 1,000 write units a second, and transactions conflict.

Batch writes and transactions are held to the limits on a simulated clock. Of what they write only predictions, receipts
and sums are kept; the AWS in memory would copy all its tables for each transaction, and does everything else.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from pynamodb.exceptions import CancellationReason, VerboseClientError

from tests.support.simulated import Clock

UNITS = 1_000
"""Write units that a partition takes in a second, and those that it can take at once after an idle second."""
BATCH_SECONDS, CALL_SECONDS, TRANSACTION_SECONDS = 0.010, 0.005, 0.025
"""How long calls take; a transaction holds its items as long."""
_ABOUT = {"request_id": "", "table_name": ""}
Call = Callable[[str, dict[str, Any]], Any]


class LimitedTables:
    """Stands between pynamodb and AWS. Without limits it only takes time."""

    def __init__(self, clock: Clock, predictions_table: str, *, limited: bool = True) -> None:
        self.predictions: set[int] = set()
        """A number for each prediction that was written."""
        self.sums: Counter[tuple[str, str]] = Counter()
        """The counters, by partition and sort key."""
        self._receipts: set[str] = set()
        self.refused = self.conflicts = 0
        self._clock, self._table, self._limited = clock, predictions_table, limited
        self._left: dict[tuple[str, str], tuple[float, float]] = {}
        self._held: dict[tuple[str, str, str], float] = {}

    def answer(self, call: Call, operation: str, arguments: dict[str, Any]) -> Any:
        if operation == "BatchWriteItem":
            return self._batch(operation, arguments)
        if operation == "TransactWriteItems":
            return self._transaction(operation, arguments)
        self._clock.sleep(CALL_SECONDS)
        return call(operation, arguments)

    def _batch(self, operation: str, arguments: dict[str, Any]) -> Any:
        self._clock.sleep(BATCH_SECONDS)
        taken: dict[str, list[Any]] = {}
        left: dict[str, list[Any]] = {}
        for table, requests in arguments["RequestItems"].items():
            for request in requests:
                item = request["PutRequest"]["Item"] if "PutRequest" in request else request["DeleteRequest"]["Key"]
                fits = self._takes(table, item["partition"]["S"], _units(item))
                (taken if fits else left).setdefault(table, []).append(request)
        self.refused += sum(map(len, left.values()))
        for request in taken.get(self._table, []):
            if "PutRequest" in request:
                self.predictions.add(_number(request["PutRequest"]["Item"]))
            else:
                self.predictions.discard(_number(request["DeleteRequest"]["Key"]))
        if left == arguments["RequestItems"]:
            raise _error("ProvisionedThroughputExceededException", operation)
        return {"UnprocessedItems": left}

    def _transaction(self, operation: str, arguments: dict[str, Any]) -> Any:
        writes = [each for action in arguments["TransactItems"] for each in action.values()]
        keys = [_key(each) for each in writes]
        conflicts = [self._limited and self._held.get(key, 0.0) > self._clock.now for key in keys]
        if any(conflicts):
            self.conflicts += 1
            self._clock.sleep(CALL_SECONDS)
            raise _cancelled(operation, ["TransactionConflict" if each else None for each in conflicts])
        # Each item is written twice.
        busy = [not self._takes(table, partition, 2) for table, partition, _ in keys]
        if any(busy):
            self.refused += 1
            self._clock.sleep(CALL_SECONDS)
            raise _cancelled(operation, ["ThrottlingError" if each else None for each in busy])
        self._held.update(dict.fromkeys(keys, self._clock.now + TRANSACTION_SECONDS))
        again = ["Item" in each and each["Item"]["partition"]["S"] in self._receipts for each in writes]
        self._clock.sleep(TRANSACTION_SECONDS)
        if any(again):
            raise _cancelled(operation, ["ConditionalCheckFailed" if each else None for each in again])
        self._receipts |= {each["Item"]["partition"]["S"] for each in writes if "Item" in each}
        for each, (_, partition, sort) in zip(writes, keys, strict=True):
            if added := re.search(r"ADD #\d+ (:\d+)", each.get("UpdateExpression", "")):
                self.sums[partition, sort] += int(each["ExpressionAttributeValues"][added[1]]["N"])
        return {}

    def _takes(self, table: str, partition: str, units: int) -> bool:
        """Whether a partition takes some units now; a bucket of tokens each."""
        if not self._limited:
            return True
        left, at = self._left.get((table, partition), (float(UNITS), 0.0))
        left = min(float(UNITS), left + (self._clock.now - at) * UNITS)
        takes = left >= units
        self._left[table, partition] = (left - units * takes, self._clock.now)
        return takes


def _number(key: dict[str, Any]) -> int:
    return hash((key["partition"]["S"], key["sort"]["S"]))


def _units(item: dict[str, Any]) -> int:
    """A unit for each kilobyte begun."""
    return -(-len(json.dumps(item)) // 1024)


def _key(write: dict[str, Any]) -> tuple[str, str, str]:
    key = write.get("Key") or write["Item"]
    values = [next(iter(value.values())) for name, value in key.items() if name in _KEYS]
    return write["TableName"], values[0], values[-1]


_KEYS = ("partition", "sort", "kind", "hash")


def _error(code: str, operation: str) -> VerboseClientError:
    return VerboseClientError({"Error": {"Code": code, "Message": ""}}, operation, _ABOUT)


def _cancelled(operation: str, codes: list[str | None]) -> VerboseClientError:
    reasons = [CancellationReason(code=code) if code else None for code in codes]
    return VerboseClientError(
        {"Error": {"Code": "TransactionCanceledException", "Message": ""}},
        operation,
        _ABOUT,
        cancellation_reasons=reasons,
    )
