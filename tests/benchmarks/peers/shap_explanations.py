"""The usual way to explain a prediction of trees: shap's TreeExplainer with a sample of training rows as background.

Runs in an environment of its own; of this project it needs the settings of the model, which it fits again. Prints one
JSON object.

python shap_explanations.py MODEL_NPZ
"""

import json
import sys
import time

import numpy as np
import shap

from jobchange.training.fit import fit


def main() -> None:
    data = np.load(sys.argv[1])
    model = fit(data["features"], data["target"], int(data["seed"]))
    explainer = shap.TreeExplainer(model, data["rows"], feature_perturbation="interventional", model_output="raw")
    explainer.shap_values(data["candidates"][:1])
    values, seconds = [], []
    for candidate in data["candidates"]:
        started = time.perf_counter()
        found = explainer.shap_values(candidate[np.newaxis], check_additivity=False)
        seconds.append(time.perf_counter() - started)
        values.append(np.asarray(found)[0].tolist())
    sys.stdout.write(json.dumps({"values": values, "seconds": seconds}) + "\n")


if __name__ == "__main__":
    main()
