"""Who is calling: the access that AuthenticationMiddleware found, as a dependency of routes."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from jobchange.access.tokens import Access, Role

_bearer = HTTPBearer(auto_error=False, description="A token from `make token`, or the one `make -s outputs` shows.")


def require(role: Role) -> Callable[..., Coroutine[Any, Any, Access]]:
    """A dependency that gives the caller's access. Raises Forbidden."""

    async def allowed(request: Request, _: Annotated[Any, Depends(_bearer)]) -> Access:
        caller: Access = request.scope["caller"]
        caller.require(role)
        return caller

    return allowed


Caller = Annotated[Access, Depends(require(Role.USER))]
Operator = Annotated[Access, Depends(require(Role.OPERATOR))]
