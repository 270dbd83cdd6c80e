"""The validate function from notification to record, against AWS in memory."""

import gzip
import json
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

from data.generate import generate
from jobchange.aws import clients, topic
from jobchange.contract import Issue
from jobchange.settings import settings
from jobchange.store import claims, file_listings, files, lake, outbox, source_objects
from jobchange.store.files import FileDetail, Replaced, RowCounts
from jobchange.store.lake_layout import bad_key
from tests.support.dropped_files import file, row
from tests.support.functions import Context, load_handler
from tests.support.notifications import SAMPLE, TWENTY, notification
from tests.support.workbooks import workbook

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def validate() -> ModuleType:
    return load_handler("validate")


def through_queue(*notifications: dict[str, Any]) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": str(number),
                "receiptHandle": "r",
                "body": json.dumps(each),
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:ingest",
                "awsRegion": "eu-west-1",
            }
            for number, each in enumerate(notifications)
        ]
    }


def the_file() -> FileDetail:
    ((file,), _) = file_listings.list_newest(limit=2)
    return files.get(file.file_id)


def everything_written() -> dict[str, bytes]:
    bucket = settings().lake_bucket
    return {
        each["Key"]: lake.get(each["Key"])
        for each in clients.s3().list_objects_v2(Bucket=bucket).get("Contents", [])
        if not each["Key"].startswith("raw/")
    }


def test_a_message_of_the_queue_becomes_a_record_and_outputs(validate: ModuleType) -> None:
    answer = validate.handler(through_queue(notification("raw/a.csv", TWENTY)), Context())

    assert answer == {"batchItemFailures": []}
    file = the_file()
    assert (file.name, file.status, file.rows.good) == ("a.csv", "VALIDATED", 20)
    assert file.uploaded_at == "2026-01-15T09:30:00.123Z"
    written = set(everything_written())
    assert written == {
        f"good/{file.file_id}/part-00000.csv",
        f"good/{file.file_id}/manifest.json",
        f"ids/{file.file_id}/00000.bin",
        f"reports/{file.file_id}.html",
    }


def test_a_repeated_message_changes_nothing(validate: ModuleType) -> None:
    event = through_queue(notification("raw/a.csv", TWENTY + b"1,2,3\n"))
    validate.handler(event, Context())
    before = (the_file(), everything_written())

    validate.handler(event, Context())

    assert (the_file(), everything_written()) == before


