"""What the model says beside its score, side by side with the usual libraries for it: how exact, and how fast.

python -m tests.benchmarks.model

A part is a module with a function `results`.
"""

from tests.benchmarks import cbpe, explanations, impact
from tests.benchmarks.results import publish

PARTS = (explanations, cbpe, impact)


def main() -> None:
    publish("model", [result for part in PARTS for result in part.results()])


if __name__ == "__main__":
    main()
