"""What every test may use: an empty AWS in memory (moto) with the project's bucket, tables, queue and topic."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from jobchange.artifact import Trained

# The same examples at each run, few of them for `make check`; `make soak` takes new ones, and many more.
hypothesis.settings.register_profile("test", derandomize=True, deadline=None)
hypothesis.settings.register_profile("check", derandomize=True, deadline=None, max_examples=10)
hypothesis.settings.register_profile("soak", derandomize=False, print_blob=True)
hypothesis.settings.load_profile("test")

pytest_plugins = ["tests.deployed", "tests.budgets"]

ROOT = Path(__file__).parent.parent


def load_handler(function: str) -> ModuleType:
    """The `app` module of one function, imported the way Lambda does: with its folder on the path."""
    folder = ROOT / "functions" / function
    name = f"{function}_app"
    if name in sys.modules:
        return sys.modules[name]
    sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location(name, folder / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


class Context:
    """What Lambda tells a handler about its invocation."""

    function_name = "tested"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:tested"
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        return 300_000


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An AWS account in memory, with everything the template would make that the use cases touch."""
    from moto import mock_aws

    for variable in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(variable, raising=False)
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(variable, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")

    from jobchange.settings import settings
    from jobchange.store import clients, tables

    models = [
        each
        for each in vars(tables).values()
        if isinstance(each, type) and issubclass(each, tables.Table) and each.setting
    ]
    with mock_aws():
        for model in models:
            monkeypatch.setenv(model.setting.upper(), f"test-{model.setting}")
        monkeypatch.setenv("LAKE_BUCKET", "test-lake")
        settings.cache_clear()
        clients.s3().create_bucket(Bucket="test-lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        clients.s3().put_bucket_versioning(Bucket="test-lake", VersioningConfiguration={"Status": "Enabled"})
        queue = clients.sqs().create_queue(QueueName="test-score")["QueueUrl"]
        for name in ("ingest", "recover"):
            monkeypatch.setenv(
                f"{name.upper()}_QUEUE_URL", clients.sqs().create_queue(QueueName=f"test-{name}")["QueueUrl"]
            )
        topic = clients.sns().create_topic(Name="test-alerts")["TopicArn"]
        monkeypatch.setenv("SCORE_QUEUE_URL", queue)
        monkeypatch.setenv("ALERTS_TOPIC_ARN", topic)
        settings.cache_clear()
        for model in models:
            model.create_table(billing_mode="PAY_PER_REQUEST")
        yield
    settings.cache_clear()
    if "jobchange.scoring.model" in sys.modules:
        from jobchange.scoring import model as scoring

        scoring._champion.cache_clear()


@pytest.fixture(scope="session")
def trained() -> Trained:
    """A small model, trained once."""
    from data.generate import generate
    from jobchange.training.dataset import read
    from jobchange.training.train import train

    return train(read(["".join(generate(600, seed=5)).splitlines()]), progress=lambda _: None)


@pytest.fixture(scope="session")
def rival() -> Trained:
    """Another small model."""
    from data.generate import generate
    from jobchange.training.dataset import read
    from jobchange.training.train import train

    return train(read(["".join(generate(600, seed=6)).splitlines()]), progress=lambda _: None)


@pytest.fixture
def champion(aws: None, trained: Trained) -> str:  # noqa: ARG001
    """The version of a model that has been registered and promoted."""
    from jobchange import registry

    version = registry.register(trained)
    registry.promote(version, by="test")
    return version
