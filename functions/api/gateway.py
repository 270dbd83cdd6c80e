"""API Gateway's events as Mangum reads them, whatever host the caller claims to call."""

from typing import Any

from mangum.handlers import APIGateway
from mangum.types import LambdaConfig, LambdaContext, LambdaEvent

_UNUSED = frozenset({"host", "x-forwarded-port", "x-forwarded-proto"})


class Gateway(APIGateway):
    """Leaves out the headers that name this server: no route uses them, and Mangum stumbles over some, such as the
    address of an IPv6 host."""

    def __init__(self, event: LambdaEvent, context: LambdaContext, config: LambdaConfig) -> None:
        headers = {name: _without_host(event.get(name)) for name in ("headers", "multiValueHeaders")}
        super().__init__({**event, **headers}, context, config)


def _without_host(headers: dict[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (headers or {}).items() if name.lower() not in _UNUSED}
