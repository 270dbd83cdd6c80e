"""A file of candidates sent to be scored at once: read as dropped files are, every row answered in its place."""

import gzip
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.corrupt import ROW_INJECTORS, corrupt
from data.generate import generate
from jobchange import contract
from jobchange.access import tokens
from jobchange.contract.candidate import EXAMPLE, MAX_CANDIDATES
from jobchange.store.tables import Table
from jobchange.training.dataset import LabelledFile, read
from tests.support.dropped_files import drop, file, row
from tests.support.rest import Answer, call

pytestmark = pytest.mark.usefixtures("aws", "champion")


@pytest.fixture
def token(aws: None) -> str:  # noqa: ARG001
    return tokens.issue("recruiting", "user", "webapp", 1)


def send(token: str, body: bytes, kind: str = "text/csv", **options: Any) -> Answer:
    return call("POST", "/predictions/predict", body, token=token, headers={"Content-Type": kind}, **options)


def test_rows_are_scored_in_the_order_of_the_file_and_the_refused_say_why(token: str) -> None:
    answer = send(token, file(row(1), row(2, education_level="Maisters"), row(3, company_size="Okt 49"), "x,y"))

    assert answer.status == 200, answer
    scored = answer.json["predictions"]
    assert [(each["row"], each["enrollee_id"], each["file_id"]) for each in scored] == [(1, 1, None), (3, 3, None)]
    assert scored[1]["features"]["company_size"] == "10/49"
    assert [each["row"] for each in answer.json["refused"]] == [2, 4]
    (unknown,), (malformed,) = (each["issues"] for each in answer.json["refused"])
    assert (unknown["type"], unknown["column"], unknown["value"]) == ("unknown_category", "education_level", "Maisters")
    assert unknown["message"].endswith("; or empty. Did you mean “Masters”?")
    assert (malformed["type"], malformed["column"], malformed["value"]) == ("malformed_row", None, "x,y")
    assert [(each["type"], each["column"], each["rows"]) for each in answer.json["notes"]] == [
        ("repaired_value", "company_size", 1)
    ]


def test_the_same_candidate_has_the_same_probability_as_in_json(token: str) -> None:
    cells = {name: "" if EXAMPLE[name] is None else str(EXAMPLE[name]) for name in EXAMPLE}
    sent = call("POST", "/predictions/predict", [EXAMPLE], token=token).json["predictions"]

    found = send(token, file(row(1, **cells))).json["predictions"]

    varying = ("id", "created_at", "row")
    assert [{**each, **dict.fromkeys(varying)} for each in found] == [
        {**each, **dict.fromkeys(varying)} for each in sent
    ]


def test_columns_that_the_contract_does_not_know_come_back_and_are_kept_nowhere(token: str) -> None:
    header, *lines = file(row(1), row(2, city="x"), row(3)).decode().splitlines()
    names = ["Zoë Müller", "Amélie", '"Smith, ""Jo"""']
    body = "\n".join([f"name,{header},note", *(f"{who},{line}," for who, line in zip(names, lines, strict=True)), "x"])

    answer = send(token, body.encode()).json

    assert [each["row"] for each in answer["predictions"]] == [1, 3]
    assert answer["others"]["names"] == ["name", "note"]
    assert answer["others"]["rows"] == [["Zoë Müller", ""], ["Amélie", ""], ['Smith, "Jo"', ""], []]
    stored = [item.attribute_values for table in Table.__subclasses__() for item in table.scan()]
    assert stored
    assert "Müller" not in str(stored)
    assert send(token, file(row(1))).json["others"] is None


@pytest.mark.parametrize("kind", ["text/csv", "text/csv; charset=utf-8", "application/gzip"])
def test_a_packed_file_in_another_dress_is_the_same(token: str, kind: str) -> None:
    text = file(row(1), row(2)).decode().replace("education_level", "Education Level").replace(",", ";")
    body = ("\ufeffsep=;\r\n" + text.replace("0.92", "0,92")).encode()

    answer = send(token, gzip.compress(body) if kind == "application/gzip" else body, kind)

    assert [each["features"]["city_development_index"] for each in answer.json["predictions"]] == [0.92, 0.92]
    assert [(each["type"], each["column"]) for each in answer.json["notes"]] == [("header_repaired", "education_level")]


def test_a_file_without_a_good_row_is_answered_too(token: str) -> None:
    answer = send(token, file(row(1, city="x")))

    assert (answer.status, answer.json["predictions"]) == (200, [])
    assert [each["row"] for each in answer.json["refused"]] == [1]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 422, "is empty"),
        (file(), 422, "header but no rows"),
        (b"a,b\n1,2\n", 422, "has no header"),
        (file(row(1)).replace(b"experience,company_size", b"experience,x"), 422, "lacks “company_size”"),
        (b"%PDF-1.7\n", 422, "is a PDF document"),
        (gzip.compress(bytes(50_000_000)), 422, "The file"),
        (file(*map(row, range(1, MAX_CANDIDATES + 2))), 413, "more than 1,000 rows"),
        (file(*map(row, range(1, 20_000))), 413, "1,048,576 bytes"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_as_a_whole(token: str, body: bytes, status: int, words: str) -> None:
    answer = send(token, body)

    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json["detail"]


def test_explanations_and_repeats_work_as_with_json(token: str) -> None:
    body = file(row(1), row(2))

    answers = [
        call(
            "POST",
            "/predictions/predict",
            body,
            token=token,
            headers={"Content-Type": "text/csv", "Idempotency-Key": "k1"},
            explain=True,
        ).json
        for _ in range(2)
    ]

    assert answers[0] == answers[1]
    assert all(len(each["explanation"]) == 10 for each in answers[0]["predictions"])


@given(seed=st.integers(0, 10_000))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lake_api_and_training_agree_on_every_row_and_value(token: str, seed: int) -> None:
    clean = "".join(generate(60, seed)).encode()
    data = corrupt(clean, dict.fromkeys(ROW_INJECTORS, 0.06), seed).data

    lake, answer = drop(data), send(token, data).json
    trained = read([LabelledFile("x.csv", BytesIO(data))])

    assert [each["row"] for each in answer["predictions"]] == [int(each["_row"]) for each in lake.good_rows]
    assert [each["row"] for each in answer["refused"]] == [int(each["_row"]) for each in lake.bad_rows]
    for dropped, scored in zip(lake.good_rows, answer["predictions"], strict=True):
        values = {contract.IDENTIFIER: scored["enrollee_id"], **scored["features"]}
        for name, value in values.items():
            assert contract.read(contract.BY_NAME[name], dropped[name]).value == value
    labelled = [each for each in lake.good_rows if each[contract.LABEL]]
    for name in contract.NAMES:
        assert [each[name] or None for each in labelled] == trained.columns[name]
