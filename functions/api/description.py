"""What the API says about itself: its OpenAPI description, and the page that shows it."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.requests import Request
from starlette.responses import Response

from jobchange import contract
from problem import Problem

TITLE = "Job Change"
_ABOUT = """
Which data scientists are looking for a new job? Send candidates and get the probability that each of them is; look up
past predictions and the files that candidates came in.

Times are RFC 3339 in UTC, probabilities lie in [0, 1]. Every error is a problem document (RFC 9457).
"""
# The viewer and its style sheet come from this host; the address of the description is written into the page.
_VIEWER = "https://cdn.jsdelivr.net"
_POLICY = (
    f"default-src 'none'; script-src {_VIEWER} 'unsafe-inline'; style-src {_VIEWER} 'unsafe-inline'; "
    f"img-src data:; connect-src 'self'; frame-ancestors 'none'"
)


class Api(FastAPI):
    """FastAPI with addresses that are relative to the page, so that they lead home behind any stage and any gateway."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            title=TITLE,
            version=contract.VERSION,
            description=_ABOUT,
            servers=[{"url": "."}],
            docs_url=None,
            redoc_url=None,
            **options,
        )
        self.add_route("/docs", _docs, include_in_schema=False)

    def openapi(self) -> dict[str, Any]:
        """The description, with the problem document that all routes refer to."""
        if self.openapi_schema is None:
            schema = super().openapi()
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schema["components"]["schemas"] |= problem.pop("$defs") | {"Problem": problem}
        return super().openapi()


async def _docs(_: Request) -> Response:
    page = get_swagger_ui_html(openapi_url="openapi.json", title=TITLE, swagger_favicon_url="data:,")
    page.headers["Content-Security-Policy"] = _POLICY
    return page
