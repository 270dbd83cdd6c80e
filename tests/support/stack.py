"""A real stack for the end-to-end and browser tests: deployed once, trained once, deleted at the end.

It is the embedded one, or one on the TARGET that is set. The tests know of it what `make outputs` prints, and nothing
else.
"""

import fcntl
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.message import Message
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from xdist.scheduler import LoadFileScheduling

from infra import ROOT
from infra.commands.outputs import outputs
from infra.stacks import current
from jobchange.aws import clients
from jobchange.registry import lifecycle
from jobchange.registry.artifact import (
    BACKGROUND_FILE,
    CARD_FILE,
    CARD_HTML_FILE,
    FOLDS_FILE,
    MODEL_FILE,
    PROFILE_FILE,
    TrainedModel,
)
from jobchange.settings import settings
from jobchange.store import segments, source_objects
from jobchange.store.tables import Table, connection

EMBEDDED = os.environ.get("TARGET", "") in ("", "embedded")


def embedded_only(reason: str) -> pytest.MarkDecorator:
    """Leaves a test out on another TARGET, for a reason."""
    return pytest.mark.skipif(not EMBEDDED, reason=reason)


_PATIENCE_SECONDS = 240
_TRAINING_ROWS = 4000


@dataclass(frozen=True)
class Answer:
    """What the API answered."""

    status: int
    headers: Message
    """Their names in any case."""
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Stack:
    """A running stack, as `make outputs` tells of it."""

    outputs: dict[str, str]
    before_training: dict[str, Any]
    """What it answered when there was no model yet."""
    dropped: dict[str, str] = field(default_factory=dict)
    """The id of the file that was dropped last under a name."""

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = "user_token",
        headers: dict[str, str] | None = None,
        **query: Any,
    ) -> Answer:
        """Call the API, with one of the demo tokens (or any other text, or None for none at all)."""
        return self._call("api_url", method, path, body, token, headers, query)

    def operate(
        self, method: str, path: str, body: Any = None, *, token: str | None = "operator_token", **query: Any
    ) -> Answer:
        """Call the operators' API."""
        return self._call("ops_url", method, path, body, token, None, query)

    def _call(
        self,
        api: str,
        method: str,
        path: str,
        body: Any,
        token: str | None,
        headers: dict[str, str] | None,
        query: dict[str, Any],
    ) -> Answer:
        headers = {"Content-Type": "application/json"} | (headers or {})
        if token is not None:
            headers["Authorization"] = f"Bearer {self.outputs.get(token, token)}"
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        url = self.outputs[api] + path + (f"?{urlencode(query)}" if query else "")
        return request(url, method, data, headers)

    def get(self, path: str, **query: Any) -> Any:
        answer = self.call("GET", path, **query)
        assert answer.status == 200, answer
        return answer.json

    @cached_property
    def aws(self) -> Callable[[str], Any]:
        """boto3 clients of the stack."""
        from localstack_client.session import Session

        host = urlsplit(self.outputs["endpoint_url"]).netloc
        session = Session("test", "test", region_name=self.outputs["region"], localstack_host=host)
        clients: dict[str, Any] = {}

        def client(service: str) -> Any:
            if service not in clients:
                clients[service] = session.client(service)
            return clients[service]

        return client

    @cached_property
    def resources(self) -> dict[str, str]:
        """The name, address or ARN of each resource, by its name in the template."""
        pages = (
            self.aws("cloudformation").get_paginator("list_stack_resources").paginate(StackName=self.outputs["stack"])
        )
        return {
            each["LogicalResourceId"]: each["PhysicalResourceId"]
            for page in pages
            for each in page["StackResourceSummaries"]
        }

    def drop(self, name: str, body: bytes) -> str:
        """Drop a file into the lake; returns the version of the object."""
        bucket, key = self.outputs["lake_bucket"], f"raw/{name}"
        version: str = self.aws("s3").put_object(Bucket=bucket, Key=key, Body=body)["VersionId"]
        self.dropped[name] = source_objects.identity(bucket, key, version)
        return version

    def dispatch(self) -> dict[str, int]:
        """Do at once what the schedule does every two minutes."""
        answer = self.aws("lambda").invoke(FunctionName=self.resources["DispatchFunction"], Payload=b"{}")
        assert "FunctionError" not in answer
        counts: dict[str, int] = json.loads(answer["Payload"].read())
        return counts

    def file(self, name: str, *statuses: str) -> dict[str, Any]:
        """Wait for the file dropped under a name to reach one of the statuses; its record with the findings."""
        for _ in patiently(f"{name} to be {' or '.join(statuses)}"):
            if record := self.found(name, *statuses):
                return record
        raise AssertionError

    def found(self, name: str, *statuses: str) -> dict[str, Any] | None:
        """The record of the file dropped under a name, if it has reached one of the statuses."""
        file_id = self.dropped.get(name) or self._listed(name)
        answer = self.call("GET", f"/files/{file_id}") if file_id else None
        return answer.json if answer and answer.status == 200 and answer.json["status"] in statuses else None

    def _listed(self, name: str) -> str | None:
        """The id of the newest file of a name: one that the page, or another tool, has dropped."""
        listed = self.get("/files", limit=100)["files"]
        return next((file["file_id"] for file in listed if file["name"] == name), None)

    def scored(self, name: str, body: bytes) -> dict[str, Any]:
        """Drop a file, wait until it is validated, have it scored, and return its record."""
        self.drop(name, body)
        if self.file(name, "VALIDATED", "SCORED", "REJECTED")["status"] == "VALIDATED":
            self.dispatch()
        return self.file(name, "SCORED", "REJECTED")

    def waiting(self, queue: str) -> tuple[int, int]:
        """How many messages of a queue (named as in the template) wait, and how many are being worked on."""
        url = self.resources[queue]
        found = self.aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return int(found["ApproximateNumberOfMessages"]), int(found["ApproximateNumberOfMessagesNotVisible"])

    def settle(self) -> None:
        """Wait until every delivery to the ingest queue, the repeated ones too, is over."""
        for _ in patiently("the ingest queue to be empty"):
            if self.waiting("IngestQueue") == (0, 0):
                return

    def object(self, key: str) -> bytes:
        body: bytes = self.aws("s3").get_object(Bucket=self.outputs["lake_bucket"], Key=key)["Body"].read()
        return body

    def predictions(self, **query: Any) -> Iterator[dict[str, Any]]:
        """Every past prediction of a query, page by page."""
        cursor: dict[str, str] = {}
        while True:
            page = self.get("/predictions/past", **{"limit": 1000, **query, **cursor})
            yield from page["predictions"]
            if page["next_cursor"] is None:
                return
            cursor = {"cursor": page["next_cursor"]}


