"""Alerts on their way from the outbox to a receiver on this machine: each once, none lost, few at a time."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from jobchange import times
from jobchange.alerting import delivery
from jobchange.alerting.watch import REFUSED, ChecksFailed, watch
from jobchange.aws import clients, secrets, topic
from jobchange.contract import Criticality
from jobchange.settings import settings
from jobchange.store import check_states, outbox
from jobchange.store.outbox import Alert, Stop
from jobchange.store.tables import AlertRow, RunRow
from tests.support.functions import Context, load_handler
from tests.support.receiver import SECRET, Receiver, receiving

pytestmark = pytest.mark.usefixtures("aws")

NAME = "/jobchange/alerts-url"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver whose address is in SSM, and the settings that name it."""
    with receiving() as receiver:
        clients.ssm().put_parameter(Name=NAME, Value=receiver.url, Type="SecureString")
        monkeypatch.setenv("ALERTS_CHANNEL", "webhook")
        monkeypatch.setenv("ALERTS_URL_NAME", NAME)
        monkeypatch.setattr(delivery, "PAUSES", (0, 0, 0))
        settings.cache_clear()
        secrets.forget()
        yield receiver


def tell(name: str, title: str = "Something") -> Alert:
    """Put an alert into the outbox together with a change of another row, as every cause of one does."""
    alert = Alert(
        id=f"test#{name}",
        kind="test",
        subject_id=name,
        title=title,
        criticality=Criticality.MAJOR,
        what_happened="It happened.",
        figures={"rows": 3},
        what_to_do="Look.",
        at=times.now(),
        link=None,
    )
    row, unknown = RunRow("2026-01-01", name), RunRow.kind.does_not_exist()
    assert outbox.update_with_alert(row, [RunRow.kind.set("test")], unknown, alert.to_dict())
    return alert


def published(alert: Alert) -> dict[str, Any]:
    """What SNS hands to the function about an alert."""
    message = {"Message": json.dumps(alert.to_dict()), "Subject": alert.title, "MessageAttributes": {}}
    return {"Records": [{"EventSource": "aws:sns", "EventSubscriptionArn": "arn", "Sns": message}]}


