"""Structured logs, metrics and traces for every function: the request's id in each line, and never a feature value."""

import functools
import traceback
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from jobchange.settings import settings

logger = Logger(service="jobchange")
"""The service's name is replaced by POWERTOOLS_SERVICE_NAME, which the template sets for each function."""

METRICS = {
    "validate": {
        "files": MetricUnit.Count,
        "files_rejected": MetricUnit.Count,
        "objects_skipped": MetricUnit.Count,
        "rows_good": MetricUnit.Count,
        "rows_bad": MetricUnit.Count,
        "validation_seconds": MetricUnit.Seconds,
    },
    "score": {"rows_scored": MetricUnit.Count, "file_end_to_end_seconds": MetricUnit.Seconds},
    "api": {"predictions": MetricUnit.Count, "predict_duration_ms": MetricUnit.Milliseconds},
    "watch": {"scoring_lag_seconds": MetricUnit.Seconds, "alerts_waiting": MetricUnit.Count},
}
"""Every metric there is, with its unit, by the service that sends it. Few, as each costs 0.30 USD a month while it is
sent; what AWS counts by itself (queues, invocations, requests) isn't counted again."""
_UNITS = {name: unit for metrics in METRICS.values() for name, unit in metrics.items()}

Handler = Callable[[dict[str, Any], Any], Any]
P = ParamSpec("P")
T = TypeVar("T")


def handler(function: Handler) -> Handler:
    """Wrap a Lambda handler: each line it logs carries the request's id, and an error that leaves it is logged."""
    wrapped: Handler = logger.inject_lambda_context(clear_state=True)(_traced(reported(function)))
    return wrapped


def _traced(function: Handler) -> Handler:
    @functools.wraps(function)
    def call(event: dict[str, Any], context: Any) -> Any:
        return _tracing(function)(event, context)

    return call


@functools.cache
def _tracing(function: Handler) -> Handler:
    """The same function with its calls of AWS reported to X-Ray, where that is on. Only then is the SDK imported."""
    if settings().tracing != "Active":
        return function
    from aws_lambda_powertools import Tracer

    # Neither answers nor errors: both may quote a candidate's values.
    tracer = Tracer(service=logger.service, patch_modules=["botocore"])
    traced: Handler = tracer.capture_lambda_handler(function, capture_response=False, capture_error=False)
    return traced


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
    """Log an unexpected error by its kind, AWS's code for it, and its place. Not its message, which may quote a
    candidate's values."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    logger.error("unexpected error", extra={"error": type(error).__name__, **_code(error), "where": where})


def _code(error: Exception) -> dict[str, str]:
    """What AWS calls an error of its own, such as AccessDeniedException; the tables' errors have it as their cause."""
    for each in (error, getattr(error, "cause", None)):
        code = getattr(each, "response", {}).get("Error", {}).get("Code")
        if code:
            return {"code": code}
    return {}


def metrics(**values: float) -> None:
    """Send some of `METRICS` at once, as one line of the log in CloudWatch's embedded metric format; the function's
    service name is the dimension. Outside a deployed function there is no namespace, and nothing is written.

    It goes through `print`: file descriptor 1 itself may be a protocol's pipe. Raises KeyError for an unknown name.
    """
    line = EphemeralMetrics()
    if line.namespace:
        for name, value in values.items():
            line.add_metric(name=name, unit=_UNITS[name], value=value)
        line.flush_metrics()
