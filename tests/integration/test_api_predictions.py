"""Predictions through the API's handler: made, kept, listed, looked up, and every wrong request refused."""

import json
import math
from typing import Any

import pytest

from jobchange import contract
from jobchange.access import tokens
from jobchange.contract.candidate import EXAMPLE, MAX_CANDIDATES
from jobchange.scoring import explain
from jobchange.store import counters, lake, predictions, transactions
from jobchange.store.prediction_keys import PredictionKey, Source
from jobchange.store.predictions import Prediction
from jobchange.store.tables import StatRow
from tests.support.rest import Answer, call

pytestmark = pytest.mark.usefixtures("aws")

PREDICT = "/predictions/predict"
PAST = "/predictions/past"
HOURS = contract.BY_NAME["training_hours"]


@pytest.fixture
def token(aws: None) -> str:  # noqa: ARG001
    return tokens.issue("recruiting", "user", "webapp", 1)


def without(field: str) -> dict[str, Any]:
    return {name: value for name, value in EXAMPLE.items() if name != field}


def problem(answer: Answer, status: int) -> dict[str, Any]:
    """The problem document of an answer, which must be one."""
    assert answer.status == status, answer
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json
    assert document["status"] == status
    assert document["type"] == "about:blank"
    assert document["title"]
    assert document["detail"]
    return document


def wrong_places(answer: Answer) -> list[tuple[int | None, str | None]]:
    errors = problem(answer, 422)["errors"]
    assert all(error["reason"] for error in errors)
    return [(error["row"], error["field"]) for error in errors]


def test_a_candidate_is_scored_kept_and_counted_under_the_source_of_the_token(token: str, champion: str) -> None:
    answer = call("POST", PREDICT, [EXAMPLE], token=token)

    assert answer.status == 200, answer
    assert answer.headers["content-type"] == "application/json"
    (made,) = answer.json["predictions"]
    assert set(made) == {
        *("id", "created_at", "source", "model_version", "enrollee_id", "features", "probability", "will_change"),
        *("file_id", "row"),
    }
    assert (made["source"], made["model_version"], made["enrollee_id"]) == ("webapp", champion, EXAMPLE["enrollee_id"])
    assert made["features"] == without("enrollee_id")
    assert (made["file_id"], made["row"]) == (None, None)
    assert 0 <= made["probability"] <= 1
    found = call("GET", f"/predictions/{made['id']}", token=token).json
    assert found.pop("notes") == []
    explained = {name: found.pop(name) for name in ("explanation", "base", "average", "above")}
    assert len(explained["explanation"]) == 10
    assert found == made
    assert call("GET", f"/candidates/{EXAMPLE['enrollee_id']}/predictions", token=token).json["predictions"] == [made]
    assert call("GET", PAST, token=token).json == {"predictions": [made], "next_cursor": None}
    assert {
        row.sort[6:]: row.amount for row in StatRow.scan() if row.partition.startswith(made["created_at"][:10])
    } == {
        "predictions#webapp": 1,
        "will_change#webapp": int(made["will_change"]),
    }


@pytest.mark.usefixtures("champion")
def test_what_is_only_tried_out_is_scored_the_same_and_neither_kept_nor_counted(token: str) -> None:
    kept = call("POST", PREDICT, [EXAMPLE], token=token).json["predictions"]
    counted = {(row.partition, row.sort): row.amount for row in StatRow.scan()}

    answer = call("POST", PREDICT, [EXAMPLE], token=token, store="false", explain="true")

    assert answer.status == 200, answer
    (tried,) = answer.json["predictions"]
    assert tried["probability"] == kept[0]["probability"]
    assert len(tried["explanation"]) == 10
    assert call("GET", f"/predictions/{tried['id']}", token=token).status == 404
    assert call("GET", PAST, token=token).json["predictions"] == kept
    assert {(row.partition, row.sort): row.amount for row in StatRow.scan()} == counted


def test_an_idempotency_key_is_refused_where_nothing_is_kept(token: str) -> None:
    answer = call("POST", PREDICT, [EXAMPLE], token=token, headers={"Idempotency-Key": "k"}, store="false")

    assert wrong_places(answer) == [(None, "store")]


