"""A fitted model as ONNX, which is data: nothing in it can run as code."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jobchange.contract.encoder import FEATURES
from jobchange.registry.artifact import INPUT, LOG_ODDS, PROBABILITY

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

# Fixed, so that a newer onnx doesn't write what the pinned runtime can't read; from version 5 of the ml operators
# on, the ensemble below is deprecated.
_IR_VERSION, _OPSET, _ML_OPSET = 9, 17, 3


def export(model: "HistGradientBoostingClassifier") -> bytes:
    """The model as a TreeEnsembleRegressor, whose sum of leaves is the log-odds, and a Sigmoid.

    The input is float32 (rows, features), the outputs, log-odds and probability, are float32 (rows, 1). Every
    comparison comes out as in scikit-learn, which leaves only rounding: below 1e-6 in the probability.
    """
    from onnx import TensorProto, helper

    graph = helper.make_graph(
        [
            helper.make_node("TreeEnsembleRegressor", [INPUT], [LOG_ODDS], domain="ai.onnx.ml", **_ensemble(model)),
            helper.make_node("Sigmoid", [LOG_ODDS], [PROBABILITY]),
        ],
        "job_change",
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [None, len(FEATURES)])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, 1]) for name in (LOG_ODDS, PROBABILITY)],
    )
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid("ai.onnx.ml", _ML_OPSET)]
    exported: bytes = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION).SerializeToString()
    return exported


def _ensemble(model: "HistGradientBoostingClassifier") -> dict[str, Any]:
    trees = [predictor.nodes for (predictor,) in model._predictors]
    sizes = [len(tree) for tree in trees]
    nodes = np.concatenate(trees)
    tree_ids = np.repeat(np.arange(len(trees)), sizes)
    node_ids = np.concatenate([np.arange(size) for size in sizes])
    leaf = nodes["is_leaf"].astype(bool)
    return {
        "n_targets": 1,
        "base_values": [float(model._baseline_prediction.item())],
        "nodes_treeids": tree_ids.tolist(),
        "nodes_nodeids": node_ids.tolist(),
        "nodes_modes": np.where(leaf, "LEAF", "BRANCH_LEQ").tolist(),
        "nodes_featureids": np.where(leaf, 0, nodes["feature_idx"]).tolist(),
        "nodes_values": np.where(leaf, 0, _rounded_down(nodes["num_threshold"])).tolist(),
        "nodes_truenodeids": nodes["left"].tolist(),
        "nodes_falsenodeids": nodes["right"].tolist(),
        "nodes_missing_value_tracks_true": nodes["missing_go_to_left"].tolist(),
        "target_treeids": tree_ids[leaf].tolist(),
        "target_nodeids": node_ids[leaf].tolist(),
        "target_ids": np.zeros(leaf.sum(), dtype=int).tolist(),
        "target_weights": nodes["value"][leaf].tolist(),
    }


def _rounded_down(thresholds: NDArray[np.float64]) -> NDArray[np.float32]:
    """The largest float32 not above each threshold: for any float32 x, x <= threshold then stays what it was."""
    rounded = thresholds.astype(np.float32)
    below: NDArray[np.float32] = np.where(rounded > thresholds, np.nextafter(rounded, np.float32(-np.inf)), rounded)
    return below
