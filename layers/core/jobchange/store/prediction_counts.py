"""What predictions add to the counters, and what the counters say of them: by group, and of champion and challenger."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from jobchange import contract
from jobchange.contract.bins import bin_of
from jobchange.statistics.impact import Selected
from jobchange.store import counters
from jobchange.store.prediction_keys import PAGE
from jobchange.store.predictions import Prediction

_MILLIONTHS = 1_000_000
"""Counters are whole numbers, so differences of probabilities are counted in millionths."""


def count(receipt: str, predictions: Sequence[Prediction], *, generation: int | None = None) -> bool:
    """Count saved predictions of one source and instant, once for each receipt; False when it was counted before.

    The metrics are `predictions#<source>` and, of those, `will_change#<source>`; and by day what `selected_by_group`
    and, for each champion and challenger, `shadow` read. `generation`: see `counters.count`.
    """
    key = predictions[0].key
    metrics, daily = amounts(predictions)
    return counters.count(receipt, key.day, counters.bucket(key.created_at), metrics, daily, generation=generation)


def amounts(predictions: Sequence[Prediction]) -> tuple[dict[str, int], dict[str, int]]:
    """What some predictions of one source add to the counters of their five minutes, and to those of their day."""
    source = predictions[0].source
    metrics = {
        f"predictions#{source}": len(predictions),
        f"will_change#{source}": sum(each.will_change for each in predictions),
    }
    compared = _compared([each for each in predictions if each.challenger_version is not None])
    return metrics, compared | _by_group(predictions)


def selected_by_group(first: str, last: str) -> dict[str, Selected]:
    """How many candidates of each group of the protected column were scored, and called, from day `first` to day
    `last`, from the counters: by files and by clients, not on the page, where people try out what would change an
    answer. Who was scored twice counts twice. What was stored before groups were counted and is taken back afterwards
    is less than nothing, and taken for nothing."""
    found = {}
    for group in contract.BY_NAME[contract.PROTECTED].bins:
        others, called = (
            max(0, sum(amount for _, amount in counters.by_day(_metric_of(group, will_change), first, last)))
            for will_change in (False, True)
        )
        found[group] = Selected(rows=others + called, selected=called)
    return found


def _by_group(predictions: Sequence[Prediction]) -> dict[str, int]:
    if predictions[0].source == PAGE:
        return {}
    column = contract.BY_NAME[contract.PROTECTED]
    names = (
        _metric_of(column.bins[bin_of(column, each.features.get(column.name))], each.will_change)
        for each in predictions
    )
    return dict(Counter(names))


def _metric_of(group: str, will_change: bool) -> str:
    return f"{'called' if will_change else 'not_called'}#{group}"


@dataclass(frozen=True)
class Shadow:
    """What a challenger made of a champion's candidates: how many both scored, of how many both say the same, and the
    mean of (its probability - the champion's), None without any."""

    predictions: int
    agreed: int
    mean_shift: float | None


def shadow(champion: str, challenger: str) -> Shadow:
    """The comparison over all predictions that are kept, from the counters."""
    rows, agreed, shift = (
        sum(amount for _, amount in counters.by_day(metric)) for metric in _metrics_of(champion, challenger)
    )
    return Shadow(rows, agreed, shift / _MILLIONTHS / rows if rows else None)


def _compared(predictions: Sequence[Prediction]) -> dict[str, int]:
    """The counters of one champion and one challenger that scored all of these."""
    if not predictions:
        return {}
    first = predictions[0]
    shifts = (each.challenger_probability - each.probability for each in predictions)  # type: ignore[operator]
    amounts = (
        len(predictions),
        sum(each.challenger_will_change == each.will_change for each in predictions),
        sum(round(shift * _MILLIONTHS) for shift in shifts),
    )
    names = _metrics_of(first.model_version, first.challenger_version)  # type: ignore[arg-type]
    return dict(zip(names, amounts, strict=True))


def _metrics_of(champion: str, challenger: str) -> tuple[str, str, str]:
    return tuple(f"{what}#{champion}#{challenger}" for what in ("compared", "agreed", "shift"))  # type: ignore[return-value]
