"""Who was called, by gender and month: the counters say what the stored predictions say, whatever is taken back."""

from typing import Any

import pytest

from jobchange import contract, times
from jobchange.access import tokens
from jobchange.store import prediction_counts, predictions, withdrawals
from jobchange.store.prediction_keys import PredictionKey, Source
from jobchange.store.predictions import Prediction
from jobchange.store.tables import PredictionRow, StatRow
from jobchange.store.withdrawals import CHUNK_ROWS
from tests.support.predictions import FEATURES
from tests.support.rest import call

pytestmark = pytest.mark.usefixtures("aws")

FEMALE, MALE, _ = contract.BY_NAME["gender"].levels
FILE, AT = "ab" * 16, "2026-01-31T23:59:59.999Z"


@pytest.fixture
def token(aws: None) -> str:  # noqa: ARG001
    return tokens.issue("recruiting", "user", "api", 1)


def made(
    genders: list[str | None], called: int, *, source: Source = "scheduled", at: str = AT, first: int = 0
) -> list[Prediction]:
    """Stored and counted predictions of such candidates, of whom the first few are called."""
    found = [
        Prediction(
            key=PredictionKey(source=source, created_at=at, origin=FILE, row=first + number),
            enrollee_id=first + number,
            features={**FEATURES, "gender": gender},
            probability=0.5,
            will_change=number < called,
            model_version="v1",
        )
        for number, gender in enumerate(genders)
    ]
    predictions.save(found)
    assert prediction_counts.count(f"{at}#{first}", found)
    return found


def shown(token: str, **query: Any) -> dict[str, tuple[int, int]]:
    answer = call("GET", "/stats/impact", token=token, **query)
    assert answer.status == 200, answer.body
    return {each["group"]: (each["rows"], each["selected"]) for each in answer.json["groups"]}


def test_a_month_is_compared_by_what_files_and_clients_asked_for(token: str) -> None:
    made([FEMALE] * 40, 4)
    made([MALE] * 40, 30, first=100)
    made([None] * 3, 3, source="api", at="2026-01-01T00:00:00.000Z", first=200)
    # Others: the page, the month before, the month after.
    made([MALE], 1, source="webapp", first=300)
    made([MALE], 1, at="2025-12-31T23:59:59.999Z", first=301)
    made([FEMALE], 1, source="api", at="2026-02-01T00:00:00.000Z", first=302)

    answer = call("GET", "/stats/impact", token=token, month="2026-01").json

    assert (answer["month"], answer["column"], answer["unknown"]) == ("2026-01", "gender", 3)
    women, men = answer["groups"]
    assert (women["rows"], women["selected"], women["rate"]["value"]) == (40, 4, 0.1)
    assert women["ratio"]["value"] == pytest.approx(4 / 30)
    assert women["verdict"] == "below_four_fifths"
    assert (men["rows"], men["selected"], men["ratio"], men["verdict"]) == (40, 30, None, None)
    assert shown(token, month="2025-12") == {MALE: (1, 1)}
    assert shown(token, month="2026-02") == {FEMALE: (1, 1)}


def test_without_a_month_it_is_this_one(token: str) -> None:
    made([FEMALE], 1, source="api", at=times.now())

    assert shown(token) == {FEMALE: (1, 1)}
    assert shown(token, month="2001-01") == {}


@pytest.mark.parametrize("month", ["2026", "2026-13", "2026-1", "2026-01-01", "26-01", "２０２６-01"])
def test_what_is_no_month_is_refused(token: str, month: str) -> None:
    assert call("GET", "/stats/impact", token=token, month=month).status == 422


def test_what_was_never_counted_and_is_taken_back_is_taken_for_nothing(token: str) -> None:
    first, *_ = made([FEMALE] * 3, 1)
    for row in StatRow.scan():
        if row.sort.startswith(("called#", "not_called#")):
            row.delete()

    withdrawals.withdraw(first.key, batch=None, since=1)

    assert shown(token, month="2026-01") == {}


def test_what_is_erased_or_replaced_is_not_counted_any_more(token: str) -> None:
    (erased, *_) = made([FEMALE] * 10, 5)
    made([MALE] * 10, 5, first=CHUNK_ROWS)
    withdrawals.withdraw(erased.key, batch=None, since=1)

    assert shown(token, month="2026-01") == {FEMALE: (9, 4), MALE: (10, 5)}

    assert withdrawals.withdraw_rows(FILE, AT, 1) == 10
    assert withdrawals.withdraw_rows(FILE, AT, 1) == 0
    assert shown(token, month="2026-01") == {FEMALE: (9, 4)}
    assert PredictionRow.count() == 9
