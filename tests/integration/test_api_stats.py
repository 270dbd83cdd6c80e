"""The charts' routes: every number can be had again from the stored rows."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from data.generate import generate
from jobchange import contract, times
from jobchange.access import tokens
from jobchange.aws import clients
from jobchange.contract import Criticality, Issue, Severity
from jobchange.contract.candidate import EXAMPLE
from jobchange.monitoring import ingestion, population
from jobchange.monitoring.window import Window, bucket_of
from jobchange.store import claims, files, prediction_counts, prediction_listings, scoring_state, source_objects
from jobchange.store.files import IssueCount, RowCounts, Status, Validation
from jobchange.store.prediction_keys import PredictionKey, Source
from jobchange.store.predictions import Prediction
from jobchange.store.source_objects import SourceObject
from jobchange.store.tables import FileRow, StatRow
from tests.support.functions import Context, load_handler
from tests.support.rest import call
from tests.support.scoring import messages

pytestmark = pytest.mark.usefixtures("aws")

FEATURES = {name: value for name, value in EXAMPLE.items() if name != contract.IDENTIFIER}
DAY = "2026-01-31"


@pytest.fixture
def token(aws: None) -> str:  # noqa: ARG001
    return tokens.issue("recruiting", "user", "api", 1)


def get(token: str, chart: str, start: str = "2026-01-25", end: str = DAY) -> Any:
    answer = call("GET", f"/stats/{chart}", token=token, start=start, end=end)
    assert answer.status == 200, answer.body
    return answer.json


def made(source: Source, created_at: str, number: int, will_change: bool) -> Prediction:
    key = PredictionKey(
        source=source,
        created_at=created_at,
        origin=f"{number:016x}" if source != "scheduled" else f"f{number:031x}",
        row=number,
    )
    return Prediction(
        key=key, enrollee_id=None, features={}, probability=0.5, will_change=will_change, model_version="v1"
    )


@pytest.mark.parametrize(
    ("start", "size"), [("2026-01-31T02:00:00Z", 300), ("2026-01-28", 3600), ("2025-12-01", 86400)]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["webapp", "api", "scheduled"]),
            st.integers(0, 90 * 24 * 60 - 1),
            st.lists(st.booleans(), min_size=1, max_size=3),
        ),
        max_size=8,
    )
)
@hypothesis_settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_counters_are_the_stored_predictions(
    token: str, start: str, size: int, batches: list[tuple[Source, int, list[bool]]]
) -> None:
    for row in StatRow.scan():
        row.delete()
    stored: Counter[tuple[str, str]] = Counter()
    called: Counter[tuple[str, str]] = Counter()
    end = times.parse("2026-02-01T00:00:00Z")
    for number, (source, minutes, calls) in enumerate(batches):
        created_at = times.text(end.fromtimestamp(end.timestamp() - 60 * (minutes + 1), end.tzinfo))
        batch = [made(source, created_at, number * 10 + at, will_change) for at, will_change in enumerate(calls)]
        prediction_counts.count(f"r{number}", batch)
        if created_at >= times.text(times.parse(start + "T00:00:00Z" if len(start) == 10 else start)):
            stored[bucket_of(created_at, size), source] += len(calls)
            called[bucket_of(created_at, size), source] += sum(calls)

    found = get(token, "predictions", start=start)

    assert found["bucket_seconds"] == size
    assert found["end"] == "2026-02-01T00:00:00.000Z"
    points = {(each["at"], each["source"]): (each["predictions"], each["will_change"]) for each in found["points"]}
    assert points == {key: (stored[key], called[key]) for key in stored}
    assert [each["at"] for each in found["points"]] == sorted(each["at"] for each in found["points"])


@pytest.mark.parametrize("chart", ["predictions", "quality", "drift", "scores", "requests"])
def test_a_window_has_its_bounds(token: str, chart: str) -> None:
    def status(**query: Any) -> int:
        return call("GET", f"/stats/{chart}", token=token, **query).status

    assert status() == 200
    assert status(start="2026-01-31T00:00:00Z", end="2026-01-31T00:30:00Z") == 200
    assert status(start="2026-01-31T00:00:00Z", end="2026-01-31T00:29:59Z") == 422
    assert status(start="2026-01-01", end="2026-03-31") == 200
    assert status(start="2026-01-01", end="2026-04-01") == 422
    assert status(start="2026-01-31", end="2026-01-30") == 422
    assert status(start="9999-12-31") == 422
    assert status(end="9999-12-31") == 200
    assert status(start="1970-01-01", end="1970-01-02") == 200
    assert status(start="1969-01-01", end="1969-01-02") == 422


@pytest.mark.parametrize("chart", ["predictions", "quality", "drift", "scores", "estimates"])
@pytest.mark.parametrize("minutes", [0, 29])
def test_a_day_that_has_just_begun_has_what_there_is_of_it(
    token: str, chart: str, minutes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    midnight = (datetime.now(UTC) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    monkeypatch.setattr(times, "now", lambda: times.text(midnight + timedelta(minutes=minutes)))

    answer = call("GET", f"/stats/{chart}", token=token, start=midnight.date().isoformat())

    assert answer.status == 200, answer.body
    assert not any(answer.json.get(name) for name in ("points", "days", "files"))


def recorded(number: int, uploaded_at: str, **summary: Any) -> str:
    """A file's record, as ingestion and scoring leave it."""
    key = f"raw/{number}.csv"
    file_id = source_objects.identity("lake", key, "v")
    upload = SourceObject(file_id=file_id, bucket="lake", key=key, version_id="v", size=1, uploaded_at=uploaded_at)
    claim = claims.claim(upload, champion=summary.pop("model_version", None), challenger=None)
    assert claim is not None
    rows = RowCounts(**{name: summary.pop(name, 0) for name in ("total", "good", "bad", "repaired")})
    scores = summary.pop("scores", None)
    values = {"status": Status.VALIDATED, "criticality": Criticality.OK, "parts": 1, **summary}
    claims.finish(claim, validation=Validation(rows=rows, **values), findings={})
    if scores:
        FileRow(file_id, files.SUMMARY).update([FileRow.scores.set(scores)])
    return file_id


