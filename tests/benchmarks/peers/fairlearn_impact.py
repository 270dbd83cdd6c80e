"""Selection rates and impact ratios as fairlearn has them.

Reads each candidate's group and verdict as JSON, and prints the rates by group, their ratios to the highest, and the
demographic parity ratio. Runs in an environment of its own, and needs nothing of this project.

python fairlearn_impact.py CANDIDATES_JSON
"""

import json
import sys
import time
from pathlib import Path

from fairlearn.metrics import MetricFrame, demographic_parity_ratio, selection_rate


def main() -> None:
    candidates = json.loads(Path(sys.argv[1]).read_text())
    groups, called = candidates["groups"], candidates["called"]
    began = time.perf_counter()
    frame = MetricFrame(metrics=selection_rate, y_true=called, y_pred=called, sensitive_features=groups)
    rates = frame.by_group.to_dict()
    seconds = time.perf_counter() - began
    highest = max(rates.values())
    found = {
        "rates": rates,
        "ratios": {group: rate / highest for group, rate in rates.items()},
        "parity": demographic_parity_ratio(called, called, sensitive_features=groups),
        "seconds": seconds,
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
