"""What a function that ends may lose of the requests that it counted, and how often it writes."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobchange import times
from jobchange.monitoring import api_requests
from jobchange.monitoring.api_requests import WRITE_SECONDS, Recorder
from jobchange.store import request_counts
from jobchange.store.request_counts import Kind

PAUSES = st.one_of(st.floats(0, 3), st.floats(0, 400))


@given(st.lists(PAUSES, min_size=1, max_size=40))
def test_a_function_loses_at_most_its_last_ten_seconds_and_writes_at_most_once_in_ten(pauses: list[float]) -> None:
    written: Counter[Kind] = Counter()
    writes: set[float] = set()
    moments: list[float] = []

    def add(_: str, counts: Mapping[Kind, int]) -> None:
        written.update(counts)
        writes.add(moments[-1])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(request_counts, "add", add)
        patch.setattr(api_requests, "time", SimpleNamespace(time=lambda: moments[-1]))
        recorder = Recorder()
        for pause in pauses:
            moments.append((moments[-1] if moments else 1e9) + pause)
            patch.setattr(times, "now", lambda: times.text(datetime.fromtimestamp(moments[-1], UTC)))
            recorder.record(200, 0.01)

    lost = moments[written.total() :]
    assert all(moment - max(writes) < WRITE_SECONDS for moment in lost)
    ordered = sorted(writes)
    assert ordered[0] == moments[0]
    assert all(later - earlier >= WRITE_SECONDS for earlier, later in pairwise(ordered))
