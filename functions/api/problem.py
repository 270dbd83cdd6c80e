"""Errors as problem documents (RFC 9457): one form for everything that can go wrong."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from jobchange import contract
from jobchange.access import http
from jobchange.contract import Issue, candidate
from jobchange.errors import JobChangeError, TooLarge, Unauthorized, UnknownParameters

MAX_ERRORS = 15_000
"""A little above what 1,000 candidates can have wrong in their columns; keeps an answer within Lambda's 6 MB."""
PROBLEM: dict[str, Any] = {http.PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
"""The content of a problem in the description."""
_MAX_FIELD = 64
_BODY = "Send a JSON list, with Content-Type: application/json."


class FieldError(BaseModel):
    """One thing that is wrong with a request."""

    row: int | None = Field(description="The entry's position in the list, from 0; null outside the list.")
    field: str | None = Field(description="The field or parameter; null when it is about the whole entry.")
    reason: str = Field(description="What is wrong, and what would be right.")


class Problem(BaseModel):
    """What went wrong and what to do about it."""

    type: str = Field(description="Always `about:blank`: the status says it all.")
    title: str
    status: int
    detail: str = Field(description="What happened and what to do, for people.")
    errors: list[FieldError] = Field(default=[], description="With status 422: everything that is wrong.")


EXAMPLE = http.problem(Unauthorized.status, "Send a token: Authorization: Bearer <token>.", title=Unauthorized.title)


def response(
    status: int,
    detail: str,
    *,
    title: str | None = None,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document as an answer; without a title it has the status's own."""
    document = http.problem(status, detail, title=title, errors=[error.model_dump() for error in errors])
    # Pure ASCII: a field's name may hold half of a surrogate pair, which UTF-8 can't.
    return Response(json.dumps(document), status_code=status, headers=headers, media_type=http.PROBLEM_TYPE)


def refusal(error: JobChangeError) -> Response:
    """The answer to a request that a use case refuses."""
    headers = {"WWW-Authenticate": "Bearer"} if error.status == HTTPStatus.UNAUTHORIZED else None
    errors = http.parameter_errors(error) if isinstance(error, UnknownParameters) else ()
    return response(
        error.status,
        str(error),
        title=error.title,
        errors=[FieldError(**each) for each in errors],
        headers=headers,
    )


def invalid(parameter: str, reason: str) -> RequestValidationError:
    """The error that says what is wrong with a parameter of the query."""
    return RequestValidationError([{"type": "value_error", "loc": ("query", parameter), "msg": reason}])


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The part of a route's description that says with which problems it may answer. 422 and 500 go without saying: any
    route refuses a parameter that it doesn't know.

    What a gateway refuses for want of a valid token, or because of too many requests, it may say in its own words.
    """
    gateway = (401, 403, 429) if HTTPStatus.UNAUTHORIZED in statuses else ()
    return {
        status: {
            "description": HTTPStatus(status).phrase.capitalize(),
            "content": PROBLEM | ({"application/json": {"schema": {"type": "object"}}} if status in gateway else {}),
        }
        for status in sorted({*statuses, *gateway, 422, 500})
    }


def install(api: FastAPI) -> None:
    """Answer every expected error with its problem document (ErrorMiddleware answers the unexpected ones)."""
    handlers: dict[type[Exception], Any] = {
        JobChangeError: _domain,
        HTTPException: _protocol,
        RequestValidationError: _invalid,
    }
    for kind, handle in handlers.items():
        api.add_exception_handler(kind, handle)


async def _domain(_: Request, error: JobChangeError) -> Response:
    return refusal(error)


async def _protocol(request: Request, error: HTTPException) -> Response:
    """What FastAPI and the body's limit refuse before any route has run."""
    match error.status_code:
        case TooLarge.status:
            return refusal(TooLarge(error.detail))
        case HTTPStatus.NOT_FOUND:
            detail = "There is nothing at this address. /docs lists what there is."
        case HTTPStatus.METHOD_NOT_ALLOWED:
            detail = f"This address doesn't take {request.method}. See /docs for what it takes."
        case HTTPStatus.BAD_REQUEST:
            detail = "The body isn't JSON that can be read."
        case _:
            detail = error.detail
    return response(error.status_code, detail, headers=error.headers)


async def _invalid(_: Request, error: RequestValidationError) -> Response:
    found = error.errors()
    match found[0]:
        case {"type": "json_invalid", "loc": (_, position), "ctx": {"error": what}}:
            return response(400, f"The body isn't JSON: {what} at character {position}.")
        case {"type": "missing", "loc": ("body",)}:
            return response(400, f"The body is empty. {_BODY}")
    errors = [_field_error(each) for each in found[:MAX_ERRORS]]
    rows = {each.row for each in errors if each.row is not None}
    if rows:
        entries = "The entry is" if len(error.body) == 1 else f"{len(rows)} of {len(error.body)} entries are"
        detail = f"{entries} not valid, so nothing was accepted. Please correct the marked fields."
    else:
        detail = "The request is not valid. See errors."
    if len(found) > MAX_ERRORS:
        detail += f" They are too many: these are the first {MAX_ERRORS:,}."
    return response(422, detail, title="Not valid", errors=errors)


def _field_error(error: dict[str, Any]) -> FieldError:
    match error["loc"]:
        case ("body", int(row), str(field), *_):
            return FieldError(row=row, field=field[:_MAX_FIELD], reason=_reason(error, field))
        case ("body", int(row)):
            return FieldError(row=row, field=None, reason=_reason(error, None))
        case (str(), str(field), *_):
            return FieldError(row=None, field=field[:_MAX_FIELD], reason=_reason(error, field))
        case _:
            return FieldError(row=None, field=None, reason=_reason(error, None))


def _reason(error: dict[str, Any], field: str | None) -> str:
    match error["type"]:
        case "missing" if field is not None and field in contract.BY_NAME:
            return candidate.refusal(Issue.MISSING_VALUE, contract.BY_NAME[field]).message()
        case "extra_forbidden":
            return "There is no such field. See GET /contract for a candidate's, and /docs for all others."
        case "string_pattern_mismatch":
            # Pydantic would show the pattern.
            return "This text isn't written as it has to be. See /docs for how."
        case "model_type":
            return "Each entry is a JSON object."
        case "too_long":
            return f"At most {error['ctx']['max_length']:,} entries can be sent at once: send them in several requests."
        case "too_short":
            return "The list is empty: send at least one entry."
        case "list_type":
            return _BODY
        case _:
            return str(error["msg"]).removeprefix("Value error, ")
