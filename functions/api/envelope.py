"""What holds for every request and answer, whatever its route."""

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import problem
from jobchange import telemetry
from jobchange.candidate import MAX_BYTES
from jobchange.errors import TooLarge
from jobchange.settings import settings

REQUEST_ID = "X-Request-Id"
_SECURITY = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}
"""A route that needs another value sets the header itself."""


class Envelope:
    """Bounds the body, marks each answer with the request's id and the security headers, and turns an unexpected error
    into an answer without detail and a log line with the id."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = str(getattr(scope.get("aws.context"), "aws_request_id", "local"))
        read, started = 0, False

        async def bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MAX_BYTES:
                # FastAPI lets this one through, any other error while reading a body is answered 400.
                raise HTTPException(TooLarge.status, f"A body has at most {MAX_BYTES:,} bytes.")
            return message

        async def sealed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = request_id
                for name, value in _SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, bounded, sealed)
        except Exception as error:
            telemetry.report(error)
            if started:
                raise
            detail = f"Something failed on our side. If it happens again, tell whoever runs this service: {request_id}."
            await problem.response(500, detail)(scope, receive, sealed)


class SiteOnly(CORSMiddleware):
    """Lets browsers call the API from the project's own page, whose origin is a setting, and from nowhere else."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            app,
            allow_methods=("GET", "POST"),
            allow_headers=("Authorization", "Content-Type"),
            expose_headers=(REQUEST_ID,),
        )

    def is_allowed_origin(self, origin: str) -> bool:
        site = settings().site_origin
        return site != "" and origin == site
