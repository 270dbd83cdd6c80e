"""Counters that are exact whatever is repeated, and the index of days with data."""

from typing import Any

import pytest
from pynamodb.connection.base import Connection
from pynamodb.exceptions import CancellationReason, TransactWriteError, VerboseClientError

from jobchange.aws import retries
from jobchange.store import counters
from jobchange.store.tables import StatRow

pytestmark = pytest.mark.usefixtures("aws")


def counted(day: str = "2026-01-31") -> dict[str, int]:
    """All counters of a day's buckets."""
    sums: dict[str, int] = {}
    for bucket, metric, amount in counters.by_bucket(day, "00:00", "24:00"):
        name = f"{bucket}#{metric}"
        sums[name] = sums.get(name, 0) + amount
    return sums


def test_a_receipt_is_counted_once() -> None:
    assert counters.count("a", "2026-01-31", "09:30", {"predictions#api": 5, "will_change#api": 2})
    assert not counters.count("a", "2026-01-31", "09:30", {"predictions#api": 5, "will_change#api": 2})

    assert counted() == {"09:30#predictions#api": 5, "09:30#will_change#api": 2}


def test_receipts_add_up() -> None:
    for receipt in range(20):
        assert counters.count(str(receipt), "2026-01-31", "09:30", {"predictions#api": receipt})

    assert counted() == {"09:30#predictions#api": 190}


def refuse(monkeypatch: pytest.MonkeyPatch, reason: str, times: int) -> None:
    """The next `times` transactions are cancelled for a reason."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    real = Connection._make_api_call
    left = [reason] * times

    def hampered(self: Connection, operation: str, arguments: dict[str, Any]) -> Any:
        if operation == "TransactWriteItems" and left:
            raise VerboseClientError(
                {"Error": {"Code": "TransactionCanceledException", "Message": ""}},
                operation,
                {"request_id": "", "table_name": ""},
                cancellation_reasons=[None, CancellationReason(code=left.pop())],
            )
        return real(self, operation, arguments)

    monkeypatch.setattr(Connection, "_make_api_call", hampered)


def test_a_conflict_with_another_transaction_is_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "TransactionConflict", 3)

    assert counters.count("a", "2026-01-31", "09:30", {"predictions#api": 5})
    assert counted() == {"09:30#predictions#api": 5}


def test_a_process_that_meets_others_spreads_its_counts_and_one_that_is_alone_keeps_them_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(counters, "_width", counters.FEWEST)
    for receipt in range(30):
        counters.count(str(receipt), "2026-01-31", "09:30", {"predictions#api": 1})
    assert _items("2026-01-31") <= counters.FEWEST

    for receipt in range(30, 60):
        refuse(monkeypatch, "TransactionConflict", 2)
        assert counters.count(str(receipt), "2026-02-01", "09:30", {"predictions#api": 1})
    assert _items("2026-02-01") > 2 * counters.PARTITIONS
    assert counted("2026-02-01") == {"09:30#predictions#api": 30}
    assert sum(amount for _, amount in counters.by_day("predictions#api")) == 60
    assert dict(counters.by_day("predictions#api", "2026-01-31", "2026-01-31")).keys() == {"2026-01-31"}


def _items(day: str) -> int:
    return sum(StatRow.count(f"{day}#{partition}") for partition in range(counters.PARTITIONS))


def test_a_table_that_stays_busy_is_given_up_with_nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "ThrottlingError", retries.ATTEMPTS)

    with pytest.raises(TimeoutError):
        counters.count("a", "2026-01-31", "09:30", {"predictions#api": 5})
    assert counted() == {}


def test_any_other_refusal_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "ValidationError", 1)

    with pytest.raises(TransactWriteError):
        counters.count("a", "2026-01-31", "09:30", {"predictions#api": 5})


@pytest.mark.parametrize(
    ("instant", "bucket"),
    [
        ("2026-01-31T00:00:00.000Z", "00:00"),
        ("2026-01-31T09:34:59.999Z", "09:30"),
        ("2026-01-31T09:35:00.000Z", "09:35"),
        ("2026-01-31T23:59:59.999Z", "23:55"),
    ],
)
def test_an_instant_falls_in_the_bucket_that_began_before_it(instant: str, bucket: str) -> None:
    assert counters.bucket(instant) == bucket
