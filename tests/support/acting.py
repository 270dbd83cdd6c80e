"""Every call of AWS that a function makes in a test is judged by the function's own role, as AWS does it.

Which function acts is seen from the call stack: the innermost use case that belongs to a function, if the test itself
isn't nearer. What a role doesn't allow is refused; S3 says 403 and not 404 to a role that may not list the bucket.

ROLE_USES=folder         keeps which tests need which permission (tests/permissions.py)
ROLE_WITHOUT=permission  takes one permission away: "DispatchFunction sqs:SendMessage arn:aws:sqs:…"
"""

import functools
import json
import os
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infra import ROOT
from tests.support.deployed_template import DeployedTemplate
from tests.support.permissions import Permission, grants, needs

_LAYER = "layers/core/jobchange"
ACTING: Mapping[str, str | Mapping[str, str]] = {
    "functions/api/": "ApiFunction",
    "functions/validate/": "ValidateFunction",
    "functions/train/": "TrainFunction",
    "functions/data_requests/": "DataRequestFunction",
    "functions/score/app.py": {
        "dispatch": "DispatchFunction",
        "score": "ScoreFunction",
    },
    "functions/ops/app.py": {
        "authorize": "AuthorizeFunction",
        "forward_alert": "ForwardAlertFunction",
        "watch": "WatchFunction",
    },
    "functions/ops/": "OpsFunction",
    f"{_LAYER}/quality/ingest.py": "ValidateFunction",
    f"{_LAYER}/scoring/dispatch.py": "DispatchFunction",
    f"{_LAYER}/scoring/batch.py": "ScoreFunction",
    f"{_LAYER}/scoring/ranking.py": "ScoreFunction",
    f"{_LAYER}/operations/data_requests.py": "DataRequestFunction",
    f"{_LAYER}/operations/dead_letters.py": "OpsFunction",
    f"{_LAYER}/operations/replay.py": {"request": "OpsFunction", "replace": "DataRequestFunction"},
    f"{_LAYER}/privacy/erasure.py": "DataRequestFunction",
    f"{_LAYER}/privacy/erasure_requests.py": "OpsFunction",
    f"{_LAYER}/privacy/subject_access.py": "OpsFunction",
    f"{_LAYER}/training/run.py": "TrainFunction",
    f"{_LAYER}/alerting/watch.py": "WatchFunction",
    f"{_LAYER}/alerting/delivery.py": {"forward": "ForwardAlertFunction", "sweep": "WatchFunction"},
}
"""Whose code a file or a folder is; for files of several functions, whose each entry is."""
_PASSED = ("tests/support/acting.py", "tests/support/interruptions.py")
"""What stands between a function and AWS."""
_NOT_THERE = ("NoSuchKey", "NoSuchVersion", "404")
_REFUSALS = {"dynamodb": "AccessDeniedException", "sns": "AuthorizationError"}
_carried: ContextVar[str | None] = ContextVar("carried", default=None)
"""Who has started the thread."""
_test = ""
_uses: dict[str, list[str]] = {}
"""For each permission without which a call would have been refused, some tests that made such a call."""
_MOST_TESTS = 20


@cache
def _owner(file: str) -> str | Mapping[str, str] | None:
    try:
        path = Path(file).relative_to(ROOT).as_posix()
    except ValueError:
        return None
    if path.startswith("tests/"):
        return None if path in _PASSED else ""
    return next((owner for prefix, owner in ACTING.items() if path.startswith(prefix)), None)


def acting() -> str | None:
    """The function that acts; None for the test itself."""
    frame = sys._getframe(1)
    while frame is not None:
        owner = _owner(frame.f_code.co_filename)
        owner = owner.get(frame.f_code.co_name) if isinstance(owner, Mapping) else owner
        if owner is not None:
            return owner or None
        frame = frame.f_back  # type: ignore[assignment]
    return _carried.get()


def granted(function: str) -> tuple[Permission, ...]:
    """What a function's role lets it do."""
    return _granted(function, os.environ.get("ROLE_WITHOUT"))


@cache
def _granted(function: str, without: str | None) -> tuple[Permission, ...]:
    return tuple(grant for grant in grants()[function] if name(function, grant) != without)


def name(function: str, grant: Permission) -> str:
    """A permission of a role, in a line."""
    return f"{function} {grant.action} {grant.resource}"


def allowed(function: str, need: Permission) -> bool:
    """Whether a function's role has a permission; notes which single grant it hangs on."""
    found = [grant for grant in granted(function) if grant.covers(need)]
    if len(found) == 1:
        tests = _uses.setdefault(name(function, found[0]), [])
        if _test not in tests and len(tests) < _MOST_TESTS:
            tests.append(_test)
    return bool(found)


