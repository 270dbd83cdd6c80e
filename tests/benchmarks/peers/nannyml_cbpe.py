"""NannyML's confidence-based performance estimation of batches of candidates.

Runs in an environment of its own, without anything of this project. Prints one JSON object: seconds, and each batch's
estimates by measure.

python nannyml_cbpe.py REFERENCE ANALYSIS

Both are CSV: score, called and, in the reference, changed; batch, in the analysis, numbers its batches from 0 on, one
after the other.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

# It would report its use over the network.
os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"

import nannyml
import pandas as pd

MEASURES = ("roc_auc", "precision", "recall")


def estimates(reference: Path, analysis: Path) -> list[dict[str, float]]:
    batches = pd.read_csv(analysis)
    size = int((batches["batch"] == 0).sum())
    estimator = nannyml.CBPE(
        problem_type="classification_binary",
        y_true="changed",
        y_pred="called",
        y_pred_proba="score",
        metrics=list(MEASURES),
        chunk_size=size,
    )
    found: Any = estimator.fit(pd.read_csv(reference)).estimate(batches).filter(period="analysis").to_df()
    values = {name: found[(name, "value")].tolist() for name in MEASURES}
    return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]


if __name__ == "__main__":
    started = time.perf_counter()
    found = estimates(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.write(json.dumps({"seconds": time.perf_counter() - started, "batches": found}) + "\n")
