"""How many messages may go to the receiver of alerts within five minutes."""

from datetime import timedelta

from jobchange import times
from jobchange.store import conditions
from jobchange.store.tables import AlertRow

_SENT = "sent#"


def try_acquire(limit: int) -> bool:
    """Count one more message to the receiver; False, and not counted, when `limit` were sent in these five minutes."""
    now = times.parse(times.now())
    bucket = now - timedelta(minutes=now.minute % 5)
    row = AlertRow(f"{_SENT}{bucket:%Y-%m-%dT%H:%M}")
    actions = [AlertRow.amount.add(1), AlertRow.expires.set(int((now + timedelta(days=1)).timestamp()))]
    return conditions.update(row, actions, AlertRow.amount.does_not_exist() | (AlertRow.amount < limit))
