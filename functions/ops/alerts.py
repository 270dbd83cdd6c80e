"""Operators' routes about alerts: say that somebody looks after one, and that it is over."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from chalice.app import Blueprint, Response

from jobchange.access.tokens import Access
from jobchange.errors import BadRequest
from jobchange.store import alerts
from jobchange.store.alerts import KnownAlert
from operator_route import body, perform

routes = Blueprint(__name__)
_SHOWN = (
    *("id", "kind", "title", "criticality", "what_happened", "what_to_do", "at", "link", "state"),
    *("acknowledged_at", "acknowledged_by", "resolved_at", "resolved_by"),
)


@routes.route("/ops/alerts/acknowledge", methods=["POST"])
def acknowledge() -> Response:
    """Look after an open alert."""
    return _change("acknowledge", alerts.acknowledge)


@routes.route("/ops/alerts/resolve", methods=["POST"])
def resolve() -> Response:
    """Say that what an alert is about is over."""
    return _change("resolve", alerts.resolve)


def _change(what: str, change: Callable[..., KnownAlert]) -> Response:
    def operate(caller: Access) -> dict[str, Any]:
        alert_id = body(routes.current_request, id=str).get("id")
        if not alert_id:
            raise BadRequest("Say which alert, by its id.")
        known = asdict(change(alert_id, by=caller.name))
        return {name: known[name] for name in _SHOWN}

    return perform(routes.current_request, f"{what} an alert", operate)
