"""Operators' routes about dead letters: see why messages failed, then give them another try."""

from typing import Any

from chalice.app import Blueprint, Response

from jobchange.access.tokens import Access
from jobchange.aws.queues import Queue
from jobchange.errors import BadRequest
from jobchange.operations import dead_letters
from operator_route import body, perform

routes = Blueprint(__name__)


@routes.route("/ops/dlq", methods=["GET"])
def show() -> Response:
    """Every queue of dead letters with samples and reasons."""
    return perform(routes.current_request, "show dead letters", lambda _: dead_letters.show())


@routes.route("/ops/dlq/redrive", methods=["POST"])
def redrive() -> Response:
    """Move the dead letters of a queue back to it."""

    def operate(_: Access) -> dict[str, Any]:
        queue = body(routes.current_request, queue=str).get("queue")
        if queue not in tuple(Queue):
            raise BadRequest(f"Say which queue: {', '.join(Queue)}.")
        return {"queue": queue, "moved": dead_letters.redrive(Queue(queue))}

    return perform(routes.current_request, "redrive dead letters", operate)
