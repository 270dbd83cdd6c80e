"""The watch: exactly one alert at each change of state, whatever is down or killed in between."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from jobchange import times
from jobchange.alerting import delivery
from jobchange.alerting.watch import ChecksFailed, watch
from jobchange.aws import clients, secrets, topic
from jobchange.aws.queues import Queue
from jobchange.contract import Criticality
from jobchange.monitoring import checks
from jobchange.monitoring.check import Check, CheckResult
from jobchange.monitoring.checks import CHECKS
from jobchange.settings import settings
from jobchange.store import check_states, files, outbox, runs
from jobchange.store.tables import AlertRow, FileRow
from tests.support.file_records import an_upload, claimed, finish
from tests.support.functions import Context, load_handler
from tests.support.queues import bury, queues
from tests.support.receiver import Receiver, receiving

__all__ = ["queues"]
pytestmark = pytest.mark.usefixtures("aws")


class Lamp:
    """A check that finds what it is asked to find."""

    def __init__(self) -> None:
        self.red: bool | None = False

    def find(self) -> CheckResult | None:
        if self.red is None:
            return None
        return CheckResult(
            failing=self.red, figures={"red": int(self.red)}, sentence="It is red." if self.red else "Green."
        )

    @property
    def check(self) -> Check:
        return Check(
            name="lamp",
            title="The lamp is red",
            criticality=Criticality.MAJOR,
            what_to_do="Look.",
            view="monitoring",
            find=self.find,
        )


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is published."""
    published: list[dict[str, Any]] = []
    monkeypatch.setattr(topic, "publish", published.append)
    return published


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving() as receiver:
        clients.ssm().put_parameter(Name="/test/url", Value=receiver.url, Type="SecureString")
        monkeypatch.setenv("ALERTS_CHANNEL", "webhook")
        monkeypatch.setenv("ALERTS_URL_NAME", "/test/url")
        monkeypatch.setattr(delivery, "PAUSES", (0,))
        settings.cache_clear()
        secrets.forget()
        yield receiver


def last_run() -> tuple[str, str, str | None] | None:
    recorded, _ = runs.list_newest(limit=1)
    return (recorded[0]["kind"], recorded[0]["status"], recorded[0]["reason"]) if recorded else None


def test_one_alert_when_it_goes_wrong_and_one_when_it_is_over(sent: list[dict[str, Any]]) -> None:
    lamp = Lamp()
    for red in (False, False, True, True, True, None, True, False, False):
        lamp.red = red
        watch([lamp.check])

    assert [(alert["title"], alert["criticality"]) for alert in sent] == [
        ("The lamp is red", "major"),
        ("Over: the lamp is red", "ok"),
    ]
    assert sent[0]["id"] != sent[1]["id"]


def test_a_quiet_watch_leaves_no_run_but_says_that_it_was_there() -> None:
    assert watch([Lamp().check]) == {"changed": 0, "published": 0, "forwarded": 0}

    assert last_run() is None
    assert check_states.last_heartbeat() is not None


def test_a_change_is_a_run(sent: list[dict[str, Any]]) -> None:
    lamp = Lamp()
    lamp.red = True
    watch([lamp.check])

    assert len(sent) == 1
    assert last_run() == ("watch", "SUCCEEDED", None)


def test_a_watch_killed_before_it_published_leaves_the_alert_to_the_next(
    monkeypatch: pytest.MonkeyPatch, sent: list[dict[str, Any]]
) -> None:
    lamp = Lamp()
    lamp.red = True
    with monkeypatch.context() as patch:

        def killed(_: Any) -> None:
            raise SystemExit

        patch.setattr(topic, "publish", killed)
        with pytest.raises(SystemExit):
            watch([lamp.check])
    assert sent == []
    (alert_id,) = outbox.waiting(outbox.Stop.TOPIC)
    AlertRow(alert_id).update([AlertRow.recorded_at.set("2026-01-01T00:00:00.000Z")])

    for _ in range(2):
        watch([lamp.check])

    assert [alert["id"] for alert in sent] == [alert_id]


def test_of_two_watches_at_once_one_tells(monkeypatch: pytest.MonkeyPatch, sent: list[dict[str, Any]]) -> None:
    lamp = Lamp()
    lamp.red = True
    before = check_states.state("lamp")
    watch([lamp.check])

    # The other one has read the state before it was changed.
    monkeypatch.setattr(check_states, "state", lambda _: before)
    watch([lamp.check])

    assert len(sent) == 1


def test_the_cards_arrive_once_for_each_change_even_after_the_receiver_was_down(receiver: Receiver) -> None:
    lamp = Lamp()
    for status, red in ((202, True), (202, True), (500, False), (500, False), (202, False), (202, False)):
        receiver.status, lamp.red = status, red
        watch([lamp.check])
        # What the topic would do.
        for alert_id in list(outbox.waiting(outbox.Stop.RECEIVER)):
            delivery.forward(alert_id)

    assert [body["title"] for body in receiver.bodies] == ["The lamp is red", "Over: the lamp is red"]


