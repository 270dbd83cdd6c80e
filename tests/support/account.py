"""An AWS account in memory (moto)."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from jobchange.store.tables import Table

_ACCOUNT, _REGION = "123456789012", "eu-west-1"
_QUEUES = f"https://sqs.{_REGION}.amazonaws.com/{_ACCOUNT}"
_tables: dict[str, Any] = {}
"""The tables as they are when nothing lies in them, made once for each process."""
_CACHES = (
    ("jobchange.access.tokens", "_known"),
    ("jobchange.registry.loader", "profile"),
    ("jobchange.scoring.model", "_champion"),
    ("jobchange.registry.threshold", "_decisions"),
)
"""What a process remembers of an account, with its module: the next test has another account."""


@contextmanager
def in_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An account with everything the template would make that the use cases touch; the environment leads there."""
    from moto import mock_aws

    from jobchange.settings import settings
    from jobchange.store import tables

    _speed_up()
    for variable in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(variable, raising=False)
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(variable, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", _REGION)
    models = [
        each
        for each in vars(tables).values()
        if isinstance(each, type) and issubclass(each, tables.Table) and each.setting
    ]
    with mock_aws():
        for model in models:
            monkeypatch.setenv(model.setting.upper(), f"test-{model.setting}")
        monkeypatch.setenv("LAKE_BUCKET", "test-lake")
        for name in ("INGEST", "SCORE", "DATA_REQUEST"):
            monkeypatch.setenv(f"{name}_QUEUE_URL", f"{_QUEUES}/test-{name.lower()}")
        monkeypatch.setenv("ALERTS_TOPIC_ARN", f"arn:aws:sns:{_REGION}:{_ACCOUNT}:test-alerts")
        settings.cache_clear()
        _furnish(models)
        yield
    settings.cache_clear()
    for module, cached in _CACHES:
        if module in sys.modules:
            getattr(sys.modules[module], cached).cache_clear()
    if segments := sys.modules.get("jobchange.store.segments"):
        segments.forget()


def forget_copies() -> None:
    """Let go of the copies of objects that moto has handed out: it keeps each until the account is closed."""
    from moto.s3.models import FakeKey, s3_backends

    kept = {
        id(version)
        for bucket in s3_backends[_ACCOUNT]["aws"].buckets.values()
        for key in list(bucket.keys)
        for version in bucket.keys.getlist(key)
    }
    tracked = FakeKey.instances_tracked  # type: ignore[attr-defined]
    for each in tracked:
        if id(each) not in kept:
            each.dispose()
    tracked[:] = [each for each in tracked if id(each) in kept]


@cache
def _speed_up() -> None:
    """Spare botocore and moto what costs much and decides nothing here."""
    import botocore.loaders
    import botocore.session
    import moto.core.models
    import moto.core.responses
    from moto.core.serialize import BaseJSONSerializer

    # The descriptions of AWS's services are read once for each process, not for each session.
    session: Any = botocore.session
    session.create_loader = cache(botocore.loaders.create_loader)
    # Which methods a service of moto's has is found out once, not for each call.
    responses: Any = moto.core.responses
    responses.method_names_from_class = cache(responses.method_names_from_class)
    # Nobody here calls AWS by the library requests: nothing has to be laid for each service in its way.
    moto.core.models.RESPONSES_METHODS.clear()

    # The values of DynamoDB's items are passed on as they are: moto would look for each under some thirty names, and
    # spend most of a query's time on it.
    structure = BaseJSONSerializer._serialize_type_structure

    def serialize(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue":
            serialized[key] = value
        else:
            structure(self, serialized, value, shape, key)

    BaseJSONSerializer._serialize_type_structure = serialize  # type: ignore[method-assign]


def _furnish(models: "list[type[Table]]") -> None:
    """Make bucket, queues, topic and tables, in moto's own objects: by calls of the API it would take ten times as long
    as most tests."""
    from moto.dynamodb.models import dynamodb_backends
    from moto.s3.models import s3_backends
    from moto.sns.models import sns_backends
    from moto.sqs.models import sqs_backends

    lake = s3_backends[_ACCOUNT]["aws"].create_bucket("test-lake", _REGION)
    lake.versioning_status = "Enabled"
    for name in ("score", "ingest", "data_request"):
        sqs_backends[_ACCOUNT][_REGION].create_queue(f"test-{name}")
    sns_backends[_ACCOUNT][_REGION].create_topic("test-alerts")
    database = dynamodb_backends[_ACCOUNT][_REGION]
    if not _tables:
        for model in models:
            model.create_table(billing_mode="PAY_PER_REQUEST")
        _tables.update(deepcopy(database.tables))
    database.tables.update(deepcopy(_tables))