def test_a_call_that_cannot_be_counted_leaves_no_prediction(
    token: str, champion: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert champion

    def busy(*_: Any, **__: Any) -> bool:
        raise TimeoutError("busy")

    with monkeypatch.context() as patch:
        patch.setattr(counters, "transact", busy)
        assert call("POST", PREDICT, [EXAMPLE] * 30, token=token).status == 500
    assert call("GET", PAST, token=token).json["predictions"] == []


def test_a_call_that_was_counted_before_it_failed_is_answered(
    token: str, champion: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert champion
    transact = transactions.transact

    def cut(*arguments: Any) -> None:
        transact(*arguments)
        raise ConnectionError("cut")

    with monkeypatch.context() as patch:
        patch.setattr(counters, "transact", cut)
        assert call("POST", PREDICT, [EXAMPLE], token=token).status == 200
    assert len(call("GET", PAST, token=token).json["predictions"]) == 1


def test_the_callers_own_word_does_not_make_a_source(token: str, champion: str) -> None:
    assert champion
    answer = call("POST", PREDICT, [EXAMPLE], token=token, headers={"X-Source": "scheduled"})

    assert answer.json["predictions"][0]["source"] == "webapp"
    assert call("POST", PREDICT, [EXAMPLE], token=token, source="scheduled").status == 422


def test_candidates_are_answered_in_their_order_and_listed_in_it(token: str, champion: str) -> None:
    assert champion
    candidates = [EXAMPLE | {"enrollee_id": number + 1, "training_hours": number + 1} for number in range(60)]

    made = call("POST", PREDICT, candidates, token=token).json["predictions"]

    assert [each["enrollee_id"] for each in made] == list(range(1, 61))
    assert [each["features"]["training_hours"] for each in made] == list(range(1, 61))
    listed: list[Any] = []
    cursor: dict[str, Any] = {}
    while True:
        page = call("GET", PAST, token=token, limit=25, source="webapp", **cursor).json
        listed += page["predictions"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert listed == made


def test_the_most_candidates_allowed_are_scored(token: str, champion: str) -> None:
    assert champion
    answer = call("POST", PREDICT, [EXAMPLE] * MAX_CANDIDATES, token=token)

    assert answer.status == 200
    assert len({each["id"] for each in answer.json["predictions"]}) == MAX_CANDIDATES


def test_what_may_be_missing_may_be_missing_and_misspellings_are_repaired(token: str, champion: str) -> None:
    assert champion
    sparse = {column.name: EXAMPLE[column.name] for column in contract.COLUMNS if column.name in EXAMPLE}
    sparse = {name: value for name, value in sparse.items() if not contract.BY_NAME[name].nullable}
    del sparse["enrollee_id"]
    misspelled, level = next(iter(contract.BY_NAME["company_size"].repairs.items()))

    answer = call("POST", PREDICT, [sparse | {"company_size": misspelled, "experience": 5, "target": 1}], token=token)

    (made,) = answer.json["predictions"]
    assert made["enrollee_id"] is None
    assert (made["features"]["company_size"], made["features"]["experience"]) == (level, "5")
    assert made["features"]["gender"] is None
    assert contract.LABEL not in made["features"]


def test_an_explanation_comes_when_asked_for_and_adds_up_to_the_prediction(token: str, champion: str) -> None:
    assert champion
    answer = call("POST", PREDICT, [EXAMPLE, EXAMPLE], token=token, explain="true")

    for made in answer.json["predictions"]:
        explained = made["explanation"]
        assert {each["feature"] for each in explained} == {column.name for column in contract.FEATURES}
        assert all(each["value"] == made["features"][each["feature"]] for each in explained)
        sizes = [abs(each["points"]) for each in explained]
        assert sizes == sorted(sizes, reverse=True)
        probability = made["probability"]
        assert made["average"] + sum(each["points"] for each in explained) == pytest.approx(probability, abs=1e-6)
        log_odds = made["base"] + sum(each["contribution"] for each in explained)
        assert log_odds == pytest.approx(math.log(probability / (1 - probability)), abs=1e-4)
        assert 0 <= made["above"] <= 1


def test_what_explanations_compare_with_is_the_registered_population_or_nothing(token: str, champion: str) -> None:
    (made,) = call("POST", PREDICT, [EXAMPLE], token=token).json["predictions"]
    explain.background.cache_clear()
    lake.put(f"models/{champion}/background.npz", b"tampered", content_type="application/octet-stream")

    assert "background.npz" in problem(call("GET", f"/predictions/{made['id']}", token=token), 503)["detail"]
    # Who doesn't ask for reasons gets a prediction.
    assert call("POST", PREDICT, [EXAMPLE], token=token).status == 200


def test_a_hundred_candidates_are_explained_at_once_and_no_more(token: str, champion: str) -> None:
    assert champion
    assert wrong_places(call("POST", PREDICT, [EXAMPLE] * 101, token=token, explain="true")) == [(None, "explain")]


def test_without_a_model_the_answer_is_503_with_advice(token: str) -> None:
    document = problem(call("POST", PREDICT, [EXAMPLE], token=token), 503)

    assert "make train" in document["detail"]
    assert problem(call("GET", "/model", token=token), 404)["detail"] == document["detail"]


def test_the_model_in_use_is_shown_with_its_card(token: str, champion: str) -> None:
    model = call("GET", "/model", token=token).json

    assert (model["version"], model["promoted_by"]) == (champion, "test")
    assert model["metrics"]["roc_auc"] == model["card"]["metrics"]["roc_auc"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("education_level", "Doctor"),
        ("gender", {"nested": []}),
        ("city", None),
        ("city", "city_0"),
        ("relevent_experience", ""),
        ("training_hours", "36"),
        ("training_hours", 36.5),
        ("training_hours", HOURS.maximum + 1),  # type: ignore[operator]
        ("city_development_index", True),
        ("city_development_index", float("nan")),
        ("enrollee_id", 0),
        ("favourite_colour", "blue"),
        ("<script>", "=1+1"),
    ],
)
def test_a_wrong_value_is_reported_by_row_and_field(token: str, field: str, value: Any) -> None:
    assert wrong_places(call("POST", PREDICT, [EXAMPLE, EXAMPLE | {field: value}], token=token)) == [(1, field)]


@pytest.mark.parametrize("field", [column.name for column in contract.COLUMNS if not column.nullable][1:])
def test_a_missing_field_is_reported_by_row_and_field(token: str, field: str) -> None:
    assert wrong_places(call("POST", PREDICT, [without(field), EXAMPLE], token=token)) == [(0, field)]


def test_everything_wrong_is_reported_at_once_and_nothing_is_kept(token: str, champion: str) -> None:
    assert champion
    answer = call("POST", PREDICT, [EXAMPLE, EXAMPLE | {"gender": "X", "city": 1}, 5, without("city")], token=token)

    assert wrong_places(answer) == [(1, "city"), (1, "gender"), (2, None), (3, "city")]
    assert answer.json["detail"].startswith("3 of 4 entries are not valid, so nothing was accepted.")
    assert call("GET", PAST, token=token).json["predictions"] == []


def test_a_name_that_is_no_text_is_refused(token: str) -> None:
    answer = call("POST", PREDICT, '[{"\\ud800": 1}]', token=token)

    assert (0, None) in wrong_places(answer)


def test_a_refusal_does_not_repeat_what_was_sent(token: str) -> None:
    answer = call("POST", PREDICT, [EXAMPLE | {"gender": "SECRET", "training_hours": "SECRET"}], token=token)

    assert "SECRET" not in answer.body


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ([EXAMPLE] * 1001, 422, "1,000 entries"),
        ([{}] * 1001, 422, "1,000 entries"),
        ([], 422, "at least one"),
        (EXAMPLE, 422, "JSON list"),
        ('"candidates"', 422, "JSON list"),
        ("null", 422, "JSON list"),
        ("{not json", 400, "isn't JSON"),
        ("[" * 100_000, 400, "isn't JSON"),
        ("[" + "9" * 5000 + "]", 400, "isn't JSON"),
        ("", 400, "empty"),
        (None, 400, "empty"),
        ([EXAMPLE | {"gender": "x" * 1_100_000}], 413, "1,048,576 bytes"),
    ],
    ids=["1001", "1001 empty", "none", "object", "text", "null", "broken", "deep", "huge", "empty", "no body", "1 MB"],
)
def test_a_body_that_cannot_be_used_is_refused_with_advice(token: str, body: Any, status: int, words: str) -> None:
    assert words in json.dumps(problem(call("POST", PREDICT, body, token=token), status))


