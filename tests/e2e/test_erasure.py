"""Replay and erasure through the operators' API of a deployed embedded stack."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.dropped_files import file, row
from tests.support.stack import Stack, before_and_train, deployed, patiently

ID = 1_234_567_890


@pytest.fixture(scope="module")
def system(shared: Path) -> Iterator[Stack]:
    """A stack of its own: an erasure looks through all files."""
    with deployed("recover", DataRequestVisibilitySeconds=60, DataRequestSeconds=50) as (stack, environment):
        before_and_train(stack, shared, environment)
        yield stack


def stored(stack: Stack, file_id: str) -> dict[int, int]:
    """The candidates of a file's predictions by row; none before its validation has begun."""
    if stack.call("GET", f"/files/{file_id}").status == 404:
        return {}
    return {each["row"]: each["enrollee_id"] for each in stack.predictions(file_id=file_id)}


def everything(stack: Stack) -> Iterator[tuple[str, bytes]]:
    """Every version of every object, and every item of every table."""
    s3, tables = stack.aws("s3"), stack.aws("dynamodb")
    for bucket in (each["Name"] for each in s3.list_buckets()["Buckets"]):
        for each in s3.list_object_versions(Bucket=bucket).get("Versions", []):
            which = {"VersionId": each["VersionId"]} if each["VersionId"] != "null" else {}
            body = s3.get_object(Bucket=bucket, Key=each["Key"], **which)["Body"].read()
            yield each["Key"], gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
    for table in tables.list_tables()["TableNames"]:
        for page in tables.get_paginator("scan").paginate(TableName=table):
            yield table, json.dumps(page["Items"], default=str).encode()


def mentions(stack: Stack) -> list[str]:
    words = str(ID).encode(), ID.to_bytes(4, "little")
    return [name for name, body in everything(stack) if words[0] in body or (name[:4] == "ids/" and words[1] in body)]


def test_a_replayed_file_has_one_set_of_predictions_under_its_new_id(system: Stack) -> None:
    old = system.scored("replayed.csv", file(row(1), row(2), row(3, training_hours="0")))

    answer = system.operate("POST", f"/ops/files/{old['file_id']}/replay", {})

    assert answer.status == 202
    new: str = answer.json["file_id"]
    for attempt, _ in enumerate(patiently("the replay to replace the predictions")):
        if attempt % 5 == 4:
            system.dispatch()
        if len(stored(system, new)) == 2 and not stored(system, old["file_id"]):
            break
    assert system.get(f"/files/{new}")["replay_of"] == old["file_id"]
    assert system.get(f"/files/{old['file_id']}")["replayed_by"] == new


def test_an_erased_candidate_is_nowhere_and_the_operator_gets_a_receipt(system: Stack) -> None:
    rows = file(row(1), row(ID), row(2), row(ID, training_hours="0"), f"{ID},x")
    record = system.scored("erased.csv", rows)
    system.scored("packed.csv.gz", gzip.compress(file(row(ID), row(9))))
    candidate: dict[str, Any] = {
        **{"enrollee_id": ID, "city": "city_103", "city_development_index": 0.92},
        **{"relevent_experience": "Has relevent experience", "training_hours": 36},
    }
    assert system.call("POST", "/predictions/predict", [candidate]).status == 200
    assert len(mentions(system)) > 5
    others = {number: each for number, each in stored(system, record["file_id"]).items() if each != ID}

    assert system.operate("DELETE", f"/ops/candidates/{ID}", token="user_token").status == 403
    for _ in patiently("the erasure to be complete"):
        answer = system.operate("DELETE", f"/ops/candidates/{ID}")
        if answer.status == 200:
            break

    assert answer.json["status"] == "COMPLETE"
    assert answer.json["erased"]["predictions"] == 3
    for _ in patiently("what is left to be ranked again"):
        if system.call("GET", f"/files/{record['file_id']}/scored").status == 200:
            break
    assert mentions(system) == []
    assert stored(system, record["file_id"]) == others
    after = system.get(f"/files/{record['file_id']}")
    assert (after["rows"], after["scored"], after["erased"]) == (record["rows"], record["scored"], 3)
    assert system.get(f"/candidates/{ID}/predictions")["predictions"] == []
    assert [each["kind"] for each in system.get("/runs", limit=50)["runs"]].count("operator") >= 1


def test_a_candidate_nobody_knows_the_number_of_is_refused(system: Stack) -> None:
    assert system.operate("DELETE", "/ops/candidates/abc").status == 404
    assert system.operate("POST", f"/ops/files/{'f' * 32}/replay", {}).status == 404
