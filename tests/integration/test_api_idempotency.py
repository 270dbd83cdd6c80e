"""A request sent again under its Idempotency-Key is answered alike and kept once, whatever happened to the first."""

from typing import Any

import pytest

from jobchange.access import tokens
from jobchange.contract.candidate import EXAMPLE, Candidate
from jobchange.errors import Conflict
from jobchange.scoring import online
from jobchange.store import counters, idempotency, prediction_counts, predictions
from jobchange.store.tables import IdempotencyRow, PredictionRow, StatRow
from tests.support.rest import Answer, call

pytestmark = pytest.mark.usefixtures("aws")

CANDIDATES = [EXAMPLE, {**EXAMPLE, "enrollee_id": 2, "training_hours": 7}]


@pytest.fixture
def token(champion: str) -> str:  # noqa: ARG001
    return tokens.issue("recruiting", "user", "api", 1)


def predict(token: str, body: Any = CANDIDATES, key: str = "key-1", **query: Any) -> Answer:
    return call("POST", "/predictions/predict", body, token=token, headers={"Idempotency-Key": key}, **query)


def stored() -> int:
    return sum(1 for _ in PredictionRow.scan())


def counted() -> int:
    return sum(int(row.amount) for row in StatRow.scan() if row.sort.endswith("#predictions#api"))


def test_a_request_sent_again_gets_the_same_predictions_and_stores_nothing_twice(token: str) -> None:
    first, again = predict(token), predict(token)

    assert first.status == again.status == 200, again
    assert first.json == again.json
    assert (stored(), counted()) == (2, 2)
    assert all(predictions.get(each["id"]) for each in first.json["predictions"])


def test_the_same_answer_comes_after_another_promotion_too(token: str, trained: Any) -> None:
    from dataclasses import replace

    from jobchange.registry import lifecycle
    from jobchange.scoring import model

    first = predict(token)
    other = replace(trained, profile={**trained.profile, "trained_at": "2030-01-01T00:00:00.000Z"})
    lifecycle.promote(lifecycle.register(other), by="test")
    model._champion.cache_clear()

    assert predict(token).json == first.json
    assert predict(token, key="key-2").json["predictions"][0]["model_version"].startswith("2030")


def test_an_explanation_may_be_asked_for_afterwards(token: str) -> None:
    first, explained = predict(token), predict(token, explain="true")

    for plain, full in zip(first.json["predictions"], explained.json["predictions"], strict=True):
        assert full["explanation"]
        assert plain.items() <= full.items()
    assert stored() == 2


def test_the_same_key_with_other_candidates_is_refused(token: str) -> None:
    predict(token)

    answer = predict(token, [EXAMPLE])

    assert (answer.status, answer.headers["content-type"]) == (422, "application/problem+json")
    assert "new key" in answer.json["detail"]
    assert stored() == 2


def test_a_key_belongs_to_its_client(token: str) -> None:
    other = tokens.issue("sales", "user", "api", 1)

    mine, theirs = predict(token), predict(other, [EXAMPLE])

    assert theirs.status == 200
    assert {each["id"] for each in mine.json["predictions"]}.isdisjoint(
        each["id"] for each in theirs.json["predictions"]
    )


def test_while_the_first_request_is_being_worked_on_the_second_is_reported_so(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = predictions.save
    refused = []

    def slowly(made: Any) -> None:
        candidates = [Candidate(**candidate) for candidate in CANDIDATES]
        with pytest.raises(Conflict) as caught:
            online.predict_once(candidates, source="api", client="recruiting", key="key-1")
        refused.append(caught.value)
        save(made)

    monkeypatch.setattr(predictions, "save", slowly)

    assert predict(token).status == 200
    assert [error.status for error in refused] == [409]
    assert (stored(), counted()) == (2, 2)


class Killed(BaseException):
    """Not an Exception: nothing of the request's own may run any more, as after a SIGKILL."""


def die(token: str, body: Any) -> None:
    """Make a request that is killed; Mangum turns that into an answer, which a killed process couldn't give."""
    assert predict(token, body).body == "Internal Server Error"


@pytest.mark.parametrize(
    ("place", "name"),
    [(predictions, "save"), (prediction_counts, "count"), (counters, "count"), (idempotency, "finish")],
    ids=["before anything is stored", "before it is counted", "within the count", "before it is noted as done"],
)
def test_a_killed_request_can_be_sent_again_once_its_time_is_over(
    token: str, monkeypatch: pytest.MonkeyPatch, place: Any, name: str
) -> None:
    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(place, name, killed)
        die(token, CANDIDATES)
    assert predict(token).status == 409
    (row,) = IdempotencyRow.scan()
    pinned = row.created_at
    row.update([IdempotencyRow.leased_until.set(row.leased_until - idempotency.LEASE_SECONDS)])

    answer = predict(token)

    assert answer.status == 200, answer
    assert {each["created_at"] for each in answer.json["predictions"]} == {pinned}
    assert answer.json == predict(token).json
    assert (stored(), counted()) == (2, 2)


def test_a_request_killed_half_way_through_its_writes_ends_complete(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [{**EXAMPLE, "enrollee_id": number + 1} for number in range(60)]
    save = predictions.save

    def half(made: Any) -> None:
        save(made[:30])
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(predictions, "save", half)
        die(token, many)
    assert stored() == 30
    (row,) = IdempotencyRow.scan()
    row.update([IdempotencyRow.leased_until.set(0)])

    assert predict(token, many).status == 200
    assert (stored(), counted()) == (60, 60)


def test_a_request_that_failed_can_be_sent_again_at_once(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_: Any) -> None:
        raise TimeoutError

    with monkeypatch.context() as patched:
        patched.setattr(predictions, "save", busy)
        assert predict(token).status == 500

    assert predict(token).status == 200
    assert (stored(), counted()) == (2, 2)


def test_of_two_that_take_over_a_killed_request_one_has_to_wait(token: str) -> None:
    predict(token)
    (row,) = IdempotencyRow.scan()
    row.update([IdempotencyRow.done.set(False), IdempotencyRow.leased_until.set(0)])
    payload = b"anything"
    row.update([IdempotencyRow.payload.set(_digest(row.id, payload))])

    idempotency.begin(row.id, payload, created_at="x", model_version="x")
    with pytest.raises(Conflict):
        idempotency.begin(row.id, payload, created_at="x", model_version="x")


def _digest(id_: str, payload: bytes) -> str:
    import hashlib

    return hashlib.sha256(id_.encode() + payload).hexdigest()


def test_after_a_day_the_key_is_free_again(token: str) -> None:
    predict(token)
    (row,) = IdempotencyRow.scan()
    row.update([IdempotencyRow.expires.set(1)])

    assert predict(token, [EXAMPLE]).status == 200
    assert stored() == 3


def test_a_request_that_is_not_valid_uses_up_no_key(token: str) -> None:
    assert predict(token, [{}]).status == 422
    assert predict(token, [EXAMPLE] * 101, explain="true").status == 422

    assert list(IdempotencyRow.scan()) == []
    assert predict(token).status == 200


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "a b", "é", "a\r\nX-Injected: 1"])
def test_a_key_is_printable_and_of_bounded_length(token: str, key: str) -> None:
    answer = predict(token, key=key)

    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "idempotency-key")


def test_the_record_holds_nothing_of_a_candidate(token: str) -> None:
    predict(token)

    (row,) = IdempotencyRow.scan()
    assert set(row.attribute_values) == {
        *("id", "payload", "created_at", "model_version", "done", "leased_until", "expires")
    }
    assert len(str(row.attribute_values)) < 400
