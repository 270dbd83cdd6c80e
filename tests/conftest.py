"""What every test may use: an empty AWS in memory (moto) with the project's bucket, tables, queue and topic."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from jobchange.registry.artifact import TrainedModel

# Threads of scikit-learn and onnxruntime that wait for each other in busy loops take the processors from other tests.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# The same examples at each run, few of them for `make check`; `make soak` takes new ones, and many more.
hypothesis.settings.register_profile("test", derandomize=True, deadline=None)
hypothesis.settings.register_profile("check", derandomize=True, deadline=None, max_examples=10)
hypothesis.settings.register_profile("soak", max_examples=200, derandomize=False, deadline=None, print_blob=True)
hypothesis.settings.load_profile("test")

pytest_plugins = ["tests.support.stack", "tests.support.budgets", "tests.support.acting"]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, roles: None) -> Iterator[None]:  # noqa: ARG001
    """An AWS account in memory, with everything the template would make that the use cases touch."""
    from tests.support.account import in_memory

    with in_memory(monkeypatch):
        yield


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Small parts; and an erasure waits for nothing that has to be waited for."""
    from jobchange.privacy import erasure
    from jobchange.settings import settings

    monkeypatch.setenv("PART_ROWS", "8")
    monkeypatch.setattr(erasure, "WAIT_SECONDS", 0)
    settings.cache_clear()
    yield
    settings.cache_clear()


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
