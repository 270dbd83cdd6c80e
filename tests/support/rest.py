"""The API as API Gateway calls it: REST proxy events (payload 1.0) into the function's own handler."""

import base64
import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

from infra import ROOT
from tests.support.functions import Context, load_handler

STAGE = "v1"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def call(
    method: str,
    path: str,
    body: Any = None,
    *,
    token: str | None = None,
    headers: dict[str, str] | None = None,
    **query: Any,
) -> Answer:
    """Call a route; a `body` that is neither text nor bytes is sent as JSON, and those as they are."""
    sent = {"Host": "example.execute-api.eu-west-1.amazonaws.com", "X-Forwarded-Proto": "https"} | (headers or {})
    if body is not None:
        sent.setdefault("Content-Type", "application/json")
    if token is not None:
        sent["Authorization"] = f"Bearer {token}"
    text: str | None = base64.b64encode(body).decode() if isinstance(body, bytes) else body
    if body is not None and not isinstance(body, str | bytes):
        text = json.dumps(body)
    several = parse_qs(urlencode(query), keep_blank_values=True)
    event = {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": sent,
        "multiValueHeaders": {name: [value] for name, value in sent.items()},
        "queryStringParameters": {name: values[-1] for name, values in several.items()} or None,
        "multiValueQueryStringParameters": several or None,
        "pathParameters": {"proxy": path.removeprefix("/")},
        "stageVariables": None,
        "requestContext": {
            "stage": STAGE,
            "path": f"/{STAGE}{path}",
            "httpMethod": method,
            "resourcePath": "/{proxy+}",
            "requestId": "gateway-request",
            "identity": {"sourceIp": "192.0.2.1"},
        },
        "body": text,
        "isBase64Encoded": isinstance(body, bytes),
    }
    answer = load_handler("api").handler(event, Context())
    assert not answer["isBase64Encoded"]
    return Answer(answer["statusCode"], answer["headers"], answer["body"])


def loaded_at_start(*modules: str, function: str = "api") -> set[str]:
    """Which of some modules a fresh process has loaded when a function stands ready."""
    code = f"import sys, app; print(*{set(modules)} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT / "functions" / function,
        env={"PYTHONPATH": str(ROOT / "layers" / "core")},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())
