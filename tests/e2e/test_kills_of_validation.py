"""Validations killed half-way through the embedded stack; the same trials in hundreds are `make soak`."""

from tests.chaos import ingest_kills
from tests.support.stack import deployed, embedded_only

pytestmark = embedded_only("it kills processes of the embedded emulator")
INGESTIONS = 2


def test_validations_killed_at_random_moments_end_as_if_undisturbed() -> None:
    with deployed("kill", **ingest_kills.PARAMETERS) as (stack, _):
        tally = ingest_kills.run(stack, range(INGESTIONS))

    assert tally.kills >= INGESTIONS, "hardly any kill found a worker"
    assert (tally.lost, tally.doubled, tally.errors) == (0, 0, [])
