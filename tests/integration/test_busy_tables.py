"""Tables with DynamoDB's limits keep nobody waiting longer than they have to; the full numbers are in `make soak`."""

import pytest

from tests.chaos import busy_tables

pytestmark = pytest.mark.usefixtures("champion")

LONGER = 1.3
"""How much longer than by tables without limits."""


def test_files_at_once_are_scored_in_nearly_the_ideal_time_and_no_attempt_is_lost() -> None:
    number, rows = 4, 8_000

    ideal = busy_tables.score_files(number, rows, limited=False)
    scored = busy_tables.score_files(number, rows)

    assert (scored.dead_letters, scored.failed_attempts) == (0, 0)
    assert scored.predictions == scored.counted == number * rows
    assert scored.ranked == number
    assert scored.seconds < LONGER * ideal.seconds


def test_of_a_thousand_calls_a_second_none_fails_and_all_are_counted_once() -> None:
    called = busy_tables.call(1_500, 1_000)

    assert called.failed == 0
    assert called.predictions == called.counted == 1_500
    assert called.within(0.99) <= 1.0