def issue(type_: str, column: str, rows: int) -> IssueCount:
    return IssueCount(type=Issue.of(type_), column=column, severity=Severity.ERROR, rows=rows)


def test_quality_is_the_sum_of_the_files_of_a_bucket(token: str) -> None:
    recorded(1, "2026-01-30T10:10:00.000Z", total=10, good=8, bad=2, repaired=1, criticality=Criticality.MAJOR,
             issues=[issue("missing_value", "city", 1), issue("missing_value", "experience", 2)])  # fmt: skip
    two = recorded(2, "2026-01-30T10:59:59.999Z", total=5, good=4, bad=1, criticality=Criticality.MINOR,
                   issues=[issue("missing_value", "city", 1), issue("out_of_range", "training_hours", 1)])  # fmt: skip
    recorded(
        3,
        "2026-01-30T11:00:00.000Z",
        status=Status.REJECTED,
        criticality=Criticality.CRITICAL,
        issues=[issue("empty", "", 0)],
    )
    recorded(4, "2026-01-24T23:59:59.999Z", total=99, good=99)
    recorded(5, "2026-02-01T00:00:00.000Z", total=99, good=99)
    files.set_corrected(two, 1)

    found = get(token, "quality")

    assert found["bucket_seconds"] == 3600
    assert found["points"] == [
        {
            "at": "2026-01-30T10:00:00.000Z",
            "files": 2,
            "total": 15,
            "good": 12,
            "bad": 3,
            "repaired": 1,
            "recovered": 1,
        },
        {"at": "2026-01-30T11:00:00.000Z", "files": 1, "total": 0, "good": 0, "bad": 0, "repaired": 0, "recovered": 0},
    ]
    assert sorted((each["at"][11:16], each["type"], each["rows"]) for each in found["issues"]) == [
        ("10:00", "missing_value", 4),
        ("10:00", "out_of_range", 1),
        ("11:00", "empty", 0),
    ]
    assert found["criticality"] == {"ok": 0, "minor": 1, "major": 1, "critical": 1}
    assert (found["latency"], found["cut"]) == ([], False)


def test_latency_is_from_drop_to_the_last_score(token: str) -> None:
    file_id = recorded(1, "2026-01-30T10:00:00.000Z", total=1, good=1)
    scoring_state.complete_part(file_id, 0, 1)
    scoring_state.complete(file_id)
    FileRow(file_id, files.SUMMARY).update([FileRow.predicted_at.set("2026-01-30T10:02:03.500Z")])

    assert get(token, "quality")["latency"] == [
        {"at": "2026-01-30T10:00:00.000Z", "file_id": file_id, "name": "1.csv", "seconds": 123.5}
    ]


def test_more_files_than_are_read_are_reported(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingestion, "MOST_FILES", 2)
    for number in range(3):
        recorded(number, f"2026-01-30T1{number}:00:00.000Z", total=1, good=1)

    found = get(token, "quality")

    assert found["cut"]
    assert [each["at"][11:16] for each in found["points"]] == ["11:00", "12:00"]
    assert get(token, "drift")["cut"]


def ingested(name: str, body: str, day: str) -> str:
    """A file that was really validated, dropped on a day."""
    from jobchange.quality.ingest import ingest

    key = f"raw/{name}"
    put = clients.s3().put_object(Bucket="test-lake", Key=key, Body=body.encode())
    file_id = source_objects.identity("test-lake", key, put["VersionId"])
    ingest(
        SourceObject(
            file_id=file_id,
            bucket="test-lake",
            key=key,
            version_id=put["VersionId"],
            size=len(body),
            uploaded_at=f"{day}T10:00:00.000Z",
        )
    )
    return file_id


def sample(seed: int, rows: int = 500) -> Iterator[list[str]]:
    header, *lines = "".join(generate(rows, seed=seed)).splitlines()
    return iter([header.split(","), *(line.split(",") for line in lines)])


