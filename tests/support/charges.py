"""What AWS would charge for the calls of a test: requests of S3 and SQS, and DynamoDB's units by its published rules.

A write is a unit for each begun kilobyte of the item, as it is before or after, whichever is larger; twice that within
a transaction; and as much again for the item in each index that holds it. A read is a unit for each begun four
kilobytes, half of that where it need not be the latest. Amazon DynamoDB Developer Guide, "Capacity unit consumption".
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import ceil
from threading import Lock
from typing import Any

import pytest

_S3_WRITES = {"PutObject", "CopyObject", "ListObjectsV2", "ListObjectVersions", "CreateMultipartUpload", "UploadPart"}
_S3_READS = {"GetObject", "HeadObject"}


@contextmanager
def recorded() -> Iterator[Counter[str]]:
    """Counts by the names of the price list (infra/commands/pricing.py)."""
    import botocore.client

    make = botocore.client.BaseClient._make_api_call  # type: ignore[attr-defined]
    charges: Counter[str] = Counter()
    lock = Lock()

    def charge(name: str, units: float) -> None:
        with lock:
            charges[name] += units  # type: ignore[assignment]

    def call(client: Any, operation: str, given: Any) -> Any:
        service = client.meta.service_model.service_name
        if service == "s3":
            charge("s3 writes", operation in _S3_WRITES)
            charge("s3 reads", operation in _S3_READS)
        elif service == "sqs":
            charge("sqs", 1)
        elif service == "dynamodb":
            before = [_stored(table, key) for table, key, _ in _written(operation, given)]
            answer = make(client, operation, given)
            for (table, key, factor), old in zip(_written(operation, given), before, strict=True):
                charge("dynamodb writes", factor * _units(table, old, _stored(table, key)))
            charge("dynamodb reads", _read_units(operation, given, answer))
            return answer
        return make(client, operation, given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.client.BaseClient, "_make_api_call", call)
        yield charges


def item_bytes(item: Mapping[str, Any]) -> int:
    """The size of an item (attribute name to typed value) by DynamoDB's rules."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(typed: Mapping[str, Any]) -> int:
    ((kind, value),) = typed.items()
    match kind:
        case "S":
            return len(value.encode())
        case "N":
            return ceil(len(value.strip("-").replace(".", "")) / 2) + 1
        case "BOOL" | "NULL":
            return 1
        case "L":
            return 3 + sum(1 + _value_bytes(each) for each in value)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _value_bytes(each) for name, each in value.items())
        case "SS" | "NS":
            return sum(_value_bytes({kind[0]: each}) for each in value)
    return len(value)


def _written(operation: str, given: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any], int]]:
    """The table and the key of each item that a call writes, and how many times its units count."""
    if operation == "PutItem":
        return [(given["TableName"], given["Item"], 1)]
    if operation in ("UpdateItem", "DeleteItem"):
        return [(given["TableName"], given["Key"], 1)]
    if operation == "BatchWriteItem":
        return [
            (table, request["PutRequest"]["Item"] if "PutRequest" in request else request["DeleteRequest"]["Key"], 1)
            for table, requests in given["RequestItems"].items()
            for request in requests
        ]
    if operation == "TransactWriteItems":
        parts = [part for each in given["TransactItems"] for part in each.values()]
        return [(part["TableName"], part.get("Key") or part["Item"], 2) for part in parts]
    return []


def _table(name: str) -> Any:
    from moto.dynamodb.models import dynamodb_backends

    return dynamodb_backends["123456789012"]["eu-west-1"].tables[name]


def _stored(name: str, key: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The item of a key, or of what holds a key; None where there is none."""
    from moto.dynamodb.models.dynamo_type import DynamoType

    table = _table(name)
    keys = [DynamoType(dict(key[each])) for each in (table.hash_key_attr, table.range_key_attr) if each]
    item = table.get_item(*keys)
    return None if item is None else {name: value.to_regular_json() for name, value in item.attrs.items()}


def _units(table: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> int:
    units = max(1, *(_kilobytes(item) for item in (old, new) if item is not None), 1)
    for index in _table(table).global_indexes:
        keys = [key["AttributeName"] for key in index.schema]
        held = [item for item in (old, new) if item is not None and all(key in item for key in keys)]
        shown = [_projected(_table(table), index, item) for item in held]
        if held and (len(shown) == 1 or shown[0] != shown[1]):
            units += max(_kilobytes(item) for item in shown)
    return units


def _projected(table: Any, index: Any, item: Mapping[str, Any]) -> Mapping[str, Any]:
    if index.projection["ProjectionType"] == "ALL":
        return item
    names = {key["AttributeName"] for key in (*index.schema, *table.schema)}
    return {name: item[name] for name in (*names, *index.projection.get("NonKeyAttributes", ())) if name in item}


def _kilobytes(item: Mapping[str, Any]) -> int:
    return max(1, ceil(item_bytes(item) / 1024))


def _read_units(operation: str, given: Mapping[str, Any], answer: Mapping[str, Any]) -> float:
    if operation == "GetItem":
        found = [answer["Item"]] if "Item" in answer else []
    elif operation in ("Query", "Scan"):
        found = answer["Items"]
    elif operation == "BatchGetItem":
        return sum(
            len(asked["Keys"]) / (1 if asked.get("ConsistentRead") else 2) for asked in given["RequestItems"].values()
        )
    else:
        return 0
    units = max(1, ceil(sum(item_bytes(item) for item in found) / 4096))
    return units if given.get("ConsistentRead") else units / 2
