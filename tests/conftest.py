"""What every test may use: an empty AWS in memory (moto) with the project's bucket, tables, queue and topic."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

if TYPE_CHECKING:
    from jobchange.registry.artifact import TrainedModel
    from jobchange.store.tables import Table

# Threads of scikit-learn and onnxruntime that wait for each other in busy loops take the processors from other tests.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Threads of scikit-learn and onnxruntime that wait for each other in busy loops take the processors from other tests.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# The same examples at each run, few of them for `make check`; `make soak` takes new ones, and many more.
hypothesis.settings.register_profile("test", derandomize=True, deadline=None)
hypothesis.settings.register_profile("check", derandomize=True, deadline=None, max_examples=10)
hypothesis.settings.register_profile("soak", max_examples=200, derandomize=False, print_blob=True)
hypothesis.settings.load_profile("test")

pytest_plugins = ["tests.support.stack", "tests.support.budgets", "tests.support.acting"]


@pytest.fixture(scope="session")
def _moto() -> None:
    """Let moto pass on the values of DynamoDB's items as they are: it would look for each under some thirty names, and
    spend most of a query's time on it."""
    from moto.core.serialize import BaseJSONSerializer

    structure = BaseJSONSerializer._serialize_type_structure

    def serialize(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue":
            serialized[key] = value
        else:
            structure(self, serialized, value, shape, key)

    BaseJSONSerializer._serialize_type_structure = serialize  # type: ignore[method-assign]


_ACCOUNT, _REGION = "123456789012", "eu-west-1"
_QUEUES = f"https://sqs.{_REGION}.amazonaws.com/{_ACCOUNT}"
_tables: dict[str, Any] = {}
"""The tables as they are when nothing lies in them, made once for each process."""


def _furnish(models: list[type[Table]]) -> None:
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


_CACHES = {
    "jobchange.access.tokens": "_known",
    "jobchange.registry.loader": "profile",
    "jobchange.scoring.model": "_champion",
}
"""What a process remembers of an account, by module: the next test has another account."""


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, _moto: None, roles: None) -> Iterator[None]:  # noqa: ARG001
    """An AWS account in memory, with everything the template would make that the use cases touch."""
    from moto import mock_aws

    for variable in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(variable, raising=False)
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(variable, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", _REGION)

    from jobchange.settings import settings
    from jobchange.store import tables

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
    for module, cached in _CACHES.items():
        if module in sys.modules:
            getattr(sys.modules[module], cached).cache_clear()


@pytest.fixture(scope="session")
def trained() -> TrainedModel:
    """A small model, trained once."""
    from data.generate import generate
    from jobchange.training.train import train
    from tests.support.labelled import dataset_of

    return train(dataset_of("".join(generate(600, seed=5)).splitlines()), progress=lambda _: None)


@pytest.fixture(scope="session")
def rival() -> TrainedModel:
    """Another small model."""
    from data.generate import generate
    from jobchange.training.train import train
    from tests.support.labelled import dataset_of

    return train(dataset_of("".join(generate(600, seed=6)).splitlines()), progress=lambda _: None)


@pytest.fixture
def champion(aws: None, trained: TrainedModel) -> str:  # noqa: ARG001
    """The version of a model that has been registered and promoted."""
    from jobchange.registry import lifecycle

    version = lifecycle.register(trained)
    lifecycle.promote(version, by="test")
    return version
