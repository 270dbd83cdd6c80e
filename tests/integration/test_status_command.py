"""`make status` says in words what was done last."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.commands import status
from jobchange import times
from jobchange.store import runs

pytestmark = pytest.mark.usefixtures("aws")


def test_the_newest_runs_are_described_in_words() -> None:
    now = datetime.now(UTC)
    earlier, later = times.text(now - timedelta(minutes=2)), times.text(now)
    runs.record("scoring", runs.SUCCEEDED, started_at=earlier, counts={"files": 2, "parts": 1200})
    runs.record("scoring", runs.SKIPPED, started_at=later, counts={}, reason="nothing_new")

    assert list(status._runs()) == [
        f"{later}  scoring  skipped   nothing new",
        f"{earlier}  scoring  succeeded 2 files, 1,200 parts",
    ]