def later(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    """Let that much time pass, for the code that forwards."""
    instant = datetime.now(UTC) + timedelta(minutes=minutes)
    monkeypatch.setattr(times, "now", lambda: times.text(instant))


@pytest.fixture
def ops() -> ModuleType:
    return load_handler("ops")


def test_an_alert_arrives_once_however_often_it_is_published(ops: ModuleType, receiver: Receiver) -> None:
    alert = tell("a")
    outbox.publish(alert.id)

    for _ in range(3):
        ops.forward_alert(published(alert), Context())
    delivery.sweep()

    assert receiver.bodies == [alert.to_dict()]
    assert list(outbox.waiting(Stop.RECEIVER)) == []


def test_an_alert_that_is_reported_twice_is_in_the_outbox_once() -> None:
    alert = tell("a")
    known = RunRow.kind.does_not_exist()

    assert not outbox.update_with_alert(RunRow("2026-01-01", "a"), [RunRow.kind.set("x")], known, alert.to_dict())
    assert list(outbox.waiting(Stop.TOPIC)) == [alert.id]


def test_while_the_receiver_is_down_alerts_wait_and_afterwards_they_arrive(ops: ModuleType, receiver: Receiver) -> None:
    receiver.status = 503
    alerts = [tell("a"), tell("b")]
    for alert in alerts:
        outbox.publish(alert.id)
        ops.forward_alert(published(alert), Context())
    assert receiver.asked == 6  # three attempts each
    assert delivery.sweep() == 0
    assert receiver.got == []

    receiver.status = 202
    assert delivery.sweep() == 2
    assert delivery.sweep() == 0

    assert sorted(body["id"] for body in receiver.bodies) == [alert.id for alert in alerts]


def test_an_unreachable_receiver_loses_nothing(receiver: Receiver) -> None:
    alert = tell("a")
    outbox.publish(alert.id)
    clients.ssm().put_parameter(Name=NAME, Value="http://127.0.0.1:1/", Type="SecureString", Overwrite=True)

    delivery.forward(alert.id)
    assert list(outbox.waiting(Stop.RECEIVER)) == [alert.id]

    clients.ssm().put_parameter(Name=NAME, Value=receiver.url, Type="SecureString", Overwrite=True)
    assert delivery.sweep() == 1
    assert receiver.bodies == [alert.to_dict()]


def test_a_secret_that_cannot_be_read_loses_nothing(receiver: Receiver) -> None:
    alert = tell("a")
    outbox.publish(alert.id)
    clients.ssm().delete_parameter(Name=NAME)

    assert delivery.sweep() == 0

    clients.ssm().put_parameter(Name=NAME, Value=receiver.url, Type="SecureString")
    assert delivery.sweep() == 1
    assert len(receiver.got) == 1


def test_what_was_killed_before_it_was_published_is_published_by_the_sweep(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    assert receiver
    alert = tell("a")
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(topic, "publish", sent.append)

    assert outbox.publish_waiting() == (0, 0)  # its maker may still be at it
    AlertRow(alert.id).update([AlertRow.recorded_at.set("2026-01-01T00:00:00.000Z")])
    assert outbox.publish_waiting() == (1, 0)
    assert outbox.publish_waiting() == (0, 0)

    assert sent == [alert.to_dict()]


def test_what_was_killed_while_it_was_forwarded_is_forwarded_when_its_lease_is_over(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    alert = tell("a")
    outbox.publish(alert.id)

    def killed(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_post", killed)
        with pytest.raises(SystemExit):
            delivery.sweep()
    assert delivery.sweep() == 0  # somebody is at it

    later(monkeypatch, 5)
    assert delivery.sweep() == 1
    assert receiver.bodies == [alert.to_dict()]


def test_a_flood_becomes_a_few_cards_and_one_digest(
    monkeypatch: pytest.MonkeyPatch, ops: ModuleType, receiver: Receiver
) -> None:
    later(monkeypatch, 0)  # the clock stands still: all within five minutes
    flood = [tell(f"{number:03}") for number in range(100)]
    for alert in flood:
        outbox.publish(alert.id)
        ops.forward_alert(published(alert), Context())
    assert len(receiver.got) == 5

    assert delivery.sweep() == 95
    assert delivery.sweep() == 0

    assert len(receiver.got) == 6
    digest = receiver.bodies[-1]
    assert (digest["kind"], digest["title"], digest["figures"]) == ("digest", "95 alerts at once", {"major": 95})


@pytest.mark.parametrize("kind", ["teams", "slack"])
def test_each_kind_of_receiver_gets_its_own_message(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver, kind: str
) -> None:
    monkeypatch.setenv("ALERTS_CHANNEL", kind)
    settings.cache_clear()
    alert = tell("a", "candidates.csv: major")
    outbox.publish(alert.id)

    delivery.forward(alert.id)

    (body,) = receiver.bodies
    assert {"teams": "attachments", "slack": "blocks"}[kind] in body
    assert "candidates.csv: major" in json.dumps(body)


def test_without_a_receiver_alerts_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    for number in range(8):
        alert = tell(str(number))
        outbox.publish(alert.id)
        delivery.forward(alert.id)

    assert [vars(record)["title"] for record in caplog.records] == ["Something"] * 8
    assert list(outbox.waiting(Stop.RECEIVER)) == []


@pytest.mark.parametrize("status", [302, 404, 500])
def test_the_address_is_in_no_log_and_no_redirect_is_followed(
    receiver: Receiver, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.status = status
    alert = tell("a")
    outbox.publish(alert.id)

    delivery.forward(alert.id)

    assert receiver.asked == (3 if status == 500 else 1)
    logged = str([vars(record) for record in caplog.records])
    assert f"status {status}" in logged
    assert SECRET not in logged
    assert str(receiver.server.server_port) not in logged


@pytest.mark.parametrize("url", ["http://example.com/x", "ftp://127.0.0.1/x", "file:///etc/passwd", "", "https://[x"])
def test_only_https_is_spoken_except_on_this_machine(receiver: Receiver, url: str) -> None:
    assert receiver
    with pytest.raises(delivery.Undelivered, match="https") as refused:
        delivery._post(url, b"{}")
    assert refused.value.again is False


def test_a_changed_address_is_known_after_the_old_one_failed(receiver: Receiver) -> None:
    first = tell("a")
    outbox.publish(first.id)
    delivery.forward(first.id)
    receiver.status = 404
    second = tell("b")
    outbox.publish(second.id)
    delivery.forward(second.id)

    with receiving() as other:
        clients.ssm().put_parameter(Name=NAME, Value=other.url, Type="SecureString", Overwrite=True)
        assert delivery.sweep() == 1
        assert other.bodies == [second.to_dict()]


def refuse(monkeypatch: pytest.MonkeyPatch, alert_id: str) -> None:
    """Let SNS refuse one alert, as it refuses what is too long or holds what it doesn't take."""
    client, publish = clients.sns(), clients.sns().publish

    def strict(**message: Any) -> Any:
        if alert_id in message["Message"]:
            document: Any = {"Error": {"Code": "InvalidParameter", "Message": "Invalid parameter"}}
            raise client.exceptions.InvalidParameterException(document, "Publish")
        return publish(**message)

    monkeypatch.setattr(client, "publish", strict)


def test_one_alert_that_the_topic_refuses_stops_nobody_elses(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    poison, other, published_already = tell("a"), tell("b"), tell("c")
    outbox.publish(published_already.id)
    for alert in (poison, other):
        AlertRow(alert.id).update([AlertRow.recorded_at.set("2026-01-01T00:00:00.000Z")])
    refuse(monkeypatch, poison.id)

    for _ in range(2):
        with pytest.raises(ChecksFailed, match=REFUSED):
            watch(())

    assert list(outbox.waiting(Stop.TOPIC)) == [poison.id]
    assert {body["id"] for body in receiver.bodies} == {published_already.id, other.id}
    assert len(receiver.bodies) == 2
    assert check_states.last_heartbeat() is not None


def test_an_alert_that_is_not_published_is_no_failure_of_what_it_is_about(monkeypatch: pytest.MonkeyPatch) -> None:
    alert = tell("a")
    refuse(monkeypatch, alert.id)

    outbox.publish(alert.id)

    assert list(outbox.waiting(Stop.TOPIC)) == [alert.id]


def test_an_alert_has_no_subject_since_sns_takes_only_short_ones_in_plain_letters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(clients.sns(), "publish", lambda **message: sent.append(message))

    outbox.publish(tell("a", f"{'kandidaten-ü' * 20}.csv: critical\n").id)

    (message,) = sent
    assert "Subject" not in message
