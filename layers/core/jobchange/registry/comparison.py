"""Two versions on the same candidates: those that both were trained on, each judged by models that hadn't seen them."""

from dataclasses import dataclass

import numpy as np

from jobchange.errors import NotFound
from jobchange.registry import folds, loader
from jobchange.registry.artifact import FOLDS_FILE
from jobchange.statistics.interval import Interval
from jobchange.statistics.intervals import log_loss_difference, roc_auc_difference
from jobchange.store import models

FEWEST_ROWS = 500
"""Of fewer candidates in common, hardly any difference between two usable models would be beyond chance."""


@dataclass(frozen=True)
class PairedDifference:
    """How much higher a version's measures are than another's on the `rows` that both were trained on; None where these
    are fewer than `FEWEST_ROWS`, or fewer than two of either outcome."""

    rows: int
    roc_auc: Interval | None
    log_loss: Interval | None


def paired_difference(version: str, other: str) -> PairedDifference:
    """A version's measures less another's, by out-of-fold probabilities. A row is the same where its number, features
    and outcome are, so one that keeps outcomes knows those of the rows in common.

    Raises NotFound for an unknown version, or where neither keeps outcomes, as those of an older release; ModelRefused
    where a file isn't whole.
    """
    for each in (version, other):
        models.get(each)
    ours, theirs = (folds.loads(*loader.read(each, FOLDS_FILE)) for each in (version, other))
    _, here, there = np.intersect1d(ours["row"], theirs["row"], assume_unique=True, return_indices=True)
    ours, theirs = ours[here], theirs[there]
    outcomes = next((each["looking"] for each in (ours, theirs) if "looking" in (each.dtype.names or ())), None)
    if outcomes is None:
        raise NotFound("Both versions were trained by an older release, which kept nothing to compare them by.")
    target = outcomes.astype(np.int8)
    if len(target) < FEWEST_ROWS or np.bincount(target, minlength=2).min() < 2:
        return PairedDifference(len(target), None, None)
    pair = target, ours["probability"], theirs["probability"]
    return PairedDifference(len(target), roc_auc_difference(*pair), log_loss_difference(*pair))
