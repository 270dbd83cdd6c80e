"""Structured logs for every function, with the request's id in each line and never a feature value."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger

logger = Logger(service="jobchange")
"""The service's name is replaced by POWERTOOLS_SERVICE_NAME, which the template sets for each function."""

Handler = Callable[[dict[str, Any], Any], Any]


def handler(function: Handler) -> Handler:
    """Wrap a Lambda handler: each line it logs carries the request's id, and an error that leaves it is logged."""

    def invoke(event: dict[str, Any], context: Any) -> Any:
        try:
            return function(event, context)
        except Exception:
            logger.exception("failed")
            raise

    wrapped: Handler = logger.inject_lambda_context(clear_state=True)(invoke)
    return wrapped
