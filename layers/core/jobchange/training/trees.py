"""An exported model, run with numpy alone: ONNX Runtime doesn't fit into the function that trains."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobchange.errors import ModelRefused
from jobchange.registry.artifact import INPUT, LOG_ODDS, PROBABILITY

Attributes = Mapping[str, NDArray[Any]]


def probabilities(onnx: bytes, encoded: NDArray[np.float32]) -> NDArray[np.float64]:
    """What the model says of encoded candidates, (rows, features), as ONNX defines it: every comparison in float32, a
    missing value going where the node sends it. Leaves are summed in float64, so the last of seven digits may differ
    from a runtime's.

    Raises ModelRefused for anything but what `export` writes: an ensemble of trees, then a sigmoid.
    """
    ensemble, base = read(onnx)
    log_odds = np.full(len(encoded), base)
    for tree in split(ensemble):
        log_odds += _leaves(tree, encoded)
    # Float32 is what the model puts out.
    return 1 / (1 + np.exp(-log_odds.astype(np.float32).astype(np.float64)))


def read(body: bytes) -> tuple[Attributes, float]:
    """The ensemble's attributes as arrays, and its base value. Raises ModelRefused for anything but what `export`
    writes."""
    import onnx
    from onnx import helper

    try:
        graph = onnx.load_from_string(body).graph
        nodes = [(node.op_type, list(node.input), list(node.output)) for node in graph.node]
        attributes = {each.name: helper.get_attribute_value(each) for each in graph.node[0].attribute}
        targets, (base,) = attributes.pop("n_targets"), attributes.pop("base_values")
        arrays = {name: np.array(values) for name, values in attributes.items()}
        plain = arrays.keys() <= _ARRAYS and set(attributes["nodes_modes"]) <= {b"BRANCH_LEQ", b"LEAF"}
    except Exception as cause:  # protobuf and onnx raise many kinds, and all mean the same here
        raise ModelRefused("The exported model can't be read.") from cause
    if nodes != _NODES or targets != 1 or not plain:
        raise ModelRefused("The exported model isn't an ensemble of trees and a sigmoid.")
    return arrays, base


_NODES = [("TreeEnsembleRegressor", [INPUT], [LOG_ODDS]), ("Sigmoid", [LOG_ODDS], [PROBABILITY])]
_ARRAYS = {
    *("nodes_treeids", "nodes_nodeids", "nodes_modes", "nodes_featureids", "nodes_values", "nodes_truenodeids"),
    *("nodes_falsenodeids", "nodes_missing_value_tracks_true"),
    *("target_treeids", "target_nodeids", "target_ids", "target_weights"),
}


def split(ensemble: Attributes) -> list[Attributes]:
    """The ensemble tree by tree."""
    trees: list[Attributes] = []
    for tree in np.unique(ensemble["nodes_treeids"]):
        nodes, targets = ensemble["nodes_treeids"] == tree, ensemble["target_treeids"] == tree
        trees.append(
            {name: values[targets if name.startswith("target") else nodes] for name, values in ensemble.items()}
        )
    return trees


def _leaves(tree: Attributes, encoded: NDArray[np.float32]) -> NDArray[np.float64]:
    """The weight of the leaf that each row ends in."""
    size = int(tree["nodes_nodeids"].max()) + 1
    weights = np.zeros(size)
    np.add.at(weights, tree["target_nodeids"], tree["target_weights"].astype(np.float32))
    order = np.argsort(tree["nodes_nodeids"])
    leaf = (tree["nodes_modes"] == b"LEAF")[order]
    feature, threshold = tree["nodes_featureids"][order], tree["nodes_values"][order].astype(np.float32)
    yes, no = tree["nodes_truenodeids"][order], tree["nodes_falsenodeids"][order]
    missing_is_yes = tree["nodes_missing_value_tracks_true"][order].astype(bool)

    at = np.zeros(len(encoded), dtype=np.int64)
    walking = np.arange(len(encoded)) if not leaf[0] else np.arange(0)
    # No path is longer than the tree has nodes, unless it runs in a circle.
    for _ in range(size):
        if not len(walking):
            break
        here = at[walking]
        value = encoded[walking, feature[here]]
        left = np.where(np.isnan(value), missing_is_yes[here], value <= threshold[here])
        at[walking] = np.where(left, yes[here], no[here])
        walking = walking[~leaf[at[walking]]]
    else:
        if len(walking):
            raise ModelRefused("The exported model's trees run in circles.")
    return weights[at]