def csv_of(rows: Iterator[list[str]]) -> str:
    return "".join(",".join(row) + "\n" for row in rows)


def without_company_size(seed: int) -> str:
    header, *rows = sample(seed)
    at = header.index("company_size")
    return csv_of(iter([header, *([*row[:at], "", *row[at + 1 :]] for row in rows)]))


def of_small_cities(seed: int) -> str:
    header, *rows = sample(seed, rows=3000)
    index, number = header.index("city_development_index"), header.index(contract.IDENTIFIER)
    low = [row for row in rows if row[index] and float(row[index]) < 0.7]
    chosen = random.Random(seed).sample(low, 250) + rows[:250]
    once = {row[number]: row for row in chosen}
    return csv_of(iter([header, *once.values()]))


def score_all() -> None:
    score = load_handler("score")
    score.dispatch({}, Context())
    while waiting := messages():
        assert score.score({"Records": waiting}, Context()) == {"batchItemFailures": []}


def test_drift_is_reported_on_its_day(token: str, champion: str) -> None:
    ingested("a.csv", csv_of(sample(21, 400)), "2026-01-26")
    ingested("b.csv", csv_of(sample(22, 400)), "2026-01-26")
    ingested("broken.csv", without_company_size(23), "2026-01-28")
    ingested("shifted.csv", of_small_cities(24), "2026-01-30")
    score_all()

    days = {each["day"]: each for each in get(token, "drift")["days"]}

    assert list(days) == ["2026-01-26", "2026-01-28", "2026-01-30"]
    assert {each["model_version"] for each in days.values()} == {champion}
    assert days["2026-01-26"]["rows"] == 800
    columns = {day: {each["column"]: each["verdict"] for each in found["columns"]} for day, found in days.items()}
    assert "drifted" not in columns["2026-01-26"].values()
    assert [name for name, verdict in columns["2026-01-28"].items() if verdict != "stable"] == ["company_size"]
    assert columns["2026-01-28"]["company_size"] == "drifted"
    assert columns["2026-01-30"]["city_development_index"] == "drifted"
    missing = {day: {each["column"]: each for each in found["missing"]} for day, found in days.items()}
    assert missing["2026-01-28"]["company_size"]["share"] == 1.0
    assert 0 < missing["2026-01-26"]["company_size"]["share"] < 1
    assert {each["company_size"]["training"] for each in missing.values()} != {1.0}
    assert "city_development_index" not in missing["2026-01-26"]
    assert days["2026-01-28"]["verdict"] == days["2026-01-30"]["verdict"] == "drifted"
    for found in days.values():
        assert (found["score"]["verdict"] == "stable") == (found["score"]["psi"] <= found["score"]["threshold"])

    spread = get(token, "scores")
    rows, _ = prediction_listings.list_newest(start=None, end=None, sources=["scheduled"], limit=5000, cursor=None)
    counts = Counter(min(int(each.probability * 10), 9) for each in rows)
    assert spread["observed"] == [counts[place] for place in range(10)]
    assert sum(spread["observed"]) == sum(each["rows"] for each in days.values())
    assert sum(spread["training"]) == 600
    assert (spread["model_version"], spread["bins"]) == (champion, [place / 10 for place in range(11)])


def test_a_day_of_two_champions_is_compared_with_the_later_one(token: str, champion: str) -> None:
    histograms = {column.name: [10] * len(column.bins) for column in contract.COLUMNS if column.bins}
    more: dict[str, Any] = {"good": 10, "histograms": histograms, "scores": [1] * 10}
    recorded(1, "2026-01-30T10:00:00.000Z", model_version="gone", **more)
    recorded(2, "2026-01-30T11:00:00.000Z", model_version=champion, **more)
    recorded(3, "2026-01-30T12:00:00.000Z", model_version=champion, **more)
    recorded(4, "2026-01-29T12:00:00.000Z", model_version="gone", **more)

    (day,) = get(token, "drift")["days"]

    assert (day["day"], day["rows"], day["model_version"]) == ("2026-01-30", 20, champion)
    assert get(token, "scores")["observed"] == [2] * 10


def test_without_files_there_is_nothing_to_tell(token: str) -> None:
    assert get(token, "drift") == {"days": [], "cut": False}
    assert get(token, "scores") == {
        "bins": [place / 10 for place in range(11)],
        "training": None,
        "observed": [0] * 10,
        "model_version": None,
        "cut": False,
    }
    assert get(token, "quality")["points"] == get(token, "predictions")["points"] == []


def test_a_profile_that_is_deleted_leaves_the_scores_alone() -> None:
    recorded(1, "2026-01-30T10:00:00.000Z", model_version="gone", scores=[1] * 10)

    found = population.scores(Window("2026-01-30T00:00:00.000Z", "2026-01-31T00:00:00.000Z"))

    assert (found.training, found.observed, found.model_version) == (None, [1] * 10, "gone")
