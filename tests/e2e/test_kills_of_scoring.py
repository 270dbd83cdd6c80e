"""Scoring disturbed half-way through the embedded stack; the same trials in hundreds are `make soak`."""

from pathlib import Path

from tests.chaos import scoring_kills
from tests.support.stack import before_and_train, deployed, embedded_only, meant

pytestmark = embedded_only("it kills processes of the embedded emulator")
SCORINGS = 2


def test_scoring_disturbed_in_every_way_ends_with_one_prediction_for_each_row(shared: Path) -> None:
    with deployed("chaos", **scoring_kills.PARAMETERS) as (stack, environment), meant(environment):
        before_and_train(stack, shared, environment)
        tally = scoring_kills.run(stack, range(SCORINGS))

    assert tally.kills >= SCORINGS, "hardly any kill found a worker"
    assert (tally.lost, tally.doubled, tally.errors) == (0, 0, [])
