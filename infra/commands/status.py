"""Show the stack's state: champion, queues, the watch, latest files and runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from infra.commands import parser
from infra.commands.drop import table
from infra.commands.outputs import page_address
from infra.stacks import current
from jobchange import __version__

if TYPE_CHECKING:
    from jobchange.store.files import File

_QUEUES = (
    ("to validate", "IngestQueue"),
    ("to score", "ScoreQueue"),
    ("data requests", "DataRequestQueue"),
    ("failed to validate", "IngestDeadLetters"),
    ("failed to score", "ScoreDeadLetters"),
    ("failed requests", "DataRequestDeadLetters"),
)


def main() -> None:
    current.set_environment()
    from jobchange.store import file_listings

    stack = current.stack()
    print(f"Job Change {__version__}: {stack.name} {stack.where}, page {page_address()}\n")
    latest, _ = file_listings.list_newest(limit=10)
    for label, what in (*_model(latest), *_queues(), *_watch()):
        print(f"{label:<19} {what}")
    print("\n" + (table(latest) if latest else "No files yet: make drop FILE=candidates.csv"))
    print()
    print("\n".join(_runs()))


def _model(latest: list[File]) -> Iterator[tuple[str, str]]:
    from jobchange.store import models

    aliases = models.aliases()
    yield "champion", aliases.champion or "none yet (make train)"
    if aliases.champion:
        champion = models.get(aliases.champion)
        if champion.threshold is not None and champion.threshold_rule:
            yield "threshold", f"{champion.threshold:.1%}: {champion.threshold_rule['sentence']}"
    if aliases.challenger:
        yield "challenger", aliases.challenger
    drift = next((file.drift for file in latest if file.drift), None)
    if drift:
        moved = [f"{each.column} {each.verdict}" for each in drift.columns if each.verdict != "stable"]
        yield "drift, newest file", drift.verdict + (f": {', '.join(moved)}" if moved else "")


def _queues() -> Iterator[tuple[str, str]]:
    for label, queue in _QUEUES:
        url = current.resources()[queue]
        found = current.sqs().get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        waiting, running = found["ApproximateNumberOfMessages"], found["ApproximateNumberOfMessagesNotVisible"]
        advice = "  (why: GET /ops/dlq, docs/operations.md)" if label.startswith("failed") and waiting != "0" else ""
        yield label, f"{waiting:>5} waiting {running:>5} running{advice}"


def _watch() -> Iterator[tuple[str, str]]:
    from jobchange import times
    from jobchange.monitoring.checks import CHECKS
    from jobchange.monitoring.model_checks import HOURLY_CHECKS
    from jobchange.store import check_states, outbox
    from jobchange.store.outbox import Stop

    last = check_states.last_heartbeat()
    ago = f"{(datetime.now(UTC) - times.parse(last)).total_seconds() / 60:.0f} minutes ago" if last else "not yet"
    yield "watch", f"last run {ago}"
    for check in (*CHECKS, *HOURLY_CHECKS):
        state = check_states.state(check.name)
        if state.failing:
            yield "  failing", f"{check.title}, since {state.since}: {state.sentence}"
    waiting = sum(1 for stop in Stop for _ in outbox.waiting(stop))
    if waiting:
        yield "  alerts waiting", str(waiting)


def _runs() -> Iterator[str]:
    from jobchange.store import runs

    for run in runs.list_newest(limit=8)[0]:
        counts = ", ".join(f"{count:,} {name}" for name, count in run["counts"].items())
        said = (run["reason"] or counts).replace("_", " ")
        yield f"{run['started_at']}  {run['kind']:<8} {run['status'].lower():<9} {said}"


if __name__ == "__main__":
    parser("status", __doc__).parse_args()
    main()