def request(url: str, method: str, data: bytes | None, headers: dict[str, str]) -> Answer:
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, data=data, headers=headers, method=method), timeout=60
        ) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read())


def patiently(what: str) -> Iterator[None]:
    """Ask again and again until the caller has seen what it waits for; fails when that takes too long."""
    deadline, pause = time.monotonic() + _PATIENCE_SECONDS, 0.05
    while time.monotonic() < deadline:
        yield
        time.sleep(pause)
        # Each question costs a busy machine what it asks for.
        pause = min(1.3 * pause, 0.5)
    pytest.fail(f"waited {_PATIENCE_SECONDS} s for {what}")


def infra(command: str, *arguments: str, environment: dict[str, str]) -> str:
    """Run one of the commands behind the Makefile; returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", f"infra.commands.{command}", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def deployed(name: str, **parameters: int | str) -> Iterator[tuple[Stack, dict[str, str]]]:
    """A stack of its own on the TARGET, with some of the template's parameters, and the environment that means it."""
    place = {"PORT": str(free_port())} if EMBEDDED else {}
    environment = (
        os.environ
        | place
        | {
            "STACK": f"{name}-{os.getpid()}",
            "PYTHONPATH": str(ROOT / "layers" / "core"),
            "PARAMETERS": " ".join(f"{key}={value}" for key, value in parameters.items()),
        }
    )
    with removed(environment):
        infra("deploy", environment=environment)
        with meant(environment):
            known = outputs()
        yield Stack(known, {}), environment


