"""A call of the operators' API, as API Gateway sends it."""

import json
from typing import Any
from urllib.parse import parse_qs


def called(
    method: str,
    resource: str,
    body: Any = None,
    *,
    authorization: str = "",
    query: str = "",
    **parameters: str,
) -> Any:
    """The event of a call, as API Gateway sends it; `parameters` stand in the path, where they aren't empty."""
    parameters = {name: value for name, value in parameters.items() if value}
    return {
        "requestContext": {
            "httpMethod": method,
            "resourcePath": resource,
            "path": resource.format(**parameters) if parameters else resource,
            "identity": {"sourceIp": "127.0.0.1"},
        },
        "headers": {
            "authorization": authorization,
            "content-type": "application/json",
            "origin": "https://other.example",
        },
        "multiValueQueryStringParameters": parse_qs(query) or None,
        "pathParameters": parameters or None,
        "stageVariables": None,
        "body": body if isinstance(body, str) or body is None else json.dumps(body),
        "isBase64Encoded": False,
    }