def test_json_must_be_announced_as_such(token: str) -> None:
    answer = call("POST", PREDICT, json.dumps([EXAMPLE]), token=token, headers={"Content-Type": "text/plain"})

    assert "Content-Type: application/json" in problem(answer, 422)["errors"][0]["reason"]


def stored(at: str, source: Source = "api") -> Prediction:
    return Prediction(
        key=PredictionKey(source=source, created_at=at, origin="ab", row=1),
        enrollee_id=None,
        features={},
        probability=0.5,
        will_change=True,
        model_version="v",
    )


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ({"start": "2026-01-30", "end": "2026-01-31"}, ["31", "30"]),
        ({"start": "2026-01-31", "end": "2026-01-31"}, ["31"]),
        ({"start": "2026-01-30T12:00:00Z", "end": "2026-01-31T12:00:00Z"}, ["30"]),
        ({"start": "2026-01-30T13:00:00+01:00", "end": "2026-01-31T12:00:00.0001Z"}, ["31", "30"]),
        ({"start": "2026-01-30t12:00:00.000000001z", "end": "2026-02-01"}, ["31", "30"]),
        ({"end": "2026-01-30"}, ["30", "29"]),
        ({"start": "0001-01-01T00:00:00+14:00", "end": "9999-12-31"}, ["31", "30", "29"]),
        ({"start": "2026-01-29", "source": "webapp"}, []),
        ({"start": "2026-01-29", "end": "2026-02-28", "source": "api"}, ["31", "30", "29"]),
    ],
)
def test_a_range_is_of_days_or_instants(token: str, query: dict[str, Any], days: list[str]) -> None:
    predictions.save([stored(f"2026-01-{day}T12:00:00.000Z") for day in ("29", "30", "31")])

    answer = call("GET", PAST, token=token, **query)

    assert answer.status == 200, answer
    assert [each["created_at"][8:10] for each in answer.json["predictions"]] == days


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"start": "yesterday"}, "start"),
        ({"start": "2026-02-30"}, "start"),
        ({"start": "2026-01-31T25:00:00Z"}, "start"),
        ({"start": "2026-01-31T09:30:00"}, "start"),
        ({"start": "20260131"}, "start"),
        ({"end": "1769851800"}, "end"),
        ({"end": "2026-01-31T00:00:00 01:00"}, "end"),
        ({"start": "2026-02-01", "end": "2026-01-31"}, "start"),
        ({"start": "2026-02-01T00:00:00Z", "end": "2026-02-01T00:00:00Z"}, "start"),
        ({"source": "elsewhere"}, "source"),
        ({"limit": 0}, "limit"),
        ({"limit": 1001}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"cursor": "x" * 501}, "cursor"),
    ],
)
def test_a_wrong_parameter_is_reported(token: str, query: dict[str, Any], field: str) -> None:
    assert wrong_places(call("GET", PAST, token=token, **query)) == [(None, field)]


