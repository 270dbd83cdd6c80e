"""The main job through the embedded stack: a file dropped into the lake becomes rows, records and predictions."""

import csv
import io
import json
from collections import Counter
from typing import Any

import pytest

from data.corrupt import corrupt
from data.generate import generate
from infra import ROOT
from jobchange.contract import Issue, Severity
from tests.support.stack import Stack, patiently, request

HEADER, *LINES = (ROOT / "data" / "hr_data_sample.csv").read_bytes().splitlines(keepends=True)
SAMPLE = b"".join([HEADER, *reversed(LINES)])
"""The sample in another order: the README's examples drop it as it is, and a file's content is taken once."""
ERRORS = [issue for issue in Issue if issue.severity is Severity.ERROR]


def rows_of(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def generated(rows: int, seed: int) -> bytes:
    return "".join(generate(rows, seed)).encode()


def test_without_a_model_the_api_advises_to_train_one(stack: Stack) -> None:
    answer = stack.before_training["predict"]

    assert answer.status == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "make train" in answer.json["detail"]


def test_without_a_model_scoring_is_skipped_and_says_why(stack: Stack) -> None:
    assert stack.before_training["plan"] == {"files": 0, "parts": 0}
    run = stack.before_training["runs"][0]
    assert (run["kind"], run["status"], run["reason"]) == ("scoring", "SKIPPED", "no_champion")


def test_the_sample_is_ingested_and_every_row_scored_once(stack: Stack) -> None:
    file = stack.scored("sample.csv", SAMPLE)

    assert file["status"] == "SCORED", file["reason"]
    assert file["criticality"] == "ok"
    assert file["rows"] == {"total": 2000, "good": 2000, "bad": 0, "repaired": 0}
    assert file["scored"] == 2000
    predictions = list(stack.predictions(file_id=file["file_id"]))
    assert Counter(each["row"] for each in predictions) == Counter(range(1, 2001))
    dropped = {int(row["enrollee_id"]): row for row in rows_of(SAMPLE)}
    for each in predictions:
        row = dropped[each["enrollee_id"]]
        assert each["features"]["company_size"] == (row["company_size"] or None)
        assert each["features"]["training_hours"] == int(row["training_hours"])
        assert 0 < each["probability"] < 1
    times = [each["created_at"] for each in predictions]
    assert times == sorted(times, reverse=True)


def test_every_scored_row_is_downloaded_once_ranked_and_in_order_as_it_is_listed(stack: Stack) -> None:
    file = stack.scored("download.csv", generated(1500, seed=11))
    path = f"/files/{file['file_id']}"
    listed = list(stack.predictions(file_id=file["file_id"]))

    downloaded = {}
    for order in ("rank", "row"):
        answer = request(stack.get(f"{path}/scored", order=order)["url"], "GET", None, {})
        downloaded[order] = rows_of(answer.body)

    assert [int(each["_row"]) for each in downloaded["row"]] == [each["row"] for each in listed]
    assert [float(each["probability"]) for each in downloaded["row"]] == [each["probability"] for each in listed]
    assert [int(each["rank"]) for each in downloaded["rank"]] == list(range(1, 1501))
    page = stack.get(f"{path}/predictions", limit=200)["predictions"]
    assert [each["row"] for each in page] == [int(each["_row"]) for each in downloaded["rank"][:200]]
    assert file["will_change"] == sum(each["will_change"] == "true" for each in downloaded["row"])


def test_scoring_is_skipped_when_nothing_is_new(stack: Stack) -> None:
    for _ in patiently("the plan to find nothing new"):
        if stack.dispatch() == {"files": 0, "parts": 0}:
            break

    run = stack.get("/runs", limit=1)["runs"][0]
    assert (run["status"], run["reason"]) == ("SKIPPED", "nothing_new")


def test_each_damaged_row_stands_in_bad_with_its_text_and_its_reasons(stack: Stack) -> None:
    original = generated(700, seed=1)
    damaged = corrupt(original, dict.fromkeys(ERRORS, 0.01), seed=1)
    lines = damaged.data.decode().splitlines()[1:]

    file = stack.scored("damaged.csv", damaged.data)

    assert {each.issue for each in damaged.injected} == set(ERRORS)
    assert file["rows"]["total"] == 700
    assert file["rows"]["bad"] == len(damaged.injected)
    assert file["rows"]["good"] + file["rows"]["bad"] == 700
    assert file["scored"] == file["rows"]["good"]
    bad = rows_of(stack.object(f"bad/{file['file_id']}/damaged.csv"))
    assert {int(row["_row"]) for row in bad} == {each.row for each in damaged.injected}
    injected = {each.row: each for each in damaged.injected}
    for row in bad:
        each = injected[int(row["_row"])]
        assert row["_issues"].startswith(each.issue.value)
        assert row["_raw"] == lines[int(row["_row"]) - 1]
        assert row["_file"] == file["file_id"]
    found: Counter[str] = Counter()
    for issue in file["issues"]:
        found[issue["type"]] += issue["rows"]
    assert found == Counter(each.issue.value for each in damaged.injected)
    report = stack.object(f"reports/{file['file_id']}.html").decode()
    for error in ERRORS:
        assert error.heading in report
        assert error.advice.split(".")[0] in report


def without_column(body: bytes, name: str) -> bytes:
    rows = list(csv.reader(io.StringIO(body.decode())))
    left_out = rows[0].index(name)
    return "".join(",".join(row[:left_out] + row[left_out + 1 :]) + "\n" for row in rows).encode()


REJECTED = {
    "scan.csv": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n", Issue.UNREADABLE, "PDF"),
    "nothing.csv": (b"", Issue.EMPTY, "empty"),
    "only_header.csv": (SAMPLE.split(b"\n")[0] + b"\n", Issue.EMPTY, "rows"),
    "no_city.csv": (without_column(SAMPLE, "city"), Issue.MISSING_COLUMN, "city"),
}


@pytest.mark.parametrize("name", REJECTED)
def test_a_file_that_cannot_be_used_is_rejected_with_its_reason_everywhere(stack: Stack, name: str) -> None:
    body, issue, word = REJECTED[name]
    subscribed = subscribe(stack, name.split(".")[0])

    stack.drop(name, body)
    file = stack.file(name, "REJECTED")

    assert file["criticality"] == "critical"
    assert issue.value in {each["type"] for each in file["issues"]}
    assert word in file["reason"]
    report = stack.object(f"reports/{file['file_id']}.html").decode()
    assert "rejected" in report
    assert word in report
    alert = next(alert for alert in alerts(stack, subscribed) if alert["subject_id"] == file["file_id"])
    assert alert["criticality"] == "critical"
    assert word in alert["what_happened"]
    assert stack.object(f"raw/{name}") == body


def test_nothing_that_was_rejected_is_tried_again_or_lost_on_the_way(stack: Stack) -> None:
    stack.settle()
    for queue in ("IngestDeadLetters", "ScoreDeadLetters"):
        assert stack.waiting(queue)[0] == 0


def subscribe(stack: Stack, name: str) -> str:
    """A queue that gets every alert from now on."""
    sqs = stack.aws("sqs")
    url: str = sqs.create_queue(QueueName=f"alerts-{name.replace('_', '-')}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = stack.resources["AlertsTopic"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    stack.aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return url


def alerts(stack: Stack, url: str) -> Any:
    for _ in patiently("an alert"):
        for message in stack.aws("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            yield json.loads(json.loads(message["Body"])["Message"])


def test_an_event_delivered_three_times_makes_one_record_and_one_set_of_predictions(stack: Stack) -> None:
    file = stack.scored("thrice.csv", generated(300, seed=2))
    before = list(stack.predictions(file_id=file["file_id"]))
    version = stack.aws("s3").head_object(Bucket=stack.outputs["lake_bucket"], Key="raw/thrice.csv")["VersionId"]
    event = {
        "Records": [
            {
                "eventSource": "aws:s3",
                "eventTime": "2026-01-01T00:00:00.000Z",
                "eventName": "ObjectCreated:Put",
                "s3": {
                    "bucket": {"name": stack.outputs["lake_bucket"]},
                    "object": {"key": "raw/thrice.csv", "size": 1, "versionId": version},
                },
            }
        ]
    }
    for _ in range(3):
        stack.aws("sqs").send_message(QueueUrl=stack.resources["IngestQueue"], MessageBody=json.dumps(event))

    test_nothing_that_was_rejected_is_tried_again_or_lost_on_the_way(stack)
    stack.dispatch()

    assert [each["name"] for each in stack.get("/files", limit=100)["files"]].count("thrice.csv") == 1
    assert stack.get(f"/files/{file['file_id']}") == file
    assert list(stack.predictions(file_id=file["file_id"])) == before
    assert len(before) == 300


def test_the_same_content_under_another_name_is_reported_to_be_a_duplicate(stack: Stack) -> None:
    first = stack.scored("content.csv", generated(50, seed=3))
    second = stack.scored("content again.csv", generated(50, seed=3))

    assert (second["status"], second["criticality"]) == ("REJECTED", "minor")
    assert [each["type"] for each in second["issues"]] == ["duplicate_file"]
    assert second["duplicate_of"] == first["file_id"]
    assert "as content.csv, dropped " in second["reason"]


def test_known_misspellings_are_repaired_and_noted(stack: Stack) -> None:
    body = SAMPLE.splitlines(keepends=True)
    small = next(line for line in body[1:] if b",10/49," in line)

    file = stack.scored("repaired.csv", body[0] + small.replace(b",10/49,", b",Oct-49,"))

    assert file["rows"] == {"total": 1, "good": 1, "bad": 0, "repaired": 1}
    (prediction,) = stack.predictions(file_id=file["file_id"])
    assert prediction["features"]["company_size"] == "10/49"


def test_a_validate_function_invoked_with_a_plain_notification_ingests_too(stack: Stack) -> None:
    stack.drop("plain.csv", generated(20, seed=4))
    stack.file("plain.csv", "VALIDATED", "SCORED")
    event = json.loads((ROOT / "tests" / "events" / "validate.json").read_text())
    bucket = {"name": stack.outputs["lake_bucket"]}
    # Without a version it is another file than the one that S3 reported itself, of the same content.
    event["Records"][0]["s3"] |= {"bucket": bucket, "object": {"key": "raw/plain.csv", "size": 1}}

    answer = stack.aws("lambda").invoke(
        FunctionName=stack.resources["ValidateFunction"], Payload=json.dumps(event).encode()
    )

    assert json.loads(answer["Payload"].read()) == {}
    listed = [each for each in stack.get("/files", limit=100)["files"] if each["name"] == "plain.csv"]
    (again,) = [each for each in listed if each["file_id"] != stack.dropped["plain.csv"]]
    assert again["status"] == "REJECTED"
    assert [issue["type"] for issue in stack.get(f"/files/{again['file_id']}")["issues"]] == ["duplicate_file"]
