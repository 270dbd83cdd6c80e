"""What the API says about itself: its OpenAPI description, and the page that shows it."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

import problem
import schemas
from jobchange import __version__

TITLE = "Job Change"
TAGS = (
    "predictions",
    "candidates",
    "outcomes",
    "files",
    "runs",
    "state",
    "stats",
    "model",
    "contract",
    "access",
    "health",
)
"""The resources in the order in which the page shows them; the operators' routes come last."""
_ABOUT = """
Which data scientists are looking for a new job? Send candidates and get the probability that each of them is; look up
past predictions and the files that candidates came in.

Times are RFC 3339 in UTC, probabilities are in [0, 1]. Every error is a problem document (RFC 9457).
"""
_VIEWER = Path(__file__).with_name("viewer")
"""Swagger UI as its authors publish it (npm swagger-ui-dist 5.35.0), so that the page asks no other host."""
_TYPES = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript", "start.js": "text/javascript"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Swagger UI writes style attributes; a style can't call anybody."""
_PAGE = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{TITLE}: the API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
<div id="viewer"></div>
<noscript>This page needs JavaScript. The description itself is <a href="openapi.json">openapi.json</a>.</noscript>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
"""


class Api(FastAPI):
    """FastAPI with addresses that are relative to the page, so that they lead home behind any stage and any gateway."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            title=TITLE,
            version=__version__,
            description=_ABOUT,
            servers=[{"url": "."}],
            docs_url=None,
            redoc_url=None,
            **options,
        )
        self.add_route("/docs", _docs, include_in_schema=False)
        self.add_route("/docs/{name}", _viewer, include_in_schema=False)

    def openapi(self) -> dict[str, Any]:
        """The description of both APIs, with the problem document that all routes refer to."""
        if self.openapi_schema is None:
            # Imported here: only the description needs it.
            import operators

            self.openapi_schema = get_openapi(
                title=self.title,
                version=self.version,
                description=self.description,
                servers=self.servers,
                tags=[*({"name": tag} for tag in TAGS), {"name": operators.TAG, "description": operators.ABOUT}],
                routes=[*self.routes, *operators.router.routes],
            )
            document = problem.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            described = self.openapi_schema["components"]["schemas"]
            described |= document.pop("$defs") | {"Problem": document}
            # FastAPI leaves nulls out of a schema's own examples.
            for name, example in (schemas.examples() | {"Problem": problem.EXAMPLE}).items():
                described[name]["examples"] = [example]
        return self.openapi_schema


async def _docs(_: Request) -> Response:
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})


async def _viewer(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _TYPES:
        raise HTTPException(404)
    headers = {"Cache-Control": "public, max-age=86400"}
    return Response((_VIEWER / name).read_bytes(), media_type=_TYPES[name], headers=headers)
