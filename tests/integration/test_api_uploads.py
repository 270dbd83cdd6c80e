"""Uploads by form, and how their files are found."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jobchange import times
from jobchange.access import tokens
from jobchange.aws import clients
from jobchange.settings import settings
from jobchange.store import claims, lake_layout, source_objects, upload_forms
from jobchange.store.source_objects import SourceObject
from tests.support.rest import call

ENDLESS = ("", "a.pdf", "a.csv.zip", "a.xls", "csv", "a.xlsx.gz", "a.gz")
ODD = ("../a.csv", "good/a.csv", "a\\b.csv", "${filename}.csv", 'a".csv', "a\n.csv", "a\x7f.xlsx")
HID = (".a.csv", "~$a.xlsx")

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def token(aws: None) -> str:  # noqa: ARG001
    return tokens.issue("recruiting", "user", "webapp", 1)


def made(token: str, name: str = "candidates.csv") -> dict[str, Any]:
    answer = call("POST", "/uploads", {"name": name}, token=token)
    assert answer.status == 200, answer
    form: dict[str, Any] = answer.json
    return form


def ingested(key: str, after: timedelta = timedelta()) -> str:
    file_id = source_objects.identity("lake", key, str(after))
    uploaded_at = times.text(datetime.now(UTC) + after)
    claims.claim(
        SourceObject(file_id=file_id, bucket="lake", key=key, version_id="v", size=1, uploaded_at=uploaded_at),
        champion=None,
        challenger=None,
    )
    return file_id


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("candidates.csv", "text/csv"),
        ("März 2026.CSV", "text/csv"),
        ("a.csv.gz", "application/gzip"),
        ("a.tsv", "text/tab-separated-values"),
        ("a.TXT", "text/plain"),
        ("a.tsv.gz", "application/gzip"),
        ("a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("x" * 100 + ".csv", "text/csv"),
    ],
)
def test_a_form_allows_one_key_one_type_a_size_and_ten_minutes(token: str, name: str, type_: str) -> None:
    form = made(token, name)

    policy = json.loads(base64.b64decode(form["fields"]["policy"]))
    conditions = policy["conditions"]
    assert form["key"] == f"raw/{form['upload_id']}/{name}" == form["fields"]["key"]
    assert {"bucket": "test-lake"} in conditions
    assert {"key": form["key"]} in conditions
    assert {"Content-Type": type_} in conditions
    assert form["fields"]["Content-Type"] == type_
    assert ["content-length-range", 1, 1 << 30] in conditions
    assert form["max_bytes"] == 1 << 30
    left = times.parse(policy["expiration"]) - datetime.now(UTC)
    assert timedelta(minutes=9) < left <= timedelta(minutes=10)
    assert abs(times.parse(form["expires_at"]) - times.parse(policy["expiration"])) < timedelta(seconds=2)


def test_the_description_shows_endings_and_no_pattern(token: str) -> None:
    described = call("GET", "/openapi.json", token=token).json["components"]["schemas"]["NewUpload"]["properties"][
        "name"
    ]

    assert "pattern" not in described
    assert described["description"].endswith(".txt.gz or .xlsx.")


def test_two_forms_never_lead_to_the_same_object(token: str) -> None:
    assert len({made(token)["key"] for _ in range(5)}) == 5


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        *((name, "The name has to end in .csv, .tsv, .txt, .csv.gz, .tsv.gz, .txt.gz or .xlsx.") for name in ENDLESS),
        *((name, "A name has to have 1 to 100 characters before its ending.") for name in (".csv", "x" * 101 + ".csv")),
        *((name, 'The name has no folder, none of the characters / \\ " $, and no control character.') for name in ODD),
        *((name, "A name can't begin with . or ~$: such files are hidden, and are skipped.") for name in HID),
        *((name, "Input should be a valid string") for name in (None, 5, ["a.csv"])),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused_with_a_sentence(token: str, name: Any, reason: str) -> None:
    answer = call("POST", "/uploads", {"name": name}, token=token)

    assert answer.status == 422
    assert [(error["field"], error["reason"]) for error in answer.json["errors"]] == [("name", reason)]


def test_the_caller_decides_nothing_but_the_name(token: str) -> None:
    answer = call("POST", "/uploads", {"name": "a.csv", "key": "models/x"}, token=token)

    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "key")


def test_the_file_of_an_upload_is_found_by_its_id(token: str) -> None:
    form, other = made(token), made(token)
    found = call("GET", "/files", token=token, upload_id=form["upload_id"]).json
    assert found == {"files": [], "next_cursor": None}

    ingested("raw/candidates.csv")
    ingested(other["key"])
    first, again = (ingested(form["key"], timedelta(minutes=minutes)) for minutes in (3, 5))
    ingested(form["key"], timedelta(days=2))

    found = call("GET", "/files", token=token, upload_id=form["upload_id"]).json["files"]
    assert [file["file_id"] for file in found] == [first, again]
    assert {file["upload_id"] for file in found} == {form["upload_id"]}
    (one,) = call("GET", "/files", token=token, upload_id=form["upload_id"], limit=1).json["files"]
    assert one["file_id"] == first
    assert call("GET", f"/files/{first}", token=token).json["upload_id"] == form["upload_id"]


def test_a_file_that_was_dropped_has_no_upload(token: str) -> None:
    for key in ("raw/a.csv", "raw/u2026/a.csv", "raw/a/u00000000000/b.csv"):
        assert call("GET", f"/files/{ingested(key)}", token=token).json["upload_id"] is None


@pytest.mark.parametrize("wrong", ["", "x", "../raw", "u" + "0" * 26, "u" + "F" * 27])
def test_an_upload_that_cannot_be_is_reported(token: str, wrong: str) -> None:
    answer = call("GET", "/files", token=token, upload_id=wrong)

    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "upload_id")


def test_the_first_and_the_last_upload_are_found_nowhere(token: str) -> None:
    for wrong in ("u" + "0" * 27, "u" + "f" * 27):
        assert call("GET", "/files", token=token, upload_id=wrong).json["files"] == []


def test_addresses_that_are_handed_out_are_signed_as_every_bucket_wants_and_lead_to_its_region() -> None:
    form = upload_forms.form("a.csv")
    link = clients.s3().generate_presigned_url("get_object", Params={"Bucket": "test-lake", "Key": "k"})

    assert form.url == f"https://s3.eu-west-1.amazonaws.com/{settings().lake_bucket}"
    assert form.fields["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
    assert link.startswith(f"{form.url}/k?X-Amz-Algorithm=AWS4-HMAC-SHA256")


def test_an_uploads_id_tells_its_key_and_back() -> None:
    form = upload_forms.form("a.csv")

    assert lake_layout.upload_id(form.key) == form.upload_id
