"""The REST API: FastAPI behind API Gateway, one router a resource.

Routes are coroutines that wait for the store where they stand: a Lambda serves one request at a time, so a pool of
threads would only cost time. What scoring needs is imported by the route that scores.
"""

from fastapi import FastAPI
from mangum import Mangum
from mangum.adapter import DEFAULT_TEXT_MIME_TYPES

import description
import problem
from envelope import Envelope, SiteOnly
from jobchange import telemetry
from routers import candidates, contract, files, health, me, model, models, outcomes, predictions, runs, stats


def build() -> FastAPI:
    """The application, without anything of AWS."""
    api = description.Api(redirect_slashes=False)
    problem.install(api)
    api.add_middleware(Envelope)
    api.add_middleware(SiteOnly)
    for resource in (predictions, candidates, outcomes, files, runs, stats, model, models, contract, me, health):
        api.include_router(resource.router)
    return api


handler = telemetry.handler(
    Mangum(build(), lifespan="off", text_mime_types=[*DEFAULT_TEXT_MIME_TYPES, problem.MEDIA_TYPE])
)
