"""How both APIs read a call over HTTP and refuse one: the token, the query's parameters, the size and form of the body,
problem documents, and whose browser may read the answer."""

import difflib
import json
from collections.abc import Collection, Iterable, Sequence
from http import HTTPStatus
from typing import Any

from jobchange.errors import BadRequest, TooLarge, Unauthorized, UnknownParameters
from jobchange.settings import settings

PROBLEM_TYPE = "application/problem+json"
_LONGEST_NAME = 64


def bearer(authorization: str | None) -> str:
    """The token in an Authorization header. Raises Unauthorized where there is none."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthorized("Send a token: Authorization: Bearer <token>.")
    return token.strip()


def problem(
    status: int, detail: str, *, title: str | None = None, errors: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """A problem document (RFC 9457); without a title it has the status's own."""
    document = {
        "type": "about:blank",
        "title": title or HTTPStatus(status).phrase.capitalize(),
        "status": status,
        "detail": detail,
    }
    return document | ({"errors": [*errors]} if errors else {})


def parameter_errors(error: UnknownParameters) -> list[dict[str, Any]]:
    """Unknown parameters as a problem document lists them."""
    return [{"row": None, "field": name, "reason": reason} for name, reason in error.reasons.items()]


def check_parameters(sent: Iterable[str], known: Collection[str]) -> None:
    """Raises UnknownParameters for those of a query that aren't `known`."""
    taken = f"This address takes {', '.join(sorted(known))}." if known else "This address takes none."
    reasons = {}
    for name in sorted({name[:_LONGEST_NAME] for name in sent} - {*known}):
        near = difflib.get_close_matches(name.lower(), known, n=1)
        meant = f" Did you mean “{near[0]}”?" if near else ""
        reasons[name] = f"There is no such parameter.{meant} {taken}"
    if reasons:
        raise UnknownParameters(reasons)


def is_site(origin: str) -> bool:
    """Whether a browser's origin is the project's own page; without a page, none is."""
    return origin != "" and origin == settings().site_origin


def site_headers() -> dict[str, str]:
    """Lets browsers read an answer from the project's own page, and from nowhere else."""
    origin = settings().site_origin
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"} if origin else {}


def check_size(size: int, maximum: int) -> None:
    """Raises TooLarge for a body of more bytes than `maximum`."""
    if size > maximum:
        raise TooLarge(f"A body has at most {maximum:,} bytes.")


def json_object(body: str | bytes, **members: type | tuple[type, ...]) -> dict[str, Any]:
    """A body as a JSON object with some of the `members`, each of its types; an empty body has none.

    Raises BadRequest that says what is wrong.
    """
    try:
        document = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise BadRequest("The body isn't JSON.") from None
    if not isinstance(document, dict) or not document.keys() <= members.keys():
        raise BadRequest(f"The body has to be a JSON object, with these members only: {', '.join(members) or 'none'}.")
    for name, value in document.items():
        if not isinstance(value, members[name]):
            raise BadRequest(f"{name} has a value of the wrong type.")
    return document
