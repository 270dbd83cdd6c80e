"""Look at the system every few minutes: each check alerts once when something goes wrong, and once when it is over."""

from collections.abc import Iterable

from jobchange import times
from jobchange.alerting import delivery
from jobchange.aws import telemetry
from jobchange.aws.telemetry import logger
from jobchange.contract import Criticality
from jobchange.monitoring.check import Check, CheckResult
from jobchange.settings import settings
from jobchange.store import check_states, outbox, runs
from jobchange.store.outbox import Alert

KIND = "watch"
REFUSED = "alerts that the topic refuses"


class ChecksFailed(Exception):
    """Some checks couldn't be made; the others were."""


def watch(checks: Iterable[Check]) -> dict[str, int]:
    """Make every check, then send what still waits in the outbox. Returns how many states `changed` and how many alerts
    were `published` and `forwarded` that others had left.

    A run is recorded when something changed, was sent or failed: one every five minutes would bury the others. Raises
    ChecksFailed at the end when a check couldn't be made or an alert not be published.
    """
    started_at = times.now()
    counts = {"changed": 0, "published": 0, "forwarded": 0}
    failed = []
    for check in checks:
        try:
            counts["changed"] += _look(check)
        except Exception as error:
            telemetry.report(error)
            failed.append(check.name)
    try:
        counts["published"], refused = outbox.publish_waiting()
        failed += [REFUSED] * bool(refused)
    except Exception as error:
        telemetry.report(error)
        failed.append("outbox")
    try:
        counts["forwarded"] = delivery.sweep()
    except Exception as error:
        telemetry.report(error)
        failed.append("receiver")
    check_states.record_heartbeat()
    if failed:
        runs.record(KIND, runs.FAILED, started_at=started_at, counts=counts, reason=f"failed: {', '.join(failed)}")
        raise ChecksFailed(", ".join(failed))
    if any(counts.values()):
        runs.record(KIND, runs.SUCCEEDED, started_at=started_at, counts=counts)
    return counts


def _look(check: Check) -> bool:
    """Make one check and alert about a change; returns whether there was one.

    State and alert change together, and only from what was read here: of several watches at once only one alerts, and a
    watch that is killed before it has published leaves the alert to the next.
    """
    finding = check.find()
    old = check_states.state(check.name)
    if finding is None or finding.failing == old.failing:
        return False
    alert = _alert(check, finding)
    if not check_states.change_state(
        check.name,
        old,
        alert.to_dict(),
        failing=finding.failing,
        since=alert.at,
        sentence=finding.sentence,
        resolves=_alert_id(check, old.since) if old.since and not finding.failing else None,
    ):
        return False
    logger.info("state changed", check=check.name, failing=finding.failing)
    outbox.publish(alert.id)
    return True


def _alert_id(check: Check, since: str) -> str:
    """The alert about the state that a check has had since an instant."""
    return f"{KIND}#{check.name}#{since}"


def _alert(check: Check, finding: CheckResult) -> Alert:
    now = times.now()
    return Alert(
        id=_alert_id(check, now),
        kind=KIND,
        subject_id=check.name,
        title=check.title if finding.failing else f"Over: {check.title[0].lower()}{check.title[1:]}",
        criticality=check.criticality if finding.failing else Criticality.OK,
        what_happened=finding.sentence,
        figures=finding.figures,
        what_to_do=check.what_to_do if finding.failing else "Nothing: it is over.",
        at=now,
        link=settings().page_link(check.view),
    )
