"""Who is calling: every route but /health, /docs and /openapi.json asks for a bearer token."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from jobchange import access
from jobchange.access import Access, Role
from jobchange.errors import Unauthorized

_bearer = HTTPBearer(auto_error=False, description="A token from `make token`, or the one `make -s outputs` shows.")


def require(role: Role) -> Callable[..., Coroutine[Any, Any, Access]]:
    """A dependency that gives the caller's access. Raises Unauthorized or Forbidden.

    The gateway's authorizer has refused such callers before where there is one; not every gateway calls it.
    """

    async def verified(given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Access:
        if given is None:
            raise Unauthorized("Send a token: Authorization: Bearer <token>.")
        caller = access.verify(given.credentials)
        caller.demand(role)
        return caller

    return verified


Caller = Annotated[Access, Depends(require(Role.USER))]
