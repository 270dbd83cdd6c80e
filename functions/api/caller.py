"""Who is calling: every address but /health, /docs and /openapi.json asks for a bearer token."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

import problem
from jobchange.access import tokens
from jobchange.access.tokens import Access, Role
from jobchange.errors import Unauthorized

OPEN = ("/health", "/docs", "/openapi.json")
_VIEWER = "/docs/"
_bearer = HTTPBearer(auto_error=False, description="A token from `make token`, or the one `make -s outputs` shows.")


class TokenFirst:
    """Refuses whoever has no valid token before anything else of a request is looked at, its body least of all.

    The gateway's authorizer has refused such callers before where there is one; not every gateway calls it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] not in OPEN and not scope["path"].startswith(_VIEWER):
            try:
                scope["caller"] = tokens.verify(_token(Headers(scope=scope)))
            except Unauthorized as error:
                await problem.refusal(error)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def require(role: Role) -> Callable[..., Coroutine[Any, Any, Access]]:
    """A dependency that gives the caller's access. Raises Forbidden."""

    async def allowed(request: Request, _: Annotated[Any, Depends(_bearer)]) -> Access:
        caller: Access = request.scope["caller"]
        caller.demand(role)
        return caller

    return allowed


Caller = Annotated[Access, Depends(require(Role.USER))]


def _token(headers: Headers) -> str:
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthorized("Send a token: Authorization: Bearer <token>.")
    return token.strip()
