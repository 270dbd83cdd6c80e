"""Predictions: scored on demand, listed, and looked up."""

import time
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Header, Path, Query, Request, Response
from pydantic_core import to_json

from auth import Caller
from candidate_files import REQUEST, CandidateFile, FileRoute, candidates_of, notes_of
from jobchange.access.tokens import Access
from jobchange.aws import telemetry
from jobchange.contract.candidate import MAX_CANDIDATES, Candidate, ReadCandidate, inconsistent
from jobchange.store import predictions
from middleware import TOTAL
from params import Cursor
from past_filters import Filtered
from problem import documented, invalid
from schemas.predictions import Prediction, PredictionsPage, ScoredCandidates, StoredPrediction, explanation, plain

router = APIRouter(prefix="/predictions", tags=["predictions"])

MAX_EXPLAINED = 100
MAX_EXPORTED = 10_000
"""Predictions on a page of an export: half of what Lambda's 6 MB hold, and read in seconds."""
EXPORTED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A page of the file.",
        "content": {"text/csv": {"schema": {"type": "string"}}},
        "headers": {
            "Link": {"schema": {"type": "string"}, "description": "Where the next page is, with rel=next; relative."},
            TOTAL: {
                "schema": {"type": "integer"},
                "description": "On the first page: about how many predictions there are in all.",
            },
        },
    }
}
"""The part of the route's description that says what an export is."""

Explain = Annotated[bool, Query(description=f"Add each feature's contribution, for up to {MAX_EXPLAINED}.")]
Store = Annotated[
    bool,
    Query(description="False only tries out: nothing is kept, nothing is counted, and the ids lead to nothing."),
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        pattern=r"^[!-~]{1,200}$",
        description="A text of your own, such as a UUID. Sent again with it within a day, the same candidates get the "
        "same answer and are kept once; 409 while the first request is being worked on.",
    ),
]


async def predict_file(
    caller: Caller,
    file: Annotated[CandidateFile, Depends(candidates_of)],
    explain: Explain = False,
    store: Store = True,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Score the candidates of a file, in the order of its rows."""
    scored = _scored(caller, file.candidates, explain, store, idempotency_key) if file.candidates else []
    for row, prediction in zip(file.rows, scored, strict=True):
        prediction["row"] = row
    return _answer(predictions=scored, refused=file.refused, notes=file.notes, others=file.others)


router.add_api_route(
    "/predict",
    predict_file,
    methods=["POST"],
    route_class_override=FileRoute,
    include_in_schema=False,
)


@router.post(
    "/predict",
    response_model=ScoredCandidates,
    responses=documented(400, 401, 409, 413, 503),
    openapi_extra=REQUEST,
)
async def predict(
    caller: Caller,
    candidates: Annotated[list[Candidate], Body(min_length=1, max_length=MAX_CANDIDATES)],
    explain: Explain = False,
    store: Store = True,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Score candidates, in their order, and keep the predictions under the source of the caller's token.

    They may also be sent as a file of up to 1,000 rows, with a header, as text/csv or packed as application/gzip: it is
    read as dropped files are, and the answer says of each row that is refused why. Columns that the contract doesn't
    know, such as names, are given back and kept nowhere.
    """
    scored = _scored(caller, candidates, explain, store, idempotency_key)
    return _answer(predictions=scored, notes=notes_of(each.inconsistent for each in candidates))


def _scored(
    caller: Access,
    candidates: Sequence[Candidate | ReadCandidate],
    explain: bool,
    store: bool,
    idempotency_key: str | None,
) -> list[dict[str, Any]]:
    from jobchange.scoring import online

    began = time.perf_counter()
    if explain and len(candidates) > MAX_EXPLAINED:
        raise invalid("explain", f"At most {MAX_EXPLAINED} candidates can be explained at once.")
    if not store:
        if idempotency_key is not None:
            raise invalid("store", "An Idempotency-Key is for what is kept: leave one of the two out.")
        scored = online.try_out(candidates, source=caller.source)
    elif idempotency_key is None:
        scored = online.predict(candidates, source=caller.source)
    else:
        scored = online.predict_once(candidates, source=caller.source, client=caller.name, key=idempotency_key)
    telemetry.metrics(predictions=len(scored) if store else 0, predict_duration_ms=(time.perf_counter() - began) * 1000)
    answer = [plain(each) for each in scored]
    if explain:
        for prediction, explained in zip(answer, online.explained(scored), strict=True):
            prediction.update(explanation(explained))
    return answer


def _answer(**fields: Any) -> Response:
    """An answer that is written as it is: its fields come from our own store and reader, and need no second check."""
    return Response(to_json(fields), media_type="application/json")


@router.get("/past", responses=documented(400, 401, 404), response_model_exclude_unset=True)
async def past(
    _: Caller, wanted: Filtered, limit: Annotated[int, Query(ge=1, le=1000)] = 100, cursor: Cursor = None
) -> PredictionsPage:
    """Predictions of a range of time, newest first. For the next page, send the same parameters with the cursor."""
    found, next_cursor = wanted.page(limit, cursor)
    return PredictionsPage(predictions=[Prediction.of(each) for each in found], next_cursor=next_cursor)


@router.get("/export", responses=documented(400, 401, 404) | EXPORTED, response_class=Response)
async def export(
    _: Caller,
    request: Request,
    wanted: Filtered,
    limit: Annotated[int, Query(ge=1, le=MAX_EXPORTED, description="Rows of a page.")] = 5000,
    cursor: Cursor = None,
) -> Response:
    """The same predictions as CSV, page by page: only the first page has a header, so that the pages one after the
    other are one file. The next page is at the address in the header `Link`; the last page has none."""
    # Imported here: no other route needs it.
    import predictions_csv

    found, next_cursor = wanted.page(limit, cursor)
    headers = {} if cursor else {TOTAL: str(wanted.count())}
    if next_cursor is not None:
        following = request.url.include_query_params(cursor=next_cursor)
        headers["Link"] = f'<{following.path.rsplit("/", 1)[-1]}?{following.query}>; rel="next"'
    lines = predictions_csv.lines(found)
    text = "".join(lines if cursor else (predictions_csv.HEADER, *lines))
    return Response(text, media_type="text/csv", headers=headers)


@router.get("/{id}", responses=documented(401, 404, 503), response_model_exclude_unset=True)
async def one(
    _: Caller,
    id: Annotated[str, Path(max_length=100, description="The prediction's id, as answers show it.")],  # noqa: A002
) -> StoredPrediction:
    """One prediction, explained by the model version that made it, and what is odd about its candidate."""
    from jobchange.scoring import online

    found = predictions.get(id)
    (explained,) = online.explained([found])
    notes = notes_of([inconsistent(found.features)])
    return StoredPrediction(**plain(found), **explanation(explained), notes=notes)
