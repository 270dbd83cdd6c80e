"""How the API's requests ended and how long they took: counted in the function, written now and then, and shown."""

import math
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pynamodb.connection import TableConnection

from jobchange import times
from jobchange.access import tokens
from jobchange.monitoring import api_requests
from jobchange.monitoring.api_requests import Recorder
from jobchange.monitoring.window import bucket_of
from jobchange.settings import settings
from jobchange.statistics.latency import BINS, bin_of
from jobchange.store import models, request_counts
from jobchange.store.request_counts import Kind
from jobchange.store.tables import StatRow
from tests.support.charges import recorded
from tests.support.rest import call

pytestmark = pytest.mark.usefixtures("aws")

ALWAYS, NEVER = 0.0, 1e12
END = times.parse("2026-02-01T00:00:00Z")


@pytest.fixture
def token(aws: None) -> str:  # noqa: ARG001
    return tokens.issue("recruiting", "user", "api", 1)


@pytest.fixture
def written_at_once(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    """Each request of this test is written when it ends, and none of the tests before."""
    monkeypatch.setattr(api_requests, "WRITE_SECONDS", ALWAYS)
    call("GET", "/me", token=token)
    forget()


def forget() -> None:
    for row in StatRow.scan():
        row.delete()


def get(token: str, **window: Any) -> Any:
    answer = call("GET", "/stats/requests", token=token, **window)
    assert answer.status == 200, answer.body
    return answer.json


def written() -> dict[tuple[str, Kind], int]:
    """What is known of the last day, by bucket and kind."""
    return {(bucket, kind): amount for bucket, kind, amount in request_counts.between(at(24 * 60), at(0))}


def at(minutes: int) -> str:
    """So many minutes before the end."""
    return times.text(END - timedelta(minutes=minutes))


@pytest.mark.usefixtures("written_at_once")
def test_each_request_that_needs_a_token_is_counted_by_how_it_ended(
    monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setattr(models, "list_newest", lambda: 1 / 0)
    for method, path, known, status in (
        ("GET", "/me", token, 200),
        ("HEAD", "/contract", token, 200),
        ("GET", "/me", None, 401),
        ("GET", "/nowhere", token, 404),
        ("POST", "/predictions/predict", token, 422),
        ("GET", "/models", token, 500),
        ("GET", "/health", None, 200),
        ("GET", "/docs", None, 200),
    ):
        assert call(method, path, [] if method == "POST" else None, token=known).status == status
    call("OPTIONS", "/me", headers={"Origin": "https://example.com", "Access-Control-Request-Method": "GET"})

    found = get(token)

    assert {name: found["total"][name] for name in ("answered", "refused", "failed")} == {
        "answered": 2,
        "refused": 3,
        "failed": 1,
    }
    assert 0 < found["total"]["p50"] <= found["total"]["p95"] <= found["total"]["p99"] < found["limit"] == 29
    assert sum(each["answered"] + each["refused"] + each["failed"] for each in found["points"]) == 6


def test_a_crowd_without_tokens_costs_one_write_in_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(times, "now", lambda: at(5))
    monkeypatch.setattr(api_requests, "WRITE_SECONDS", NEVER)
    recorder = Recorder()

    with recorded() as charged:
        for _ in range(1000):
            recorder.record(401, 0.001)
    assert charged["dynamodb writes"] == 1

    monkeypatch.setattr(api_requests, "WRITE_SECONDS", ALWAYS)
    with recorded() as charged:
        recorder.record(200, 0.1)
    assert charged["dynamodb writes"] == 1
    assert written() == {(at(5), Kind(4, 0)): 1000, (at(5), Kind(2, bin_of(0.1))): 1}


def test_an_hour_of_all_that_usually_happens_is_a_row_of_one_unit() -> None:
    usual = {Kind(2, latency): 1234 for latency in range(6)} | {Kind(4, 0): 56, Kind(5, 3): 1}
    for minutes in range(60, 0, -5):
        with recorded() as charged:
            request_counts.add(at(minutes), usual)
        assert charged["dynamodb writes"] == 1


def test_counts_that_cannot_be_written_fail_no_request_and_are_written_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(times, "now", lambda: at(5))
    monkeypatch.setattr(api_requests, "WRITE_SECONDS", ALWAYS)
    recorder = Recorder()
    with monkeypatch.context() as patch:
        patch.setattr(request_counts, "add", lambda *_: 1 / 0)
        recorder.record(200, 0.1)
    assert written() == {}

    recorder.record(200, 0.1)

    assert written() == {(at(5), Kind(2, bin_of(0.1))): 2}


REQUESTS = st.tuples(
    st.integers(1, 90 * 24 * 60),
    st.integers(0, 2),
    st.sampled_from([200, 304, 401, 422, 500, 503]),
    st.floats(0.001, 29),
)


@pytest.mark.parametrize(
    ("start", "size"), [("2026-01-31T02:10:00Z", 300), ("2026-01-28", 3600), ("2025-11-04", 86400)]
)
@given(st.lists(REQUESTS, max_size=8))
@hypothesis_settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_shown_is_what_all_functions_together_had(
    token: str, start: str, size: int, made: list[tuple[int, int, int, float]]
) -> None:
    forget()
    first = times.text(times.parse(start if "T" in start else f"{start}T00:00:00Z"))
    expected: dict[str, Counter[str]] = {}
    latencies: dict[str, list[float]] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api_requests, "WRITE_SECONDS", ALWAYS)
        recorders = [Recorder() for _ in range(3)]
        for minutes, function, status, seconds in made:
            patch.setattr(times, "now", lambda minutes=minutes: at(minutes))
            recorders[function].record(status, seconds)
            if at(minutes) >= first:
                bucket = bucket_of(at(minutes), size)
                ending = "answered" if status < 400 else "refused" if status < 500 else "failed"
                expected.setdefault(bucket, Counter())[ending] += 1
                if ending != "refused":
                    latencies.setdefault(bucket, []).append(seconds)

    found = get(token, start=start, end="2026-01-31")

    assert found["bucket_seconds"] == size
    assert [each["at"] for each in found["points"]] == sorted(expected)
    for point in [*found["points"], {**found["total"], "at": None}]:
        buckets = [point["at"]] if point["at"] else list(expected)
        counts: Counter[str] = sum((expected[each] for each in buckets), Counter())
        assert {name: point[name] for name in ("answered", "refused", "failed")} == {
            name: counts[name] for name in ("answered", "refused", "failed")
        }
        known = sorted(seconds for each in buckets for seconds in latencies.get(each, []))
        for percent in (50, 95, 99):
            if known:
                true = known[math.ceil(percent / 100 * len(known)) - 1]
                assert bin_of(point[f"p{percent}"]) == bin_of(true)
            else:
                assert point[f"p{percent}"] is None


def test_a_month_of_several_pages_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    for hours in range(1, 8):
        request_counts.add(at(hours * 60), {Kind(2, 1): hours})
    query = TableConnection.query
    monkeypatch.setattr(
        TableConnection, "query", lambda table, *given, **named: query(table, *given, **{**named, "limit": 2})
    )

    assert written() == {(at(hours * 60), Kind(2, 1)): hours for hours in range(1, 8)}


def test_counts_are_kept_as_long_as_runs() -> None:
    request_counts.add(at(5), {Kind(2, BINS - 1): 1})

    (row,) = StatRow.scan()

    assert row.expires == times.epoch(at(5)) + settings().run_days * 86_400
