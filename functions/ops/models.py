"""The operators' routes about models: promote, challenge, withdraw, roll back, train."""

from dataclasses import asdict
from types import NoneType
from typing import Any

from chalice.app import Blueprint, Response

from jobchange.access.tokens import Access
from jobchange.aws import messages
from jobchange.errors import BadRequest
from jobchange.registry import lifecycle
from jobchange.store import models, runs
from operation import document, perform

routes = Blueprint(__name__)

MAX_REASON = 500


@routes.route("/ops/models/{version}/promote", methods=["POST"])
def promote(version: str) -> Response:
    """Make a registered version the champion; one that failed its gates only with `force` and a written `reason`."""

    def operate(caller: Access) -> dict[str, Any]:
        given = document(routes.current_request, force=bool, reason=(str, NoneType))
        reason = given.get("reason")
        if reason and len(reason) > MAX_REASON:
            raise BadRequest(f"A reason has at most {MAX_REASON} characters.")
        lifecycle.promote(version, by=caller.name, force=given.get("force", False), reason=reason)
        return asdict(models.aliases())

    return perform(routes.current_request, f"promote {version}", operate)


@routes.route("/ops/models/{version}/challenge", methods=["POST"])
def challenge(version: str) -> Response:
    """Let a version score in the champion's shadow."""

    def operate(caller: Access) -> dict[str, Any]:
        lifecycle.set_challenger(version, by=caller.name)
        return asdict(models.aliases())

    return perform(routes.current_request, f"challenge with {version}", operate)


@routes.route("/ops/challenger", methods=["DELETE"])
def withdraw() -> Response:
    """Let nobody challenge the champion any more."""

    def operate(caller: Access) -> dict[str, Any]:
        lifecycle.remove_challenger(by=caller.name)
        return asdict(models.aliases())

    return perform(routes.current_request, "withdraw the challenger", operate)


@routes.route("/ops/models/rollback", methods=["POST"])
def roll_back() -> Response:
    """Make the previous champion the champion again."""

    def operate(caller: Access) -> dict[str, Any]:
        lifecycle.roll_back(by=caller.name)
        return asdict(models.aliases())

    return perform(routes.current_request, "roll back", operate)


@routes.route("/ops/train", methods=["POST"])
def train() -> Response:
    """Have a model trained on what lies under training/; the run that is answered tells later how it went."""

    def operate(_: Access) -> dict[str, Any]:
        document(routes.current_request)
        run_id = runs.new_id()
        messages.request_training(run_id)
        return {"run_id": run_id}

    return perform(routes.current_request, "train", operate, status=202)
