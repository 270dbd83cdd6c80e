"""The control plane: the authorizer in front of both APIs, the operators' routes, and where alerts go.

The operators' routes are in a module for each subject, as a blueprint; `operator_route` is what they share.
"""

import json
from typing import Any

from chalice.app import AuthRequest, AuthResponse, Chalice, SNSEvent

import alerts
import data_requests
import dead_letters
import jobchange.alerting.watch
import models
from jobchange.access import http, tokens
from jobchange.alerting import delivery
from jobchange.aws import telemetry
from jobchange.errors import Unauthorized
from jobchange.monitoring import queue_depths
from jobchange.monitoring.checks import CHECKS

app = Chalice(app_name="ops")
app.register_blueprint(models.routes)
app.register_blueprint(dead_letters.routes)
app.register_blueprint(data_requests.routes)
app.register_blueprint(alerts.routes)


@app.authorizer(ttl_seconds=60)
def authorize(request: AuthRequest) -> AuthResponse | dict[str, Any]:
    """Let a valid token through the gateway, whatever the route; what its role may do is decided behind it."""
    try:
        caller = tokens.verify(http.bearer(request.token))
    except Unauthorized:
        return _denial(request)
    # The answer is cached for the token, so it must hold for every route.
    context = {"name": caller.name, "role": caller.role, "source": caller.source}
    return AuthResponse(routes=["*"], principal_id=caller.name, context=context)


def _denial(request: AuthRequest) -> dict[str, Any]:
    """Refuse a token, whatever the route. An error would count as a failure of the function, and be remembered by
    nobody; a denial is remembered like a permission, so that the same token isn't looked up at each call."""
    document: dict[str, Any] = AuthResponse(routes=["*"], principal_id="nobody").to_dict(request)
    for statement in document["policyDocument"]["Statement"]:
        statement["Effect"] = "Deny"
    return document


@app.on_sns_message(topic="alerts")
def forward_alert(event: SNSEvent) -> None:
    """An alert that was published is passed on to the receiver."""
    delivery.forward(json.loads(event.message)["id"])


@telemetry.handler
def watch(event: dict[str, Any], context: Any) -> dict[str, int]:
    """A schedule's tick, or an invocation by hand; the checks that read much come when `hourly` is asked for."""
    if event.get("hourly"):
        # Imported here: only they need numpy.
        from jobchange.monitoring.model_checks import HOURLY_CHECKS

        return jobchange.alerting.watch.watch(HOURLY_CHECKS)
    queue_depths.record()
    return jobchange.alerting.watch.watch(CHECKS)
