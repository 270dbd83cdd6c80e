"""A call of the operators' API, as API Gateway sends it."""

import json
from typing import Any


def called(method: str, resource: str, body: Any = None, *, authorization: str = "", version: str = "") -> Any:
    """The event of a call, as API Gateway sends it."""
    return {
        "requestContext": {
            "httpMethod": method,
            "resourcePath": resource,
            "path": resource.replace("{version}", version),
            "identity": {"sourceIp": "127.0.0.1"},
        },
        "headers": {
            "authorization": authorization,
            "content-type": "application/json",
            "origin": "https://other.example",
        },
        "multiValueQueryStringParameters": None,
        "pathParameters": {"version": version} if version else None,
        "stageVariables": None,
        "body": body if isinstance(body, str) or body is None else json.dumps(body),
        "isBase64Encoded": False,
    }
