"""One call of an operator: who may make it, what is written down of it, and how it is answered."""

import json
from collections.abc import Callable
from typing import Any

from chalice.app import Request, Response

from jobchange import times
from jobchange.access import tokens
from jobchange.aws import telemetry
from jobchange.errors import BadRequest, JobChangeError, TooLarge
from jobchange.settings import settings
from jobchange.store import runs

KIND = "operator"
MAX_BYTES = 10_000


def perform(
    request: Request, action: str, operate: Callable[[tokens.Access], dict[str, Any]], *, status: int = 200
) -> Response:
    """Do what an operator asked for, and record who asked for what and how it ended; errors become problem documents.

    `operate` gets the operator and returns the answer, whose whole numbers are the run's counts.
    """
    started_at = times.now()
    try:
        caller = tokens.verify(request.headers.get("authorization", "").removeprefix("Bearer ").strip())
        caller.demand(tokens.Role.OPERATOR)
    except JobChangeError as error:
        return _problem(error)
    asked = f"{caller.name}: {action}"
    try:
        answer = operate(caller)
    except Exception as error:
        told = error if isinstance(error, JobChangeError) else _unexpected(error)
        runs.record(KIND, runs.FAILED, started_at=started_at, counts={}, reason=f"{asked}. {told}")
        return _problem(told)
    counts = {name: value for name, value in answer.items() if type(value) is int}
    runs.record(KIND, runs.SUCCEEDED, started_at=started_at, counts=counts, reason=asked)
    return Response(answer, status_code=status, headers=_for_the_page())


def document(request: Request, **allowed: type | tuple[type, ...]) -> dict[str, Any]:
    """The body as a JSON object with some of the `allowed` members, each of its types; an empty body has none.

    Raises BadRequest that says what is wrong, TooLarge for more than 10 kB.
    """
    body = request.raw_body or b"{}"
    if len(body) > MAX_BYTES:
        raise TooLarge(f"A body may have {MAX_BYTES:,} bytes.")
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest("The body isn't JSON.") from None
    if not isinstance(given, dict) or not given.keys() <= allowed.keys():
        raise BadRequest(f"The body is a JSON object with no members but: {', '.join(allowed) or 'none'}.")
    for name, value in given.items():
        if not isinstance(value, allowed[name]):
            raise BadRequest(f"{name} has a value of the wrong type.")
    return given


def _unexpected(error: Exception) -> JobChangeError:
    # Chalice would log its words, which may quote a candidate's values.
    telemetry.report(error)
    return JobChangeError("Something unexpected went wrong. The log of the ops function tells where.")


def _problem(error: JobChangeError) -> Response:
    body = {"type": "about:blank", "title": error.title, "status": error.status, "detail": str(error)}
    headers: dict[str, str | list[str]] = {"Content-Type": "application/problem+json", **_for_the_page()}
    return Response(json.dumps(body), status_code=error.status, headers=headers)


def _for_the_page() -> dict[str, str | list[str]]:
    """Lets browsers read an answer from the project's own page, and from nowhere else."""
    origin = settings().site_origin
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"} if origin else {}