STEPS = st.tuples(st.booleans(), st.sampled_from(["", "receiver down", "topic down"]))


@given(st.lists(STEPS, max_size=10))
@hypothesis.settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_is_down_when_each_change_arrives_exactly_once(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver, steps: list[tuple[bool, str]]
) -> None:
    monkeypatch.setenv("ALERTS_BURST", "1000")
    settings.cache_clear()
    monkeypatch.setattr(outbox, "_GRACE", timedelta(0))
    publish, lamp = topic.publish, Lamp()
    check = replace(lamp.check, name=uuid4().hex)

    def down(_: Any) -> None:
        raise ConnectionError

    changes, before = [], False
    for red, trouble in [*steps, (steps[-1][0] if steps else False, ""), (steps[-1][0] if steps else False, "")]:
        lamp.red, receiver.status = red, 500 if trouble == "receiver down" else 202
        monkeypatch.setattr(topic, "publish", down if trouble == "topic down" else publish)
        with contextlib.suppress(ChecksFailed):
            watch([check])
        if red is not before:
            changes.append("ok" if before else "major")
        before = red

    arrived = [body["criticality"] for body in receiver.bodies if body["subject_id"] == check.name]
    assert sorted(arrived) == sorted(changes)


def test_a_check_that_breaks_harms_no_other_and_is_reported(sent: list[dict[str, Any]]) -> None:
    lamp = Lamp()
    lamp.red = True

    def breaks() -> CheckResult | None:
        raise ConnectionError("down")

    with pytest.raises(ChecksFailed, match="broken"):
        watch([replace(lamp.check, name="broken", find=breaks), lamp.check])

    assert len(sent) == 1
    assert last_run() == ("watch", "FAILED", "failed: broken")


def found(name: str) -> CheckResult | None:
    (check,) = (check for check in CHECKS if check.name == name)
    return check.find()


def failing(name: str) -> bool | None:
    finding = found(name)
    return None if finding is None else finding.failing


@pytest.mark.usefixtures("queues")
def test_dead_letters_beyond_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not failing("ingest_dead_letters")
    bury(Queue.INGEST, "x")

    assert failing("ingest_dead_letters")
    assert not failing("score_dead_letters")
    monkeypatch.setenv("WATCH_DEAD_LETTERS", "1")
    settings.cache_clear()
    assert not failing("ingest_dead_letters")


def age(file_id: str, **instants: timedelta) -> None:
    """Make some instants of a file's record lie that long ago."""
    actions = [getattr(FileRow, name).set(times.text(datetime.now(UTC) - ago)) for name, ago in instants.items()]
    FileRow(file_id, files.SUMMARY).update(actions)


def test_a_file_that_waits_too_long_to_be_scored() -> None:
    assert not failing("scoring_lag")
    for name in ("f1", "f2"):
        finish(claimed(an_upload(name)))
    assert not failing("scoring_lag")

    age("f2", validated_at=timedelta(minutes=30))

    lag = found("scoring_lag")
    assert lag is not None
    assert lag.failing
    assert lag.figures["file"] == "f2"
    assert 1790 < lag.figures["seconds"] < 1900
    assert "There is no model" in lag.sentence


def test_a_file_that_is_stuck_in_validation_until_it_is_finished() -> None:
    claim = claimed(an_upload("f1"))
    assert not failing("stuck_validations")

    age("f1", claimed_at=timedelta(hours=2))
    stuck = found("stuck_validations")
    assert stuck is not None
    assert (stuck.failing, stuck.figures["files"], stuck.figures["first"]) == (True, 1, "f1")

    finish(claim)
    assert not failing("stuck_validations")


def test_silence_is_reported_only_when_it_is_asked_for_and_there_were_files(monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago = times.text(datetime.now(UTC) - timedelta(hours=5))
    assert found("silence") is None
    monkeypatch.setenv("WATCH_SILENCE_HOURS", "4")
    settings.cache_clear()
    assert found("silence") is None

    claimed(an_upload("f1", uploaded_at=long_ago))
    assert failing("silence")
    claimed(an_upload("f2", uploaded_at=times.now()))
    assert failing("silence") is False


@pytest.mark.usefixtures("queues")
def test_the_function_makes_every_check() -> None:
    ops: ModuleType = load_handler("ops")
    bury(Queue.SCORE, "x")

    assert ops.watch({}, Context())["changed"] == 1
    assert ops.watch({}, Context())["changed"] == 0


def test_every_check_has_a_name_of_its_own() -> None:
    assert len({check.name for check in checks.CHECKS}) == len(checks.CHECKS)
