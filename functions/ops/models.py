"""Operators' routes about models: promote, challenge, roll back, decide on the threshold, train."""

from collections.abc import Mapping
from dataclasses import asdict
from types import NoneType
from typing import Any

from chalice.app import Blueprint, Response

from jobchange.access.tokens import Access
from jobchange.aws import messages
from jobchange.errors import BadRequest
from jobchange.registry import lifecycle
from jobchange.registry.threshold import CAPACITY, COST, RuleKind, ThresholdRule
from jobchange.store import models, runs
from jobchange.training import preview
from operator_route import body, perform

routes = Blueprint(__name__)

MAX_REASON = 500
_NUMBER = (int, float, NoneType)


@routes.route("/ops/models/{version}/promote", methods=["POST"])
def promote(version: str) -> Response:
    """Make a registered version the champion; one that failed its gates only with `force` and a written `reason`."""

    def operate(caller: Access) -> dict[str, Any]:
        promotion = body(routes.current_request, force=bool, reason=(str, NoneType))
        reason = promotion.get("reason")
        _check(reason)
        lifecycle.promote(version, by=caller.name, force=promotion.get("force", False), reason=reason)
        return asdict(models.aliases())

    return perform(routes.current_request, f"promote {version}", operate)


@routes.route("/ops/models/{version}/challenge", methods=["POST"])
def set_challenger(version: str) -> Response:
    """Make a version the challenger, which scores in the champion's shadow."""

    def operate(caller: Access) -> dict[str, Any]:
        lifecycle.set_challenger(version, by=caller.name)
        return asdict(models.aliases())

    return perform(routes.current_request, f"challenge with {version}", operate)


@routes.route("/ops/challenger", methods=["DELETE"])
def remove_challenger() -> Response:
    """Leave the champion without a challenger."""

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


@routes.route("/ops/models/{version}/threshold", methods=["POST"])
def change_threshold(version: str) -> Response:
    """Decide on a version's threshold by another rule, `missed` or `capacity`, with a written `reason`."""

    def operate(caller: Access) -> dict[str, Any]:
        decision = body(routes.current_request, missed=_NUMBER, capacity=_NUMBER, reason=str)
        rule, reason = _rule(decision), decision.get("reason", "")
        if rule is None:
            raise BadRequest("Give missed or capacity: the threshold follows from it.")
        _check(reason)
        lifecycle.change_threshold(version, rule, by=caller.name, reason=reason)
        return dict(models.get(version).decisions[-1])

    return perform(routes.current_request, f"threshold of {version}", operate)


@routes.route("/ops/train", methods=["POST"])
def train() -> Response:
    """Start training a model on the files under training/; answers with the id of its run, which records the result.
    `missed` or `capacity` declares the rule for its threshold; without them it inherits the champion's."""

    def operate(_: Access) -> dict[str, Any]:
        rule = _rule(body(routes.current_request, missed=_NUMBER, capacity=_NUMBER))
        run_id = runs.new_id()
        messages.request_training(run_id, rule.declared() if rule else None)
        return {"run_id": run_id}

    return perform(routes.current_request, "train", operate, status=202)


@routes.route("/ops/train", methods=["GET"])
def preview_training() -> Response:
    """What a training would learn from: the labelled files, how many candidates have an outcome that counts by now, and
    the rule for the threshold, unless another is declared."""

    def operate(_: Access) -> dict[str, Any]:
        found = preview.preview()
        files = [{"name": name, "size": size} for name, size in found.files]
        return {"files": files, "outcomes": found.outcomes, "threshold_rule": found.rule.declared()}

    return perform(routes.current_request, "look at what a training would learn from", operate)


def _rule(document: Mapping[str, Any]) -> ThresholdRule | None:
    """The rule that was declared, if one was. Raises BadRequest."""
    values: dict[RuleKind, Any] = {COST: document.get("missed"), CAPACITY: document.get("capacity")}
    declared = [(kind, value) for kind, value in values.items() if value is not None]
    if len(declared) > 1:
        raise BadRequest("Give missed or capacity, not both.")
    try:
        return next((ThresholdRule(kind, float(value)) for kind, value in declared), None)
    except (ValueError, OverflowError) as error:
        raise BadRequest(str(error)) from None


def _check(reason: str | None) -> None:
    if reason and len(reason) > MAX_REASON:
        raise BadRequest(f"A reason has at most {MAX_REASON} characters.")