@contextmanager
def removed(environment: dict[str, str]) -> Iterator[None]:
    """Remove a stack at the end; an embedded one even when this process is killed before."""
    remove = [sys.executable, "-m", "infra.commands.destroy", "--yes"]
    # It reads the end of its input instead of a line when nobody is left who could write one.
    guard = subprocess.Popen(
        ["sh", "-c", 'read _ || exec "$@"', "guard", *(remove if EMBEDDED else ["true"])],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        with named(environment):
            current.stack().destroy()
        guard.communicate(b"removed\n")


@contextmanager
def meant(environment: dict[str, str]) -> Iterator[None]:
    """Let `jobchange` in this process work on a deployed stack, as the commands behind the Makefile do."""
    with named(environment):
        current.set_environment()
        yield


@contextmanager
def named(environment: dict[str, str]) -> Iterator[None]:
    """Let the current stack of this process be another one, whether or not it is up."""
    before = dict(os.environ)
    _forget_clients()
    try:
        os.environ.update({name: environment[name] for name in ("STACK", "PORT") if name in environment})
        current.connect()
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        _forget_clients()


def _forget_clients() -> None:
    for cached in (
        *(current.stack, current.resources, current._client),
        *(clients.s3, clients.sqs, clients.sns, connection, settings),
    ):
        cached.cache_clear()
    segments.forget()
    for table in Table.__subclasses__():
        table._connection = None


class _ByStack(LoadFileScheduling):  # type: ignore[misc]
    """Lets all tests that share a stack run in one process: in another one they would need another stack."""

    _ALONE = (
        *("test_erasure.py", "test_kills_of_scoring.py", "test_kills_of_validation.py"),
        *("test_lifecycle.py", "test_permissions.py", "test_recovery.py", "test_sql.py"),
    )
    """The files whose tests have stacks of their own."""

    def _split_scope(self, nodeid: str) -> str:
        file = PurePosixPath(super()._split_scope(nodeid))
        if file.name in self._ALONE or file.parent.name not in ("e2e", "browser"):
            return str(file)
        # Two stacks for the page's tests, which otherwise would take longer than all others.
        return f"{file.parent}{' from m on' * (file.parent.name == 'browser' and file.name >= 'test_m')}"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _ByStack | None:
    return _ByStack(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, whichever of its processes a test runs in."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def stack(shared: Path) -> Iterator[Stack]:
    """The stack of most tests, with a champion trained on generated rows."""
    if not (ROOT / "frontend" / "dist").is_dir():
        pytest.fail("the page isn't built; run the tests with: make test")
    with deployed("test") as (bare, environment):
        yield replace(bare, before_training=before_and_train(bare, shared, environment))


def before_and_train(stack: Stack, shared: Path, environment: dict[str, str]) -> dict[str, Any]:
    """Give a new stack its champion; returns what it answered before. A run trains once and keeps the model in
    `shared`: on the first stack by the command behind `make train`, whose model the others get."""
    candidate = {"city": "city_103", "city_development_index": 0.92, "relevent_experience": "Has relevent experience"}
    seen = {
        "predict": stack.call("POST", "/predictions/predict", [{**candidate, "training_hours": 36}]),
        "plan": stack.dispatch(),
        "runs": stack.get("/runs", limit=1)["runs"],
    }
    kept = shared / "champion"
    with (shared / "training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        trained = kept.is_dir()
        if not trained:
            _train(shared, environment)
            _keep(stack, kept)
    if trained:
        with meant(environment):
            lifecycle.promote(lifecycle.register(_kept(kept)), by="test")
    return seen


def _train(folder: Path, environment: dict[str, str]) -> None:
    from data.generate import generate

    dataset = folder / "training.csv"
    dataset.write_text("".join(generate(_TRAINING_ROWS, seed=7)), encoding="utf-8")
    infra("train", "--dataset", str(dataset), environment=environment)


def _keep(stack: Stack, folder: Path) -> None:
    version = stack.get("/model")["version"]
    folder.mkdir()
    for name in (MODEL_FILE, PROFILE_FILE, CARD_FILE, CARD_HTML_FILE, BACKGROUND_FILE, FOLDS_FILE):
        (folder / name).write_bytes(stack.object(f"models/{version}/{name}"))


def _kept(folder: Path) -> TrainedModel:
    return TrainedModel(
        onnx=(folder / MODEL_FILE).read_bytes(),
        profile=json.loads((folder / PROFILE_FILE).read_bytes()),
        card=json.loads((folder / CARD_FILE).read_bytes()),
        page=(folder / CARD_HTML_FILE).read_bytes(),
        background=(folder / BACKGROUND_FILE).read_bytes(),
        folds=(folder / FOLDS_FILE).read_bytes(),
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
