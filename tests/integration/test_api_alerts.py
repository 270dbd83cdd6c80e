"""Alerts as people see them, and the state of the system."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from jobchange import times
from jobchange.access import tokens
from jobchange.alerting.watch import watch
from jobchange.aws import clients, topic
from jobchange.aws.messages import ScorePart
from jobchange.aws.queues import Queue
from jobchange.contract import Criticality
from jobchange.monitoring.check import Check, CheckResult
from jobchange.settings import settings
from jobchange.store import alerts, runs
from jobchange.store.outbox import AlertState
from tests.support.file_records import an_upload, claimed, finish
from tests.support.functions import Context, load_handler
from tests.support.operator_calls import called
from tests.support.queues import bury, queues
from tests.support.rest import call

__all__ = ["queues"]
pytestmark = pytest.mark.usefixtures("queues")


@pytest.fixture(autouse=True)
def _published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topic, "publish", lambda _: None)


@pytest.fixture
def user() -> str:
    return tokens.issue("a user", role="user", source="api", days=1)


def operate(what: str, body: Any, role: str = "operator") -> tuple[int, Any]:
    """What the ops function answers to a client of a role."""
    token = tokens.issue(f"an {role}", role=role, source="api", days=1)
    event = called("POST", f"/ops/alerts/{what}", body, authorization=f"Bearer {token}")
    answer = load_handler("ops").app(event, Context())
    return answer["statusCode"], json.loads(answer["body"])


def look(name: str, *, failing: bool, criticality: Criticality = Criticality.MAJOR) -> None:
    """Let the watch make one check, with this result."""
    result = CheckResult(failing=failing, figures={}, sentence=f"{name} is {'bad' if failing else 'good'}.")
    check = Check(name=name, title=name, criticality=criticality, what_to_do="Look.", view="files", find=lambda: result)
    watch([check])


def open_alerts(token: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = call("GET", "/alerts", token=token).json["alerts"]
    return found


def test_an_alert_is_open_until_the_watch_sees_that_it_is_over(user: str) -> None:
    look("lag", failing=True)

    (alert,) = open_alerts(user)
    assert (alert["title"], alert["criticality"], alert["what_happened"]) == ("lag", "major", "lag is bad.")
    assert (alert["what_to_do"], alert["state"], alert["resolved_at"]) == ("Look.", "open", None)

    look("lag", failing=False)

    assert open_alerts(user) == []
    (over,) = call("GET", "/alerts", token=user, state="resolved").json["alerts"]
    assert (over["id"], over["resolved_by"]) == (alert["id"], "watch")


def test_an_operator_acknowledges_and_resolves_and_the_first_counts(user: str) -> None:
    look("lag", failing=True)
    (alert,) = open_alerts(user)

    status, first = operate("acknowledge", {"id": alert["id"]})
    again = operate("acknowledge", {"id": alert["id"]})
    assert (status, first["acknowledged_by"], first["state"]) == (200, "an operator", "open")
    assert again == (200, first)
    assert open_alerts(user) == [first]

    status, resolved = operate("resolve", {"id": alert["id"]})
    assert (status, resolved["state"], resolved["resolved_by"]) == (200, "resolved", "an operator")
    assert operate("resolve", {"id": alert["id"]}) == (200, resolved)
    assert open_alerts(user) == []
    assert runs.list_newest(limit=1)[0][0]["reason"] == "an operator: resolve an alert"

    # It is over, and nobody's word is taken back.
    look("lag", failing=False)
    assert call("GET", "/alerts", token=user, state="resolved").json["alerts"] == [resolved]


def test_a_check_that_fails_again_is_another_alert(user: str) -> None:
    for failing in (True, False, True):
        look("lag", failing=failing)

    assert len(open_alerts(user)) == 1
    assert len(call("GET", "/alerts", token=user, state="resolved").json["alerts"]) == 1


def test_only_operators_change_alerts_and_only_those_that_are_there(user: str) -> None:
    look("lag", failing=True)
    (alert,) = open_alerts(user)

    assert operate("resolve", {"id": alert["id"]}, role="user")[0] == 403
    for unknown in ("none", "watch", "state#lag"):
        assert operate("resolve", {"id": unknown})[0] == 404
        assert operate("acknowledge", {"id": unknown})[0] == 404
    assert operate("resolve", {})[0] == 400
    assert open_alerts(user) == [alert]


def test_an_alert_leads_to_the_view_that_shows_more(monkeypatch: pytest.MonkeyPatch, user: str) -> None:
    monkeypatch.setenv("SITE_URL", "https://page.example/index.html")
    settings.cache_clear()
    look("lag", failing=True)

    (alert,) = open_alerts(user)

    assert alert["link"] == "https://page.example/index.html#files"


def test_alerts_are_listed_page_by_page_each_once(monkeypatch: pytest.MonkeyPatch, user: str) -> None:
    instants: Iterator[str] = iter(f"2026-01-01T00:00:0{second}.000Z" for second in (1, 2, 2, 2, 3))
    names = ("a", "b", "c", "d", "e")
    for name in names:
        instant = next(instants)
        with monkeypatch.context() as patch:
            patch.setattr(times, "now", lambda instant=instant: instant)
            look(name, failing=True)

    found: list[str] = []
    cursor: str | None = None
    while True:
        more: dict[str, Any] = {"cursor": cursor} if cursor else {}
        page = call("GET", "/alerts", token=user, limit=1, **more).json
        found += [alert["title"] for alert in page["alerts"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert found == ["e", "d", "c", "b", "a"]


def test_the_state_says_what_is_open_and_what_waits(user: str) -> None:
    operator = tokens.issue("an operator", role="operator", source="api", days=1)
    quiet = call("GET", "/state", token=user).json
    assert (quiet["open_alerts"], quiet["worst"], quiet["watched_at"], quiet["file_at"]) == (0, None, None, None)

    look("lag", failing=True)
    look("dead", failing=True, criticality=Criticality.CRITICAL)
    (alert, _) = open_alerts(user)
    operate("acknowledge", {"id": alert["id"]})
    finish(claimed(an_upload("f1")))
    bury(Queue.SCORE, ScorePart(file_id="f1", part=1))
    clients.sqs().send_message(QueueUrl=Queue.INGEST.url, MessageBody="one")

    seen, by_operator = (call("GET", "/state", token=token).json for token in (user, operator))

    assert (seen["open_alerts"], seen["unacknowledged"], seen["worst"]) == (2, 1, "critical")
    assert all(seen[name] for name in ("watched_at", "run_at", "file_at"))
    assert seen["run_failed"] is False
    assert seen["queues"] is None
    assert by_operator["queues"] == [
        {"queue": "ingest", "waiting": 1, "dead_letters": 0},
        {"queue": "score", "waiting": 0, "dead_letters": 1},
        {"queue": "data_request", "waiting": 0, "dead_letters": 0},
    ]


def test_how_many_messages_waited_is_kept_by_the_watch_for_operators(
    monkeypatch: pytest.MonkeyPatch, user: str
) -> None:
    operator = tokens.issue("an operator", role="operator", source="api", days=1)
    watch_handler = load_handler("ops").watch
    monkeypatch.setattr(clients.sns(), "publish", lambda **_: {})
    day: dict[str, Any] = {"start": "2026-01-30", "end": "2026-01-30"}

    def looks(minute: int) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(times, "now", lambda: f"2026-01-30T10:{minute:02}:00.000Z")
            watch_handler({}, Context())

    looks(0)
    clients.sqs().send_message(QueueUrl=Queue.INGEST.url, MessageBody="one")
    looks(6)
    clients.sqs().send_message(QueueUrl=Queue.INGEST.url, MessageBody="two")
    bury(Queue.SCORE, ScorePart(file_id="f1", part=1))
    looks(9)

    found = call("GET", "/stats/queues", token=operator, **day).json

    assert found["bucket_seconds"] == 300
    assert found["points"] == [
        {"at": "2026-01-30T10:05:00.000Z", "queue": "ingest", "waiting": 2, "dead_letters": 0},
        {"at": "2026-01-30T10:05:00.000Z", "queue": "score", "waiting": 0, "dead_letters": 1},
    ]
    assert call("GET", "/stats/queues", token=user, **day).status == 403
    assert call("GET", "/stats/queues", token=operator, start="2026-01-31", end="2026-01-31").json["points"] == []


# Each example has a check of its own.
@hypothesis.settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["fails", "passes", "resolve"]), max_size=8))
def test_a_check_has_at_most_one_open_alert_and_none_once_it_passes(steps: list[str]) -> None:
    name = uuid4().hex
    failing = False
    for step in steps:
        if step == "resolve":
            for alert in _open_of(name):
                alerts.resolve(alert, by="somebody")
        else:
            failing = step == "fails"
            look(name, failing=failing)
        assert len(_open_of(name)) <= int(failing)


def _open_of(name: str) -> list[str]:
    found, _ = alerts.list_newest(AlertState.OPEN, limit=200)
    return [alert.id for alert in found if alert.subject_id == name]
