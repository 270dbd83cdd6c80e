"""The training rows, counted leaf by leaf, as explanations need them."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from jobchange.contract.encoder import FEATURES
from jobchange.registry.background import Background
from jobchange.training import trees
from jobchange.training.trees import Attributes


def background(onnx: bytes, features: NDArray[np.float32]) -> Background:
    """The background of an exported model's explanations: encoded training rows, (rows, features).

    Raises ModelRefused for anything but what `export` writes.
    """
    ensemble, intercept = trees.read(onnx)
    boxes = [_boxes(tree) for tree in trees.split(ensemble)]
    lower, upper, missing, value = (np.concatenate(each) for each in zip(*boxes, strict=True))
    log_odds = np.full(len(features), intercept)
    groups = []
    for leaf in range(len(value)):
        failed = np.zeros(len(features), dtype=np.uint16)
        for feature in np.flatnonzero((lower[leaf] > -np.inf) | (upper[leaf] < np.inf) | ~missing[leaf]):
            column = features[:, feature]
            inside = (column > lower[leaf, feature]) & (column <= upper[leaf, feature])
            if missing[leaf, feature]:
                inside |= np.isnan(column)
            failed |= ~inside * np.uint16(1 << feature)
        log_odds[failed == 0] += value[leaf]
        counts = np.bincount(failed, minlength=2 ** len(FEATURES))
        patterns = np.flatnonzero(counts)
        groups.append((np.full(len(patterns), leaf), patterns, counts[patterns]))
    leaves, failures, rows = (np.concatenate(each) for each in zip(*groups, strict=True))
    counted = Background(
        lower=lower,
        upper=upper,
        missing=missing,
        value=value,
        leaf=leaves.astype(np.uint16),
        failed=failures.astype(np.uint16),
        rows=rows.astype(np.uint32),
        population=len(features),
        intercept=intercept,
        average=float((1 / (1 + np.exp(-log_odds))).mean()),
        shares=np.zeros(len(FEATURES)),
    )
    return replace(counted, shares=_shares(counted, features))


def _boxes(tree: Attributes) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_], NDArray[np.float64]]:
    """What each leaf of a tree asks for (lower and upper bound and missing, by feature), and its value."""
    node = {int(name): position for position, name in enumerate(tree["nodes_nodeids"])}
    weight = dict(zip(tree["target_nodeids"].tolist(), tree["target_weights"].tolist(), strict=True))
    everything = (
        np.full(len(FEATURES), -np.inf, dtype=np.float32),
        np.full(len(FEATURES), np.inf, dtype=np.float32),
        np.ones(len(FEATURES), dtype=bool),
    )
    waiting, found = [(0, *everything)], []
    while waiting:
        name, lower, upper, missing = waiting.pop()
        at = node[name]
        if tree["nodes_modes"][at] == b"LEAF":
            found.append((lower, upper, missing, weight[name]))
            continue
        feature, threshold = int(tree["nodes_featureids"][at]), np.float32(tree["nodes_values"][at])
        here = np.arange(len(FEATURES)) == feature
        missing_is_yes = bool(tree["nodes_missing_value_tracks_true"][at])
        yes = np.where(here, np.minimum(upper, threshold), upper), np.where(here & (not missing_is_yes), False, missing)
        no = np.where(here, np.maximum(lower, threshold), lower), np.where(here & missing_is_yes, False, missing)
        waiting.append((int(tree["nodes_truenodeids"][at]), lower, *yes))
        waiting.append((int(tree["nodes_falsenodeids"][at]), no[0], upper, no[1]))
    lowers, uppers, allowed, values = zip(*found, strict=True)
    return np.stack(lowers), np.stack(uppers), np.stack(allowed), np.array(values, dtype=np.float64)


def _shares(counted: Background, features: NDArray[np.float32]) -> NDArray[np.float64]:
    """Each feature's part in the variance of the population's log-odds: the variance of the mean log-odds given the
    feature alone (Sobol's main effect, with interactions left out), in proportion."""
    variances = np.zeros(len(FEATURES))
    values = counted.value[counted.leaf] * counted.rows / counted.population
    for feature in range(len(FEATURES)):
        others_met = counted.failed & ~np.uint16(1 << feature) == 0
        expected = np.bincount(counted.leaf[others_met], values[others_met], minlength=len(counted.value))
        distinct, rows = np.unique(features[:, feature], return_counts=True)
        outside = counted.outside(distinct[:, np.newaxis, np.newaxis], slice(feature, feature + 1))[..., 0]
        means = ~outside @ expected
        variances[feature] = np.average((means - np.average(means, weights=rows)) ** 2, weights=rows)
    total = variances.sum()
    return variances / total if total else np.full(len(FEATURES), 1 / len(FEATURES))
