"""Past predictions as CSV: every one that a filter selects, page by page."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from jobchange import contract
from jobchange.access import tokens
from jobchange.contract.candidate import EXAMPLE
from jobchange.settings import settings
from jobchange.store import prediction_counts, predictions
from jobchange.store.prediction_keys import LAST_ROW, PredictionKey
from jobchange.store.predictions import Prediction
from tests.support.dropped_files import file, row
from tests.support.rest import Answer, call
from tests.support.system import drop, score

pytestmark = pytest.mark.usefixtures("aws")

EXPORT = "/predictions/export"
MOST_ROWS = 10_000
EXAMPLE_PREDICTION = PredictionKey(source="api", created_at="2026-01-31T12:00:00.000Z", origin="ab", row=1).id
LAMBDA_BYTES = 6 * 2**20
FEATURES = [column.name for column in contract.STORED]


@pytest.fixture
def token(aws: None) -> str:  # noqa: ARG001
    return tokens.issue("recruiting", "user", "webapp", 1)


def stored(row: int, **fields: Any) -> Prediction:
    at, source = fields.pop("at", "2026-01-31T12:00:00.000Z"), fields.pop("source", "scheduled")
    known = {
        "key": PredictionKey(source=source, created_at=at, origin=fields.pop("origin", "ab"), row=row),
        "enrollee_id": row,
        "features": {"city": "city_1", "city_development_index": 0.847, "gender": None, "training_hours": 36},
        "probability": 0.25,
        "will_change": False,
        "model_version": "20260101T000000Z-1a2b3c4d",
    }
    return Prediction(**{**known, **fields})


def pages(token: str, **query: Any) -> Iterator[Answer]:
    """Each page, by the address that the one before gives."""
    path = EXPORT
    while True:
        answer = call("GET", path, token=token, **query)
        assert answer.status == 200, answer
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        yield answer
        if "link" not in answer.headers:
            return
        address, _, relation = answer.headers["link"].partition("; ")
        assert relation == 'rel="next"'
        following = urlsplit(address.strip("<>"))
        path, query = f"/predictions/{following.path}", dict(parse_qsl(following.query))


def records(answers: list[Answer]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(each.body for each in answers))))


def save(rows: list[Prediction]) -> None:
    """Stored and counted, as scoring does."""
    predictions.save(rows)
    prediction_counts.count("receipt", rows)


def test_every_prediction_of_a_range_is_exported_once_in_the_order_of_the_listing(token: str) -> None:
    save([stored(row) for row in range(1, 1_001)])
    predictions.save([stored(0, at="2026-02-01T00:00:00.000Z"), stored(0, source="api")])
    query: dict[str, Any] = {"start": "2026-01-31", "end": "2026-01-31", "source": "scheduled"}

    exported = list(pages(token, **query, limit=300))

    assert [each.headers.get("x-total-count") for each in exported] == ["1000", None, None, None]
    listing = call("GET", "/predictions/past", token=token, **query, limit=1000).json
    assert listing["next_cursor"] is None
    assert records(exported) == [
        {
            **{name: cell(value) for name, value in each.items() if name != "features"},
            **{name: cell(value) for name, value in {**dict.fromkeys(FEATURES), **each["features"]}.items()},
        }
        for each in listing["predictions"]
    ]


def cell(value: Any) -> str:
    """A value of an answer as a cell has it."""
    return "" if value is None else json.dumps(value).strip('"')


def test_the_predictions_of_a_file_and_those_of_a_candidate_are_exported(token: str, champion: str) -> None:
    file_id = drop("a.csv", file(row(7), row(8), row(9)))
    score()
    call("POST", "/predictions/predict", [EXAMPLE | {"enrollee_id": 8}], token=token)

    of_file = list(pages(token, limit=2, file_id=file_id))
    of_candidate = list(pages(token, limit=2, enrollee_id=8))

    assert [each["enrollee_id"] for each in records(of_file)] == ["7", "8", "9"]
    assert [each["source"] for each in records(of_candidate)] == ["webapp", "scheduled"]
    assert {each["model_version"] for each in records(of_file)} == {champion}
    assert of_file[0].headers["x-total-count"] == "3"
    assert of_candidate[0].headers["x-total-count"] == "2"


def test_the_predictions_of_a_request_are_found_by_any_of_them_in_the_order_of_its_candidates(
    token: str,
    champion: str,  # noqa: ARG001
) -> None:
    def scored(numbers: range) -> list[str]:
        body = [EXAMPLE | {"enrollee_id": number} for number in numbers]
        answer = call("POST", "/predictions/predict", body, token=token)
        return [each["id"] for each in answer.json["predictions"]]

    ids, others = scored(range(1, 26)), scored(range(30, 60))

    for one, request in ((ids[0], ids), (ids[-1], ids), (others[7], others)):
        exported = list(pages(token, made_with=one, limit=10))
        assert [each["id"] for each in records(exported)] == request
        assert exported[0].headers["x-total-count"] == str(len(request))
    listing = call("GET", "/predictions/past", token=token, made_with=ids[3], limit=1000).json
    assert [each["id"] for each in listing["predictions"]] == ids


def test_the_predictions_made_with_one_of_a_file_are_the_files(token: str, champion: str) -> None:  # noqa: ARG001
    file_id = drop("a.csv", file(row(7), row(8), row(9)))
    score()
    of_file = call("GET", "/predictions/past", token=token, file_id=file_id).json

    assert call("GET", "/predictions/past", token=token, made_with=of_file["predictions"][1]["id"]).json == of_file
    assert call("GET", "/predictions/past", token=token, made_with="x").status == 404


def test_a_page_of_the_widest_predictions_is_within_what_lambda_answers(token: str) -> None:
    widest = stored(
        LAST_ROW,
        at="9999-12-31T23:59:59.998Z",
        origin="f" * 64,
        enrollee_id=contract.BY_NAME[contract.IDENTIFIER].maximum,
        features={each.name: max([*each.levels, "0.1234567890123456789"], key=len) for each in contract.STORED},
        probability=0.12345678901234567,
        model_version="20260101T000000Z-1a2b3c4d",
    )
    predictions.save([widest])
    (answer,) = pages(token, start="9999-12-31")

    line = answer.body.splitlines()[-1]
    assert len(line) > 300
    # In Lambda's answer each line's end is two characters.
    assert MOST_ROWS * (len(line) + 2) < LAMBDA_BYTES


def test_no_cell_runs_as_a_formula(token: str) -> None:
    predictions.save([stored(1, model_version="=1+1", features={"city": "@SUM(A1)", "gender": 'a"b,c'})])

    (exported,) = records(list(pages(token, start="2026-01-31")))

    assert (exported["model_version"], exported["city"], exported["gender"]) == ("'=1+1", "'@SUM(A1)", 'a"b,c')


def test_an_export_of_nothing_is_a_header(token: str) -> None:
    (answer,) = pages(token, start="2026-01-31", end="2026-01-31")

    assert records([answer]) == []
    assert answer.body.startswith("created_at,source,enrollee_id,probability,")
    assert answer.headers["x-total-count"] == "0"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": MOST_ROWS + 1}, "limit"),
        ({"start": "2026-02-01", "end": "2026-01-31"}, "start"),
        ({"file_id": "ab", "source": "api"}, "file_id"),
        ({"file_id": "ab", "enrollee_id": 1}, "file_id"),
        ({"enrollee_id": 1, "start": "2026-01-31"}, "enrollee_id"),
        ({"enrollee_id": 0}, "enrollee_id"),
        ({"made_with": EXAMPLE_PREDICTION, "enrollee_id": 1}, "enrollee_id"),
        ({"made_with": EXAMPLE_PREDICTION, "end": "2026-01-31"}, "made_with"),
        ({"format": "csv"}, "format"),
    ],
)
def test_a_filter_that_makes_no_sense_is_reported(token: str, query: dict[str, Any], field: str) -> None:
    answer = call("GET", EXPORT, token=token, **query)

    assert answer.status == 422
    assert [each["field"] for each in answer.json["errors"]] == [field]


def test_a_cursor_of_another_filter_is_a_bad_request(token: str) -> None:
    save([stored(row) for row in range(1, 4)])
    answer = call("GET", EXPORT, token=token, start="2026-01-31", limit=2)
    cursor = dict(parse_qsl(urlsplit(answer.headers["link"].partition(">")[0]).query))["cursor"]

    assert call("GET", EXPORT, token=token, start="2026-01-30", cursor=cursor).status == 400


def test_the_page_in_a_browser_may_read_where_the_next_one_is_and_how_many_there_are(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_URL", "https://site.example/index.html")
    settings.cache_clear()

    answer = call("GET", EXPORT, token=token, headers={"Origin": "https://site.example"})

    exposed = answer.headers["access-control-expose-headers"]
    assert {"Link", "X-Total-Count"} <= set(exposed.split(", "))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-01-30", "2026-01-31", 111),
        ("2026-01-31", "2026-01-31", 11),
        ("2026-01-30T22:00:00Z", "2026-01-31T12:00:00Z", 100),
        ("2026-01-30T23:04:00Z", "2026-01-31T12:01:00Z", 101),
        ("2026-01-31T12:04:00Z", "2026-02-01T00:00:00Z", 11),
        ("2026-01-31T12:06:00Z", "2026-02-01T00:00:00Z", 10),
        ("2026-01-01", "9999-12-31", 111),
        ("9999-12-01", "9999-12-31", 0),
    ],
)
def test_how_many_there_are_is_told_to_five_minutes(token: str, start: str, end: str, expected: int) -> None:
    for at, amount in (("2026-01-30T23:04:59", 100), ("2026-01-31T12:02:00", 1), ("2026-01-31T13:00:00", 10)):
        at = f"{at}.000Z"
        prediction_counts.count(at, [stored(1, at=at)] * amount)

    answer = call("GET", EXPORT, token=token, start=start, end=end)

    assert answer.headers["x-total-count"] == str(expected)
