"""The control plane: the authorizer in front of both APIs, the operators' routes, and where alerts go."""

import json
from collections.abc import Callable
from typing import Any

from chalice.app import AuthRequest, AuthResponse, Chalice, Response, SNSEvent

from jobchange import access, registry, times
from jobchange.errors import JobChangeError, Unauthorized
from jobchange.store import runs
from jobchange.telemetry import logger

app = Chalice(app_name="ops")


@app.authorizer(ttl_seconds=60)
def authorize(request: AuthRequest) -> AuthResponse:
    """Let a valid token through the gateway, whatever the route; what its role may do is decided behind it."""
    try:
        caller = access.verify(request.token.removeprefix("Bearer ").strip())
    except Unauthorized:
        # The one text that makes the gateway answer 401 rather than 500.
        raise Exception("Unauthorized") from None
    # The answer is cached for the token, so it must hold for every route.
    context = {"name": caller.name, "role": caller.role, "source": caller.source}
    return AuthResponse(routes=["*"], principal_id=caller.name, context=context)


@app.route("/ops/models/{version}/promote", methods=["POST"])
def promote(version: str) -> Response:
    """Make a registered version the champion."""
    return _operation("promote", lambda caller: registry.promote(version, by=caller.name))


@app.on_sns_message(topic="alerts")
def forward_alert(event: SNSEvent) -> None:
    """Write an alert to the log."""
    alert = json.loads(event.message)
    logger.warning("alert", title=alert["title"], criticality=alert["criticality"], figures=alert["figures"])


def _operation(kind: str, operate: Callable[[access.Access], Any]) -> Response:
    """Do what an operator asked for and write down who did; errors become problem documents."""
    started_at = times.now()
    try:
        caller = access.verify(_token())
        caller.demand(access.Role.OPERATOR)
    except JobChangeError as error:
        return _problem(error)
    counts = {"asked_by_operator": 1}
    try:
        operate(caller)
    except JobChangeError as error:
        runs.record(kind, runs.FAILED, started_at=started_at, counts=counts, reason=f"{caller.name}: {error}")
        return _problem(error)
    runs.record(kind, runs.SUCCEEDED, started_at=started_at, counts=counts, reason=caller.name)
    return Response({"status": "done"})


def _token() -> str:
    request = app.current_request
    header: str = request.headers.get("authorization", "") if request else ""
    return header.removeprefix("Bearer ").strip()


def _problem(error: JobChangeError) -> Response:
    body = {"type": "about:blank", "title": error.title, "status": error.status, "detail": str(error)}
    return Response(json.dumps(body), status_code=error.status, headers={"Content-Type": "application/problem+json"})