@cache
def _variables() -> Mapping[str, str]:
    """What the template gives functions through their variables."""
    functions = DeployedTemplate(AlertsUrlName="/jobchange/alerts-url").of_type("AWS::Lambda::Function").values()
    return {name: value for each in functions for name, value in each["Environment"]["Variables"].items() if value}


def deployed(given: Any) -> Any:
    """A call's arguments with the names that the test gave to tables, queues and so on replaced by the deployed ones:
    a name is known by the variable that holds it."""
    names = {os.environ[name]: value for name, value in _variables().items() if os.environ.get(name)}

    def renamed(given: Any) -> Any:
        if isinstance(given, dict):
            return {names.get(key, key): renamed(value) for key, value in given.items()}
        if isinstance(given, list):
            return [renamed(each) for each in given]
        return names.get(given, given) if isinstance(given, str) else given

    return renamed(given)


def _plain(service: str, given: Mapping[str, Any]) -> Any:
    """The arguments that name resources."""
    kept = {
        "TableName", "IndexName", "RequestItems", "TransactItems", "Bucket", "Key", "VersionId", "QueueUrl", "TopicArn",
        "Name", "FunctionName",
    }  # fmt: skip
    named = {key: value for key, value in given.items() if key in kept}
    if service == "dynamodb" and "TransactItems" in named:
        named["TransactItems"] = [
            {kind: {"TableName": part["TableName"]} for kind, part in each.items()} for each in named["TransactItems"]
        ]
    if "RequestItems" in named:
        named["RequestItems"] = dict.fromkeys(named["RequestItems"])
    return deployed(named)


def _judged(original: Callable[..., Any]) -> Callable[..., Any]:
    from botocore.exceptions import ClientError

    def refusal(service: str, operation: str, words: str) -> Exception:
        code = _REFUSALS.get(service, "AccessDenied")
        document: Any = {"Error": {"Code": code, "Message": words}, "ResponseMetadata": {"HTTPStatusCode": 403}}
        return ClientError(document, operation)

    @functools.wraps(original)
    def call(client: Any, operation: str, given: dict[str, Any]) -> Any:
        function = acting()
        if function is None:
            return original(client, operation, given)
        service = client.meta.service_model.service_name
        named = _plain(service, given)
        for need in needs(service, operation, named):
            if not allowed(function, need):
                raise refusal(service, operation, f"{function} may not {need.action} on {need.resource}")
        try:
            return original(client, operation, given)
        except ClientError as error:
            if service != "s3" or error.response["Error"]["Code"] not in _NOT_THERE:
                raise
            listing = "s3:ListBucketVersions" if given.get("VersionId") else "s3:ListBucket"
            if allowed(function, Permission(listing, f"arn:aws:s3:::{named['Bucket']}")):
                raise
            raise refusal(service, operation, f"{function} may not know what isn't there") from None

    return call


def _signed(original: Callable[..., Any], actions: Mapping[str, str]) -> Callable[..., Any]:
    """What is signed is done in the signer's name."""

    @functools.wraps(original)
    def call(client: Any, *args: Any, **kwargs: Any) -> Any:
        function = acting()
        if function is not None:
            operation = args[0] if "get_object" in actions else ""
            where = kwargs["Params"] if operation else {"Bucket": args[0], "Key": args[1]}
            place = deployed({"Bucket": where["Bucket"], "Key": where["Key"]})
            need = Permission(actions[operation], f"arn:aws:s3:::{place['Bucket']}/{place['Key']}")
            assert allowed(function, need), f"{function} may not sign for {need}"
        return original(client, *args, **kwargs)

    return call


def _carrying(submit: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(submit)
    def call(pool: Any, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        function = acting()

        def carried(*args: Any, **kwargs: Any) -> Any:
            token = _carried.set(function)
            try:
                return task(*args, **kwargs)
            finally:
                _carried.reset(token)

        return submit(pool, carried, *args, **kwargs)

    return call


@pytest.fixture(scope="session")
def roles() -> None:
    """From now on every call is judged."""
    import botocore.signers
    from botocore.client import BaseClient

    judged: Any = BaseClient
    judged._make_api_call = _judged(judged._make_api_call)
    botocore.signers.generate_presigned_url = _signed(
        botocore.signers.generate_presigned_url, {"get_object": "s3:GetObject"}
    )
    botocore.signers.generate_presigned_post = _signed(botocore.signers.generate_presigned_post, {"": "s3:PutObject"})
    ThreadPoolExecutor.submit = _carrying(ThreadPoolExecutor.submit)  # type: ignore[method-assign]


def pytest_runtest_setup(item: pytest.Item) -> None:
    global _test
    _test = item.nodeid


def pytest_sessionfinish() -> None:
    if folder := os.environ.get("ROLE_USES"):
        Path(folder, f"{os.getpid()}.json").write_text(json.dumps(_uses))
