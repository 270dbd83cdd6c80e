"""Deliver alerts from the outbox to the receiver: each once, none lost while the receiver is down, few at a time.

The receiver's address is a secret. It is read by its name when needed, and is never in a log or an error.
"""

import http.client
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from jobchange import times
from jobchange.alerting import formats
from jobchange.aws import secrets, telemetry
from jobchange.aws.telemetry import logger
from jobchange.settings import settings
from jobchange.store import outbox, rate_limit
from jobchange.store.outbox import Alert, Stop

PAUSES = (0.0, 1.0, 3.0)
"""Seconds before each attempt. After the last one the alert waits for the next sweep, five minutes at most."""
_TIMEOUT_SECONDS = 4
_LEASE = timedelta(minutes=3)
"""Longer than the functions that forward may run."""
_AT_ONCE = 200
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Undelivered(Exception):
    """The receiver did not take a message. Its words never say where the receiver is."""

    def __init__(self, words: str, *, again: bool) -> None:
        super().__init__(words)
        self.again = again
        """Whether it makes sense to try at once again."""


def forward(alert_id: str) -> None:
    """Forward an alert that has just been published, unless it was already. In a flood, or when the receiver doesn't
    answer, it is left to the next sweep."""
    if settings().alerts_channel != "log" and not rate_limit.try_acquire(settings().alerts_burst):
        logger.info("alert left to the digest", alert_id=alert_id)
        return
    _deliver(_leased([alert_id]))


def sweep() -> int:
    """Forward what was left waiting: one by one if it is little, else as one digest. Returns how many arrived."""
    taken = _leased([*outbox.waiting(Stop.RECEIVER)][:_AT_ONCE])
    if len(taken) <= settings().alerts_burst or settings().alerts_channel == "log":
        arrived = _deliver(taken)
    else:
        arrived = _deliver_together(taken)
    if arrived < len(taken):
        telemetry.metrics(alerts_waiting=len(taken) - arrived)
    return arrived


def _deliver_together(taken: Sequence[Alert]) -> int:
    if not _delivered(formats.digest(taken)):
        _release(taken)
        return 0
    for alert in taken:
        outbox.mark_forwarded(alert.id)
    return len(taken)


def _leased(alert_ids: Sequence[str]) -> list[Alert]:
    until = times.text(datetime.now(UTC) + _LEASE)
    documents = (outbox.lease(alert_id, until=until) for alert_id in alert_ids)
    return [Alert(**document) for document in documents if document]


def _deliver(alerts: Sequence[Alert]) -> int:
    """Deliver alerts in their order up to the first that the receiver doesn't take; returns how many it took."""
    for position, alert in enumerate(alerts):
        if not _delivered(alert):
            _release(alerts[position:])
            return position
        outbox.mark_forwarded(alert.id)
    return len(alerts)


def _release(alerts: Sequence[Alert]) -> None:
    for alert in alerts:
        outbox.release(alert.id)


def _delivered(alert: Alert) -> bool:
    """Give an alert to the receiver, or to the log where there is none; whether it arrived."""
    kind = settings().alerts_channel
    if kind == "log":
        shown = {"title": alert.title, "criticality": alert.criticality, "figures": alert.figures}
        logger.warning("alert", extra={"alert_id": alert.id, **shown, "what_to_do": alert.what_to_do})
        return True
    body = json.dumps(formats.CARDS[kind](alert), ensure_ascii=False).encode()
    for pause in PAUSES:
        time.sleep(pause)
        try:
            _post(secrets.secret(settings().alerts_url_name), body)
        except Undelivered as error:
            logger.warning("alert not delivered", alert_id=alert.id, receiver=kind, why=str(error))
            secrets.forget()
            if not error.again:
                return False
        except Exception as error:
            # The secret couldn't be read: AWS has tried several times itself.
            telemetry.report(error)
            return False
        else:
            return True
    return False


def _post(url: str, body: bytes) -> None:
    """POST JSON over https (plain http on this machine only), following no redirect. Raises Undelivered."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)):
        raise Undelivered("the receiver's address must begin with https://", again=False)
    connection: Any = (http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection)(
        host, port, timeout=_TIMEOUT_SECONDS
    )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8"})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Undelivered(type(error).__name__, again=True) from None
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise Undelivered(f"status {status}", again=status >= 500)
