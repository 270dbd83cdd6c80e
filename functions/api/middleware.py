"""What holds for every request and answer, whatever its route."""

import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import problem
from jobchange.access import http, tokens
from jobchange.aws import telemetry
from jobchange.contract.candidate import MAX_BYTES
from jobchange.errors import TooLarge, Unauthorized
from jobchange.monitoring.api_requests import Recorder

OPEN = ("/health", "/docs", "/openapi.json")
"""Addresses that need no token, beside the files of the page that shows the description."""
_VIEWER = "/docs/"
REQUEST_ID = "X-Request-Id"
IDEMPOTENCY_KEY = "Idempotency-Key"
TOTAL = "X-Total-Count"
_SECURITY = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}
"""A route that needs another value sets the header itself."""


class RequestCountMiddleware:
    """Counts how each request that needs a token ended, and how long it took here; a browser's preflight needs none."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._recorder = Recorder()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "OPTIONS" or _is_open(scope):
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def send_watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_watched)
        finally:
            self._recorder.record(status, time.perf_counter() - began)


class SecurityHeadersMiddleware:
    """Marks each answer with the request's id and the security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = _request_id(scope)
                for name, value in _SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_marked)


class BodyLimitMiddleware:
    """Stops reading a body that is too large."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = 0

        async def receive_bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            try:
                http.check_size(read, MAX_BYTES)
            except TooLarge as error:
                # FastAPI lets this one through, any other error while reading a body is answered 400.
                raise HTTPException(error.status, str(error)) from None
            return message

        await self.app(scope, receive_bounded, send)


class SiteCORSMiddleware(CORSMiddleware):
    """Lets browsers call the API from the project's own page, whose origin is a setting, and from nowhere else."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            app,
            allow_methods=("GET", "HEAD", "POST"),
            allow_headers=("Authorization", "Content-Type", IDEMPOTENCY_KEY),
            expose_headers=(REQUEST_ID, "Link", TOTAL),
        )

    def is_allowed_origin(self, origin: str) -> bool:
        return http.is_site(origin)

    def preflight_response(self, request_headers: Headers) -> Response:
        answer = super().preflight_response(request_headers)
        if answer.status_code < 400:
            return answer
        return problem.response(answer.status_code, "Only the project's own page may call this from a browser.")


class HeadMiddleware:
    """Answers HEAD with the status and the headers that GET has; every route of a GET has it by this."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["method"] == "HEAD"

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "GET" in (allowed := headers.get("Allow", "").split(", ")):
                    headers["Allow"] = ", ".join(sorted({*allowed, "HEAD"}))
            elif asked:
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"} if asked else scope, receive, send_head)


class ErrorMiddleware:
    """Turns an unexpected error into an answer without detail, and a log line with the request's id."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_watched)
        except Exception as error:
            telemetry.report(error)
            if started:
                raise
            detail = f"Something failed on our side. If it happens again, report this request: {_request_id(scope)}."
            await problem.response(500, detail)(scope, receive, send)


class AuthenticationMiddleware:
    """Refuses a request without a valid token before anything else of it is read, its body least of all.

    Where the gateway has an authorizer, it has refused such requests already; not every gateway calls it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_open(scope):
            try:
                scope["caller"] = tokens.verify(http.bearer(Headers(scope=scope).get("Authorization")))
            except Unauthorized as error:
                await problem.refusal(error)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _is_open(scope: Scope) -> bool:
    return scope["path"] in OPEN or scope["path"].startswith(_VIEWER)


def _request_id(scope: Scope) -> str:
    return str(getattr(scope.get("aws.context"), "aws_request_id", "local"))
