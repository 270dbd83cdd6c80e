"""The REST API: FastAPI behind API Gateway, one router a resource.

Routes are coroutines that block while they wait for the store: a Lambda serves one request at a time, so a pool of
threads would only cost time. What scoring needs is imported by the route that scores.
"""

from fastapi import Depends, FastAPI
from mangum import Mangum
from mangum.adapter import DEFAULT_TEXT_MIME_TYPES

import description
import params
import problem
from gateway import Gateway
from jobchange.access import http
from jobchange.aws import telemetry
from middleware import (
    AuthenticationMiddleware,
    BodyLimitMiddleware,
    ErrorMiddleware,
    HeadMiddleware,
    RequestCountMiddleware,
    SecurityHeadersMiddleware,
    SiteCORSMiddleware,
)
from routers import (
    candidates,
    contract,
    files,
    health,
    me,
    model,
    models,
    outcomes,
    predictions,
    runs,
    state,
    stats,
    uploads,
)


def build() -> FastAPI:
    """The application, without anything of AWS."""
    api = description.Api(redirect_slashes=False, dependencies=[Depends(params.refuse_unknown)])
    problem.install(api)
    # From the inside to the outside.
    for layer in (
        AuthenticationMiddleware,
        ErrorMiddleware,
        SiteCORSMiddleware,
        BodyLimitMiddleware,
        HeadMiddleware,
        SecurityHeadersMiddleware,
        RequestCountMiddleware,
    ):
        api.add_middleware(layer)
    resources = (
        predictions,
        candidates,
        outcomes,
        uploads,
        files,
        runs,
        state,
        stats,
        model,
        models,
        contract,
        me,
        health,
    )
    for resource in resources:
        api.include_router(resource.router)
    return api


handler = telemetry.handler(
    Mangum(
        build(),
        lifespan="off",
        custom_handlers=[Gateway],
        text_mime_types=[*DEFAULT_TEXT_MIME_TYPES, http.PROBLEM_TYPE],
    )
)