def test_a_cursor_that_nobody_gave_out_is_a_bad_request(token: str) -> None:
    for cursor in ("x", "", "bm9uc2Vuc2U", "W10", "é", "../../"):
        problem(call("GET", PAST, token=token, cursor=cursor), 400)


def test_a_cursor_of_another_query_is_a_bad_request(token: str) -> None:
    predictions.save([stored(f"2026-01-3{day}T12:00:00.000Z") for day in (0, 1)])
    cursor = call("GET", PAST, token=token, limit=1, start="2026-01-01").json["next_cursor"]

    assert call("GET", PAST, token=token, limit=5, start="2026-01-01", cursor=cursor).status == 200
    problem(call("GET", PAST, token=token, limit=1, start="2026-01-02", cursor=cursor), 400)


@pytest.mark.parametrize("id_", ["x", "..%2F..%2Fetc%2Fpasswd", "-" * 36, stored("2026-01-01T00:00:00.000Z").id])
def test_a_prediction_that_is_not_there_is_not_found(token: str, id_: str) -> None:
    problem(call("GET", f"/predictions/{id_}", token=token), 404)


@pytest.mark.parametrize("number", ["0", "-1", "x", "2147483648", "1e3"])
def test_a_candidates_number_must_be_one(token: str, number: str) -> None:
    assert wrong_places(call("GET", f"/candidates/{number}/predictions", token=token)) == [(None, "enrollee_id")]


def test_a_candidate_without_predictions_has_an_empty_list(token: str) -> None:
    assert call("GET", "/candidates/4711/predictions", token=token).json == {"predictions": []}


def test_an_index_that_is_not_the_citys_is_noted_and_used(token: str, champion: str) -> None:  # noqa: ARG001
    answer = call("POST", PREDICT, [EXAMPLE, EXAMPLE | {"city_development_index": 0.1}], token=token).json

    assert [(each["type"], each["column"], each["rows"]) for each in answer["notes"]] == [
        ("inconsistent", "city_development_index", 1)
    ]
    assert answer["predictions"][1]["features"]["city_development_index"] == 0.1
    stored = [call("GET", f"/predictions/{each['id']}", token=token).json for each in answer["predictions"]]
    assert [each["notes"] for each in stored] == [[], answer["notes"]]
    assert call("POST", PREDICT, [EXAMPLE], token=token).json["notes"] == []
