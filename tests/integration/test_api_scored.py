"""A file's candidates with their scores through the API's handler: downloaded, paged through, filtered, refused."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from data.generate import generate
from jobchange.access import tokens
from jobchange.operations import replay
from jobchange.privacy import erasure_requests
from jobchange.store import files, lake, scored_files, scoring_state
from jobchange.store.lake_layout import ranking_key
from jobchange.store.tables import FileRow
from tests.support.dropped_files import file, row
from tests.support.rest import Answer, call
from tests.support.system import drop, recover, score, validate_replays

pytestmark = pytest.mark.usefixtures("champion")

ROWS = 40


@pytest.fixture
def token(aws: None) -> str:  # noqa: ARG001
    return tokens.issue("recruiting", "user", "api", 1)


@pytest.fixture
def scored() -> str:
    """A file that has been scored."""
    file_id = drop("my file.csv", "".join(generate(ROWS, seed=3)).encode())
    score()
    return file_id


def pages(path: str, token: str, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = call("GET", path, token=token, **{"limit": 7, **query, **cursor})
        assert page.status == 200, page
        found += page.json["predictions"]
        if page.json["next_cursor"] is None:
            return found
        assert len(page.json["predictions"]) == query.get("limit", 7)
        cursor = {"cursor": page.json["next_cursor"]}


def detail(answer: Answer, status: int) -> str:
    assert answer.status == status, answer
    return str(answer.json["detail"])


def test_the_scored_file_is_downloaded_by_a_link_under_a_name_of_its_own(token: str, scored: str) -> None:
    named: list[tuple[dict[str, Any], str]] = [
        ({}, "ranked.csv"),
        ({"order": "rank"}, "ranked.csv"),
        ({"order": "row"}, "rows.csv"),
    ]
    for query, name in named:
        link = call("GET", f"/files/{scored}/scored", token=token, **query).json["url"]
        parts = urlsplit(link)
        assert parts.path.endswith(ranking_key(scored, name))
        (disposition,) = parse_qs(parts.query)["response-content-disposition"]
        assert disposition == "attachment; filename*=UTF-8''my%20file.scored.csv"


def test_the_predictions_of_a_file_are_paged_through_by_rank_and_by_row(token: str, scored: str) -> None:
    ranked, by_row = (pages(f"/files/{scored}/predictions", token, order=order) for order in ("rank", "row"))

    assert [each["row"] for each in by_row] == list(range(1, ROWS + 1))
    assert [each["rank"] for each in ranked] == list(range(1, ROWS + 1))
    assert [each["row"] for each in ranked] == list(scored_files.rows_by_rank(scored, 0, ROWS))
    assert sorted(by_row, key=lambda each: (-each["probability"], each["row"])) == [
        {name: value for name, value in each.items() if name != "rank"} for each in ranked
    ]
    assert pages(f"/files/{scored}/predictions", token) == ranked
    assert pages("/predictions/past", token, file_id=scored) == by_row


def test_candidates_below_a_probability_or_the_threshold_are_left_out(token: str, scored: str) -> None:
    path = f"/files/{scored}/predictions"
    ranked = pages(path, token)
    least = ranked[15]["probability"]

    assert pages(path, token, min_probability=least) == [each for each in ranked if each["probability"] >= least]
    above = pages(path, token, will_change="true")
    assert above == [each for each in ranked if each["will_change"]]
    assert len(above) == files.get(scored).will_change
    assert pages(path, token, min_probability=1, limit=3) == []


def test_of_an_erased_candidate_there_is_no_rank(token: str) -> None:
    file_id = drop("a.csv", file(*(row(number, training_hours=str(9 * number)) for number in range(1, 21))))
    score()
    path = f"/files/{file_id}/predictions"
    first = call("GET", path, token=token, limit=1).json["predictions"][0]
    # The ranking still has the row, the table has not.
    erasure_requests.request(first["enrollee_id"])
    kept = {name: lake.get(ranking_key(file_id, name)) for name in (scored_files.NUMBERS,)}
    recover()
    for name, body in kept.items():
        lake.put(ranking_key(file_id, name), body, content_type="x")
    assert [each["rank"] for each in pages(path, token)] == list(range(2, 21))

    score()
    assert [each["rank"] for each in pages(path, token)] == list(range(1, 20))


def test_while_a_file_is_scored_there_is_no_ranking_but_what_was_scored_is_listed(token: str) -> None:
    file_id = drop("a.csv", file(row(1), row(2)))

    for path in ("scored", "predictions"):
        assert "still being scored" in detail(call("GET", f"/files/{file_id}/{path}", token=token), 409)
    assert pages(f"/files/{file_id}/predictions", token, order="row") == []


def test_while_a_ranking_is_made_again_it_is_a_conflict(token: str, scored: str) -> None:
    scored_files.remove_ranking(scored)

    for path in ("scored", "predictions"):
        assert "put in order" in detail(call("GET", f"/files/{scored}/{path}", token=token), 409)


def test_a_file_without_scores_says_why(token: str, scored: str) -> None:
    def detail_of(file_id: str) -> str:
        return detail(call("GET", f"/files/{file_id}/scored", token=token), 404)

    assert "was rejected" in detail_of(drop("no.csv", b"x\n1\n"))
    assert "no good rows" in detail_of(drop("bad.csv", file(row(1, city="nowhere"))))
    new = replay.request(scored)
    validate_replays()
    score()
    recover()
    assert new in detail_of(scored)
    scored_files.remove(new, scoring_state.get(new).day)
    FileRow(new, files.SUMMARY).update([FileRow.uploaded_at.set("2020-01-01T00:00:00.000Z")])
    assert "deleted after" in detail_of(new)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"order": "name"}, 422),
        ({"limit": 0}, 422),
        ({"limit": 201}, 422),
        ({"min_probability": 1.1}, 422),
        ({"order": "row", "min_probability": 0.5}, 422),
        ({"order": "row", "will_change": "true"}, 422),
        ({"cursor": "nonsense"}, 400),
    ],
)
def test_a_wrong_parameter_is_refused(token: str, scored: str, query: dict[str, Any], status: int) -> None:
    assert call("GET", f"/files/{scored}/predictions", token=token, **query).status == status


def test_a_cursor_is_good_for_its_own_order_and_filter_only(token: str, scored: str) -> None:
    path = f"/files/{scored}/predictions"
    cursor = call("GET", path, token=token, limit=3).json["next_cursor"]

    others: list[dict[str, Any]] = [{"order": "row"}, {"min_probability": 0.1}, {"will_change": "true"}]
    for other in others:
        assert call("GET", path, token=token, limit=3, cursor=cursor, **other).status == 400


def test_past_predictions_of_a_file_take_no_other_filter_and_need_a_file(token: str, scored: str) -> None:
    others: list[dict[str, Any]] = [{"start": "2026-01-01"}, {"end": "2026-01-01"}, {"source": "scheduled"}]
    for other in others:
        assert call("GET", "/predictions/past", token=token, file_id=scored, **other).status == 422
    assert call("GET", "/predictions/past", token=token, file_id="f" * 32).status == 404
