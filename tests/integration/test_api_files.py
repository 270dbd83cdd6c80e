"""Files and runs through the API's handler."""

from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from jobchange.access import tokens
from jobchange.contract import Criticality, Issue, Severity
from jobchange.store import claims, runs, source_objects
from jobchange.store.files import IssueCount, RowCounts, Status, Validation
from jobchange.store.source_objects import SourceObject
from tests.support.file_records import an_upload, claimed
from tests.support.rest import call

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def token(aws: None) -> str:  # noqa: ARG001
    return tokens.issue("recruiting", "user", "api", 1)


def ingested(number: int, *, bad: int = 1, finished: bool = True) -> str:
    """A file with one kind of issue, as ingestion records it."""
    key = f"raw/file {number}.csv"
    file_id = source_objects.identity("lake", key, "v")
    claim = claims.claim(
        SourceObject(
            file_id=file_id,
            bucket="lake",
            key=key,
            version_id="v",
            size=100,
            uploaded_at=f"2026-01-01T00:00:{number:02}.000Z",
        ),
        champion=None,
        challenger=None,
    )
    assert claim is not None
    if finished:
        issue = IssueCount(type=Issue.MISSING_VALUE, column="city", severity=Severity.ERROR, rows=bad)
        claims.finish(
            claim,
            validation=Validation(
                status=Status.VALIDATED,
                criticality=Criticality.MINOR,
                rows=RowCounts(total=10, good=10 - bad, bad=bad),
                parts=1,
                issues=(issue,) if bad else (),
            ),
            findings={"findings": [asdict(issue) | {"examples": [{"row": 3, "value": None, "meant": None}]}]},
        )
    return file_id


def test_files_are_listed_newest_first_page_by_page(token: str) -> None:
    ids = [ingested(number) for number in range(5)]

    first = call("GET", "/files", token=token, limit=3).json
    second = call("GET", "/files", token=token, limit=3, cursor=first["next_cursor"]).json

    assert [file["file_id"] for file in first["files"] + second["files"]] == ids[::-1]
    assert second["next_cursor"] is None


def test_files_are_listed_of_a_range_of_time(token: str) -> None:
    for number, month in enumerate(("2026-01-30", "2026-02-01", "2026-02-02", "2026-02-02"), 1):
        at = f"{month}T10:00:00.000Z"
        claimed(an_upload(f"f{number}", uploaded_at=at))

    def listed(**query: Any) -> list[str]:
        return [file["file_id"] for file in call("GET", "/files", token=token, **query).json["files"]]

    assert listed(start="2026-02-01T10:00:00Z", end="2026-02-02T10:00:00Z") == ["f2"]
    assert listed(start="2026-01-30", end="2026-02-01") == ["f2", "f1"]
    assert listed(start="2026-02-02") == ["f4", "f3"]
    assert listed(end="2026-01-30") == ["f1"]
    first = call("GET", "/files", token=token, start="2026-02-01", limit=2).json
    assert listed(start="2026-02-01", limit=2, cursor=first["next_cursor"]) == ["f2"]
    assert call("GET", "/files", token=token, cursor=first["next_cursor"]).status == 400


def test_a_file_is_shown_with_examples_of_its_issues(token: str) -> None:
    file = call("GET", f"/files/{ingested(1)}", token=token).json

    assert (file["name"], file["status"], file["criticality"]) == ("file 1.csv", "VALIDATED", "minor")
    assert file["rows"] == {"total": 10, "good": 9, "bad": 1, "repaired": 0}
    assert file["issues"] == [
        {
            "type": "missing_value",
            "column": "city",
            "severity": "error",
            "rows": 1,
            "detail": None,
            "examples": [{"row": 3, "value": None, "meant": None}],
        }
    ]


def test_report_and_bad_rows_are_fetched_by_links_that_expire(token: str) -> None:
    file_id = ingested(1)

    for what, folder in (("report", "reports"), ("bad", "bad")):
        link = call("GET", f"/files/{file_id}/{what}", token=token).json["url"]
        query = parse_qs(urlsplit(link).query)
        assert f"/{folder}/{file_id}" in link
        assert "Signature" in query or "X-Amz-Signature" in query


def test_a_file_without_bad_rows_has_nothing_to_download(token: str) -> None:
    answer = call("GET", f"/files/{ingested(1, bad=0)}/bad", token=token)

    assert (answer.status, answer.json["detail"]) == (404, "This file has no bad rows.")


def test_a_file_that_is_being_validated_is_shown_but_has_no_report_yet(token: str) -> None:
    file_id = ingested(1, finished=False)

    assert call("GET", f"/files/{file_id}", token=token).json["criticality"] is None
    assert call("GET", f"/files/{file_id}/report", token=token).status == 404


@pytest.mark.parametrize("path", ["/files/x", "/files/x/report", "/files/x/bad", "/files/..%2F..%2Fmodels"])
def test_a_file_that_is_not_there_is_not_found(token: str, path: str) -> None:
    answer = call("GET", path, token=token)

    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_endless_file_id_is_refused(token: str) -> None:
    assert call("GET", f"/files/{'x' * 5000}", token=token).status == 422


@pytest.mark.parametrize("listing", ["/files", "/runs"])
@pytest.mark.parametrize(
    ("query", "status"), [({"limit": 0}, 422), ({"limit": 201}, 422), ({"cursor": "nonsense"}, 400)]
)
def test_a_listing_checks_its_parameters(token: str, listing: str, query: dict[str, Any], status: int) -> None:
    assert call("GET", listing, token=token, **query).status == status


def test_runs_are_listed_newest_first(token: str) -> None:
    from jobchange import times

    started_at = times.now()
    runs.record("scoring", runs.SKIPPED, started_at=started_at, counts={"files": 0}, reason="nothing_new")

    (run,) = call("GET", "/runs", token=token).json["runs"]

    assert (run["kind"], run["status"], run["reason"]) == ("scoring", "SKIPPED", "nothing_new")
    assert (run["counts"], run["started_at"]) == ({"files": 0}, started_at)
