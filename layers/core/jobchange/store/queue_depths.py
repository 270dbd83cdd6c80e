"""How long the queues were when the watch looked, from `StatRow`s: `partition` is queues#day, `sort` instant#figure."""

from collections.abc import Iterator, Mapping

from jobchange import times
from jobchange.settings import settings
from jobchange.store.tables import StatRow


def record(at: str, figures: Mapping[str, int]) -> None:
    """Record the figures of an instant (RFC 3339), by name; those that are 0 are left out."""
    with StatRow.batch_write() as batch:
        for name, amount in figures.items():
            if amount:
                expires = times.epoch(at) + settings().run_days * 86_400
                batch.save(StatRow(_partition(at), f"{at}#{name}", amount=amount, expires=expires))


def between(start: str, end: str, days: Iterator[str]) -> Iterator[tuple[str, str, int]]:
    """The instant, name and amount of each figure from `start` to before `end`, in these days, oldest first."""
    for day in days:
        for row in StatRow.query(_partition(day), StatRow.sort.between(start, end)):
            at, _, name = row.sort.partition("#")
            yield at, name, int(row.amount)


def _partition(at: str) -> str:
    return f"queues#{at[:10]}"
