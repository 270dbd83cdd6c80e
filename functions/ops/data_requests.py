"""Operators' routes about stored data: replay a file, show what is held about a candidate, erase a candidate."""

from collections.abc import Mapping
from typing import Any

from chalice.app import Blueprint, Response

from jobchange import contract
from jobchange.access.tokens import Access
from jobchange.errors import NotFound
from jobchange.operations import replay
from jobchange.privacy import erasure_requests
from operator_route import perform

routes = Blueprint(__name__)


@routes.route("/ops/files/{file_id}/replay", methods=["POST"])
def replay_file(file_id: str) -> Response:
    """Validate and score a file again under today's contract; its predictions replace the old ones."""

    def operate(_: Access) -> dict[str, Any]:
        return {"file_id": replay.request(file_id)}

    return perform(routes.current_request, f"replay {file_id}", operate, status=202)


@routes.route("/ops/candidates/{enrollee_id}", methods=["GET"])
def show_candidate(enrollee_id: str) -> Response:
    """Everything that is held about a candidate, page by page: follow `next_cursor` to the end."""

    def operate(_: Access) -> dict[str, Any]:
        # Imported here: no other route needs numpy.
        from jobchange.privacy import subject_access

        query: Mapping[str, str] = routes.current_request.query_params or {}
        return subject_access.page(_number(enrollee_id), query.get("cursor"))

    return perform(routes.current_request, "show what is held about a candidate", operate, parameters=("cursor",))


@routes.route("/ops/candidates/{enrollee_id}", methods=["DELETE"])
def erase_candidate(enrollee_id: str) -> Response:
    """Erase a candidate; answers with the receipt, or, after a while, with what has been erased so far (202). Another
    request searches everything once more."""

    def operate(_: Access) -> dict[str, Any]:
        return erasure_requests.awaited(erasure_requests.request(_number(enrollee_id)))

    # Without the number: the run keeps the action's text.
    response = perform(routes.current_request, "erase a candidate", operate)
    if response.status_code == 200 and response.body["status"] != "COMPLETE":
        response.status_code = 202
    return response


def _number(text: str) -> int:
    minimum, maximum = contract.BY_NAME[contract.IDENTIFIER].interval
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and minimum <= int(text) <= maximum):
        raise NotFound(f"A candidate's number is a whole number from {minimum:.0f} to {maximum:.0f}.")
    return int(text)
