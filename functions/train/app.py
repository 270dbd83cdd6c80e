"""Trains a model: every week, or when an operator asks for it."""

from typing import Any

from jobchange.aws import telemetry
from jobchange.aws.telemetry import logger
from jobchange.registry.threshold import ThresholdRule
from jobchange.store import runs
from jobchange.training.run import from_lake, run


@telemetry.handler
def handler(event: dict[str, Any], context: Any) -> dict[str, str | None]:
    """The schedule's tick, or `{"run_id", "threshold_rule"}` from the operators' API; returns the version, None without
    data."""
    declared = event.get("threshold_rule")
    rule = ThresholdRule.read(declared) if declared else None
    trained = run(from_lake, run_id=event.get("run_id") or runs.new_id(), rule=rule, progress=logger.info)
    return {"version": trained and trained[0]}
