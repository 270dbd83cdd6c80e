"""What every operators' route does: it lets only operators in, records the call as a run, and answers in JSON."""

import json
from collections.abc import Callable, Collection
from typing import Any

from chalice.app import Request, Response

from jobchange import contract, times
from jobchange.access import http, tokens
from jobchange.aws import telemetry
from jobchange.errors import JobChangeError, UnknownParameters
from jobchange.store import runs

KIND = "operator"
MAX_BYTES = 10_000


def perform(
    request: Request,
    action: str,
    operate: Callable[[tokens.Access], dict[str, Any]],
    *,
    status: int = 200,
    parameters: Collection[str] = (),
) -> Response:
    """Do what an operator asked for, and record who asked for what and how it ended; errors become problem documents.

    `operate` gets the operator and returns the answer, whose whole numbers but a candidate's are the run's counts.
    `parameters` are those that the query may have.
    """
    started_at = times.now()
    try:
        caller = tokens.verify(http.bearer(request.headers.get("authorization")))
        caller.require(tokens.Role.OPERATOR)
    except JobChangeError as error:
        return _problem(error)
    call = f"{caller.name}: {action}"
    try:
        http.check_parameters(request.query_params or (), known=parameters)
        answer = operate(caller)
    except Exception as error:
        failure = error if isinstance(error, JobChangeError) else _unexpected(error)
        runs.record(KIND, runs.FAILED, started_at=started_at, counts={}, reason=f"{call}. {failure}")
        return _problem(failure)
    counts = {name: value for name, value in answer.items() if type(value) is int and name != contract.IDENTIFIER}
    runs.record(KIND, runs.SUCCEEDED, started_at=started_at, counts=counts, reason=call)
    return Response(answer, status_code=status, headers=_headers())


def body(request: Request, **members: type | tuple[type, ...]) -> dict[str, Any]:
    """The body as a JSON object with some of the `members`. Raises BadRequest, or TooLarge for more than 10 kB."""
    raw = request.raw_body or b""
    http.check_size(len(raw), MAX_BYTES)
    return http.json_object(raw, **members)


def _unexpected(error: Exception) -> JobChangeError:
    # Chalice would log its words, which may quote a candidate's values.
    telemetry.report(error)
    return JobChangeError("Something unexpected went wrong. The log of the ops function says where.")


def _problem(error: JobChangeError) -> Response:
    errors = http.parameter_errors(error) if isinstance(error, UnknownParameters) else ()
    document = http.problem(error.status, str(error), title=error.title, errors=errors)
    return Response(json.dumps(document), status_code=error.status, headers=_headers(http.PROBLEM_TYPE))


def _headers(media_type: str = "application/json") -> dict[str, str | list[str]]:
    return {"Content-Type": media_type, "Cache-Control": "no-store", **http.site_headers()}
