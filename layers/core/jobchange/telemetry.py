"""Structured logs for every function, with the request's id in each line and never a feature value."""

import functools
import traceback
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from aws_lambda_powertools import Logger

logger = Logger(service="jobchange")
"""The service's name is replaced by POWERTOOLS_SERVICE_NAME, which the template sets for each function."""

Handler = Callable[[dict[str, Any], Any], Any]
P = ParamSpec("P")
T = TypeVar("T")


def handler(function: Handler) -> Handler:
    """Wrap a Lambda handler: each line it logs carries the request's id, and an error that leaves it is logged."""
    wrapped: Handler = logger.inject_lambda_context(clear_state=True)(reported(function))
    return wrapped


def reported(function: Callable[P, T]) -> Callable[P, T]:
    """Wrap what handles one message: an error that leaves it is logged, and goes on its way."""

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except Exception as error:
            report(error)
            raise

    return call


def report(error: Exception) -> None:
    """Log an unexpected error by its kind and place. Not its message, which may quote a candidate's values."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    logger.error("unexpected error", extra={"error": type(error).__name__, "where": where})
