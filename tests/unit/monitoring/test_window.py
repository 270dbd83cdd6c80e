"""Windows, their buckets, and the days they touch."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobchange import times
from jobchange.monitoring.window import DAY, LONGEST, SHORTEST, Window, bucket_of


@pytest.mark.parametrize(
    ("hours", "seconds"), [(0.5, 300), (25, 300), (25.1, 3600), (168, 3600), (300, 3600), (301, DAY), (90 * 24, DAY)]
)
def test_the_finest_bucket_that_gives_at_most_300_is_chosen(hours: float, seconds: int) -> None:
    end = times.parse("2026-03-31T00:00:00Z")

    window = Window(times.text(end - timedelta(hours=hours)), times.text(end))

    assert window.bucket_seconds == seconds


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.timedeltas(SHORTEST, LONGEST),
)
def test_a_widened_window_is_made_of_whole_buckets_and_loses_nothing(start: datetime, length: timedelta) -> None:
    window = Window(times.text(start), times.text(start + length))
    size = window.bucket_seconds

    wide = window.widened(size)

    assert wide.start <= window.start < window.end <= wide.end
    assert bucket_of(wide.start, size) == wide.start == bucket_of(window.start, size)
    assert bucket_of(wide.end, size) == wide.end
    span = times.parse(wide.end) - times.parse(wide.start)
    assert span.total_seconds() / size <= 302
    days = list(wide.days())
    assert days[0] == wide.start[:10]
    assert days == sorted(set(days))


def test_a_window_that_ends_at_midnight_does_not_touch_the_next_day() -> None:
    window = Window("2026-01-30T12:00:00.000Z", "2026-02-01T00:00:00.000Z")

    assert list(window.days()) == ["2026-01-30", "2026-01-31"]
