"""What the watch looks at in the data: whether a day's candidates have drifted, and whether the model is still good."""

from datetime import UTC, datetime, timedelta

from jobchange import times
from jobchange.contract import Criticality
from jobchange.monitoring import outcomes
from jobchange.monitoring.check import Check, CheckResult
from jobchange.monitoring.estimates import newest_day
from jobchange.monitoring.population import drift_by_day
from jobchange.monitoring.window import Window
from jobchange.settings import settings
from jobchange.statistics.drift import Verdict
from jobchange.statistics.sequential import shortfall_by_chance
from jobchange.store import models


def _drift() -> CheckResult | None:
    now, limit = datetime.now(UTC), settings().watch_drift_columns
    days = drift_by_day(Window(times.text(now - timedelta(days=1)), times.text(now))).days
    if not days:
        return None
    newest = days[-1]
    compared = [*newest.columns, *([newest.score] if newest.score else [])]
    drifted = [each for each in compared if each.verdict is Verdict.DRIFTED]
    names = ", ".join(each.column for each in drifted) or "no column"
    return CheckResult(
        failing=len(drifted) >= limit,
        figures={"rows": newest.rows, "columns": len(drifted), "limit": limit}
        | {each.column: f"PSI {each.psi:.2f}" for each in drifted},
        sentence=f"Compared with the model's training, {names} drifted in the files of {newest.day}.",
    )


def _quality() -> CheckResult | None:
    """The AUC on known outcomes against what the scores of the same candidates imply. The card's would be the wrong
    measure wherever outcomes are known of some candidates rather than others, as of those who were called."""
    margin, least = settings().watch_quality_margin, settings().watch_quality_outcomes
    champion = models.aliases().champion
    measured = outcomes.of_version(champion) if champion else None
    if measured is None or measured.auc is None or measured.expected is None:
        return None
    known, live, expected = measured.performance.outcomes, measured.auc, measured.expected
    if known < least:
        return None
    chance = shortfall_by_chance(expected.deviation, known)
    return CheckResult(
        failing=live.value < expected.auc - chance - margin,
        figures={
            "auc": f"{live.value:.3f}",
            "interval": f"{live.low:.3f} to {live.high:.3f}",
            "expected": f"{expected.auc:.3f}",
            "chance": f"{chance:.3f}",
            "margin": f"{margin:g}",
            "outcomes": known,
            "uncalled": measured.uncalled,
        },
        sentence=f"On {known:,} known outcomes, {measured.uncalled:,} of them of candidates who weren't called, model "
        f"{champion} has an AUC of {live.value:.3f}. The same candidates' scores imply {expected.auc:.3f}, and chance "
        f"explains {chance:.3f} less.",
    )


def _estimate() -> CheckResult | None:
    now, margin, champion = datetime.now(UTC), settings().watch_estimate_margin, models.aliases().champion
    newest = newest_day(Window(times.text(now - timedelta(days=1)), times.text(now)))
    if newest is None or newest.model_version != champion or newest.expected.auc is None:
        return None
    auc, card = newest.expected.auc, models.get(champion).metrics["roc_auc"]
    return CheckResult(
        failing=auc.high < card - margin,
        figures={
            "auc": f"{auc.value:.3f}",
            "interval": f"{auc.low:.3f} to {auc.high:.3f}",
            "card": f"{card:.3f}",
            "margin": f"{margin:g}",
            "candidates": newest.expected.candidates,
        },
        sentence=f"On the {newest.expected.candidates:,} candidates of {newest.day} model {champion} is expected to "
        f"have an AUC of {auc.value:.3f}; its card says {card:.3f}. This is from their scores: whether candidates with "
        "a given score still change job as often as in training, only outcomes can show.",
    )


HOURLY_CHECKS = (
    Check(
        name="drift",
        title="The candidates have drifted",
        criticality=Criticality.MAJOR,
        what_to_do="See which columns moved on the page. If the change will last, train a new version.",
        view="monitoring",
        find=_drift,
    ),
    Check(
        name="estimated_quality",
        title="The model is expected to do worse",
        criticality=Criticality.MAJOR,
        what_to_do="See which columns drifted on the page: the model can hardly put these candidates in order. If such "
        "candidates will keep coming, train on some of them.",
        view="monitoring",
        find=_estimate,
    ),
    Check(
        name="live_quality",
        title="The model has become worse",
        criticality=Criticality.CRITICAL,
        what_to_do="Train a new version on rows with recent outcomes, or roll back.",
        view="model",
        find=_quality,
    ),
)
"""They read up to a thousand records or ten thousand outcomes: once an hour is enough."""