def test_an_attempt_interrupted_before_its_record_is_done_over_with_the_same_bytes(
    validate: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = through_queue(notification("raw/a.csv", TWENTY + b"1,2,3\n"))

    def cut(*_: Any, **__: Any) -> bool:
        raise ConnectionError("cut")

    with monkeypatch.context() as patch:
        patch.setattr(claims, "finish", cut)
        answer = validate.handler(event, Context())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert the_file().status == "VALIDATING"
    half = everything_written()

    assert validate.handler(event, Context()) == {"batchItemFailures": []}

    assert the_file().rows == RowCounts(total=21, good=20, bad=1, repaired=0)
    assert everything_written() == half


def test_an_upload_begun_by_an_attempt_that_took_the_file_over_is_left_alone(
    validate: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = claims.claim

    def taken_over(upload: source_objects.SourceObject, **versions: str | None) -> claims.Claim | None:
        mine, _ = claim(upload, **versions), claim(upload, **versions)
        key = bad_key(upload.file_id, upload.name)
        clients.s3().create_multipart_upload(Bucket=settings().lake_bucket, Key=key)
        return mine

    monkeypatch.setattr(claims, "claim", taken_over)

    assert validate.handler(through_queue(notification("raw/a.csv", TWENTY)), Context()) == {"batchItemFailures": []}

    assert the_file().status == "VALIDATING"
    assert lake.abort_uploads("bad/") == 1


def test_keys_of_events_are_decoded(validate: ModuleType) -> None:
    validate.handler(notification("raw/u/März 1+1.csv", TWENTY, encoded="raw/u/M%C3%A4rz+1%2B1.csv"), Context())

    assert the_file().name == "März 1+1.csv"


def test_the_test_event_of_s3_is_ignored(validate: ModuleType) -> None:
    event = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"}

    assert validate.handler(through_queue(event), Context()) == {"batchItemFailures": []}
    assert file_listings.list_newest(limit=1) == ([], None)


def test_a_message_that_is_no_notification_fails_alone(validate: ModuleType) -> None:
    event = through_queue({"hello": "world"}, notification("raw/a.csv", TWENTY))

    assert validate.handler(event, Context()) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert the_file().status == "VALIDATED"


def test_a_message_that_fails_is_logged_by_its_kind_and_not_its_words(
    validate: ModuleType, caplog: pytest.LogCaptureFixture
) -> None:
    validate.handler(through_queue({"secretvalue": 1}), Context())

    (line,) = (vars(record) for record in caplog.records if record.levelname == "ERROR")
    assert line["error"] == "UnknownMessage"
    assert any("decode" in place for place in line["where"])
    assert "secretvalue" not in str(line)


def test_a_file_deleted_before_it_could_be_read_is_reported_so(validate: ModuleType) -> None:
    answer = validate.handler(through_queue(notification("raw/a.csv", None)), Context())

    assert answer == {"batchItemFailures": []}
    assert the_file().status == "REJECTED"
    assert "deleted" in (the_file().reason or "")


def test_an_alert_that_could_not_be_sent_is_sent_later_and_the_file_is_finished_all_the_same(
    validate: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = through_queue(notification("raw/scan.csv", b"%PDF-1.7\n"))
    sent: list[dict[str, Any]] = []

    def down(_: Any) -> None:
        raise ConnectionError("topic down")

    monkeypatch.setattr(topic, "publish", down)
    assert validate.handler(event, Context()) == {"batchItemFailures": []}
    assert the_file().status == "REJECTED"

    monkeypatch.setattr(topic, "publish", sent.append)
    monkeypatch.setattr(outbox, "_GRACE", -timedelta(minutes=1))
    for expected in ((1, 0), (0, 0)):
        assert outbox.publish_waiting() == expected

    assert [alert["subject_id"] for alert in sent] == [the_file().file_id]


def test_a_duplicate_leaves_no_outputs_behind(validate: ModuleType) -> None:
    body = TWENTY + b"1,2,3\n"
    validate.handler(through_queue(notification("raw/a.csv", body)), Context())
    first = the_file()

    validate.handler(through_queue(notification("raw/b.csv", body)), Context())

    (second,) = (file for file in file_listings.list_newest(limit=5)[0] if file.name == "b.csv")
    assert second.status == "REJECTED"
    # What was dropped is still there: who is in it must be known.
    left = {f"reports/{second.file_id}.html", f"ids/{second.file_id}/00000.bin"}
    assert {key for key in everything_written() if second.file_id in key} == left
    assert lake.get(f"bad/{first.file_id}/a.csv")


def file_named(name: str) -> FileDetail:
    (found,) = (file for file in file_listings.list_newest(limit=10)[0] if file.name == name)
    return files.get(found.file_id)


def test_a_duplicate_names_the_earlier_file_and_leads_to_it(
    validate: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_URL", "https://page.example/")
    settings.cache_clear()
    validate.handler(notification("raw/a.csv", TWENTY), Context())
    validate.handler(notification("raw/b.csv", TWENTY), Context())

    first, second = file_named("a.csv"), file_named("b.csv")
    assert (first.duplicate_of, second.duplicate_of) == (None, first.file_id)
    assert second.reason == (
        "The same content was ingested before, as a.csv, dropped 15 January 2026, 09:30 UTC. "
        "Nothing to do: its rows are in already."
    )
    report = lake.get(f"reports/{second.file_id}.html").decode()
    assert f'href="https://page.example/#files/{first.file_id}"' in report


ALL_BAD = file(row(1, training_hours="0"), row(2, training_hours="0", city="nowhere"))


def test_a_duplicate_of_a_file_without_good_rows_is_not_said_to_be_in_already(validate: ModuleType) -> None:
    validate.handler(notification("raw/a.csv", ALL_BAD), Context())
    validate.handler(notification("raw/b.csv", ALL_BAD), Context())

    first, second = file_named("a.csv"), file_named("b.csv")
    assert first.rows.good == 0
    assert second.duplicate_of == first.file_id
    assert second.reason == (
        "The same content was refused before, as a.csv, dropped 15 January 2026, 09:30 UTC. "
        f"{Issue.OUT_OF_RANGE.advice}"
    )
    report = lake.get(f"reports/{second.file_id}.html").decode()
    assert "in already" not in report


def test_what_the_earlier_file_has_is_reported_by_the_content_while_it_is_not_finished(
    validate: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(claims, "finish", lambda *_, **__: False)
        validate.handler(notification("raw/a.csv", TWENTY), Context())
        validate.handler(notification("raw/bad.csv", ALL_BAD), Context())
    validate.handler(notification("raw/b.csv", TWENTY), Context())
    validate.handler(notification("raw/bad again.csv", ALL_BAD), Context())

    assert "in already" in str(file_named("b.csv").reason)
    assert "was refused before, as bad.csv" in str(file_named("bad again.csv").reason)


@pytest.mark.parametrize(
    ("key", "body"),
    [
        *(("raw/march/", b""), ("raw/_SUCCESS", b""), ("raw/.DS_Store", b"\0\0\0\1Bud1"), ("raw/~$x.xlsx", b"\5Who")),
        *(("raw/Thumbs.db", b"\xd0\xcf\x11\xe0"), ("raw/desktop.ini", b"[x]"), ("raw/_started", b"")),
    ],
)
def test_what_is_no_file_of_candidates_leaves_no_record_no_output_and_no_alert(
    validate: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    key: str,
    body: bytes,
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "jobchange")
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(topic, "publish", sent.append)

    assert validate.handler(through_queue(notification(key, body)), Context()) == {"batchItemFailures": []}

    assert file_listings.list_newest(limit=1) == ([], None)
    assert everything_written() == {}
    assert sent == []
    (counted,) = (json.loads(line) for line in capsys.readouterr().out.splitlines() if "objects_skipped" in line)
    assert counted["objects_skipped"] == [1]
    (line,) = (vars(record) for record in caplog.records if "skipped" in record.getMessage())
    assert key not in str(line)


def test_an_empty_csv_is_an_empty_file_and_no_clutter(validate: ModuleType) -> None:
    validate.handler(notification("raw/x.csv", b""), Context())

    assert (the_file().status, the_file().issues[0].type) == ("REJECTED", Issue.EMPTY)


def test_an_alert_counts_by_issue_and_column_and_advises_on_the_worst_error(
    validate: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(topic, "publish", sent.append)
    # Every row is repaired, a mere note; three lack a city, two their hours.
    rows = [row(number, company_size="Oct-49") for number in range(1, 5)]
    rows += [row(number, company_size="Oct-49", city="") for number in range(5, 8)]
    rows += [row(number, company_size="Oct-49", training_hours="") for number in range(8, 10)]

    validate.handler(notification("raw/a.csv", file(*rows)), Context())

    (alert,) = sent
    issues = alert["figures"]["issues"]
    assert {name: rows for name, rows in issues.items() if name.startswith("missing")} == {
        "missing_value in city": 3,
        "missing_value in training_hours": 2,
    }
    assert alert["what_to_do"] == Issue.MISSING_VALUE.advice


def test_the_alert_about_a_rejected_file_advises_what_its_reason_does(
    validate: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(topic, "publish", sent.append)

    validate.handler(notification("raw/a.csv", b"%PDF-1.7\n"), Context())

    assert sent[0]["what_to_do"] == "Ask for the data behind it as CSV."


def test_a_workbook_is_ingested_like_the_csv_saved_from_it(validate: ModuleType) -> None:
    cells: list[list[str | int | float | None]] = [line.split(",") for line in TWENTY.decode().splitlines()]  # type: ignore[misc]
    book = workbook([[cell or None for cell in row] for row in cells])

    validate.handler(notification("raw/candidates.xlsx", book), Context())

    file = the_file()
    assert (file.status, file.rows.good) == ("VALIDATED", 20)
    validate.handler(notification("raw/candidates.csv", TWENTY), Context())
    parts = {
        lake.get(f"good/{file_named(name).file_id}/part-00000.csv") for name in ("candidates.xlsx", "candidates.csv")
    }
    assert len(parts) == 1


def test_logs_carry_no_value_of_a_candidate(validate: ModuleType, caplog: pytest.LogCaptureFixture) -> None:
    validate.handler(through_queue(notification("raw/a.csv", TWENTY + b"1,2,secretvalue\n")), Context())

    logged = str([vars(record) for record in caplog.records])
    assert "ingested" in logged
    assert "secretvalue" not in logged
    assert "city_" not in logged


def test_a_file_that_turns_out_unusable_half_way_leaves_no_outputs(
    validate: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PART_ROWS", "3000")
    settings.cache_clear()
    torn = gzip.compress("".join(generate(30_000, seed=1)).encode(), 1)[:-100]

    validate.handler(notification("raw/torn.csv.gz", torn), Context())

    file = the_file()
    assert (file.status, file.rows.total) == ("REJECTED", 0)
    assert set(everything_written()) == {f"reports/{file.file_id}.html"}
    once = clients.s3().list_object_versions(Bucket=settings().lake_bucket, Prefix="good/")["Versions"]
    assert {each["Key"] for each in once} >= {f"good/{file.file_id}/part-00000.csv"}


def corrected(bad: bytes, rows: int) -> bytes:
    """The first rows of a bad file as somebody sends them back, with the wrong training hours put right."""
    lines = bad.splitlines(keepends=True)
    return b"".join([lines[0], *lines[1 : rows + 1]]).replace(b",0,", b",40,")


def test_corrected_rows_are_recognised_and_counted_once_on_both_records(validate: ModuleType) -> None:
    wrong = b"".join(
        line.rsplit(b",", 2)[0] + b",0," + line.rsplit(b",", 2)[2] if 0 < number <= 8 else line
        for number, line in enumerate(SAMPLE[:21])
    )
    validate.handler(notification("raw/a.csv", wrong), Context())
    origin = the_file()
    assert origin.rows.bad == 8
    bad = lake.get(f"bad/{origin.file_id}/a.csv")

    validate.handler(notification("raw/some of them.csv", corrected(bad, 3)), Context())
    validate.handler(notification("raw/more of them.csv", corrected(bad, 5)), Context())

    records = {file.name: file for file in file_listings.list_newest(limit=5)[0]}
    assert records["a.csv"].corrected == 5
    assert records["some of them.csv"].rows == RowCounts(total=3, good=3, bad=0, repaired=0)
    assert records["some of them.csv"].replaces == (Replaced(file_id=origin.file_id, rows=3),)
    assert records["more of them.csv"].replaces == (Replaced(file_id=origin.file_id, rows=5),)
    assert records["more of them.csv"].issues == ()
    by = {records[name].file_id for name in ("some of them.csv", "more of them.csv")}
    assert set(files.get(origin.file_id).corrected_by) == by


def test_the_drift_of_a_file_is_reported_against_the_model_it_will_be_scored_by(
    validate: ModuleType, champion: str
) -> None:
    size = SAMPLE[0].split(b",").index(b"company_size")

    def without_size(line: bytes) -> bytes:
        cells = line.split(b",")
        return b",".join([*cells[:size], b"", *cells[size + 1 :]])

    validate.handler(notification("raw/usual.csv", b"".join(SAMPLE[:600])), Context())
    validate.handler(notification("raw/broken.csv", SAMPLE[0] + b"".join(map(without_size, SAMPLE[1:600]))), Context())

    listed = file_listings.list_newest(limit=5)[0]
    verdicts = {file.name: file.drift for file in listed if file.drift}
    assert listed[0].model_version == champion
    assert verdicts["usual.csv"].verdict == "stable"
    assert verdicts["broken.csv"].verdict == "drifted"
    drifted = {each.column for each in verdicts["broken.csv"].columns if each.verdict == "drifted"}
    assert drifted == {"company_size"}
    usual, broken = (next(each for each in listed if each.name == name) for name in ("usual.csv", "broken.csv"))
    assert (usual.criticality, usual.rows.bad) == ("ok", 0)
    assert (broken.criticality, broken.rows.bad) == ("minor", 0)
    (issue,) = broken.issues
    assert (issue.type, issue.column) == ("empty_column", "company_size")
    assert (issue.detail or "").startswith(f"Company size is empty in {issue.rows} of {issue.rows} rows; in training")
