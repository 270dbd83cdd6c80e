"""The API of the embedded stack under whatever can be asked, and under many clients; in full numbers in `make soak`."""

from tests.conftest import ROOT
from tests.deployed import Stack
from tests.trials import api_crowd, api_fuzz

README = ROOT / "README.md"


def test_whatever_is_asked_is_answered_as_described(stack: Stack) -> None:
    fuzzed = api_fuzz.run(stack, examples=20, seed=1, phases=api_fuzz.QUICK_PHASES)

    assert fuzzed.failures == []
    assert fuzzed.cases >= 200


def test_sixteen_clients_at_once_get_an_answer_each_and_everything_is_stored_once(stack: Stack) -> None:
    crowd = api_crowd.run(stack, seconds=4)

    assert crowd.requests >= api_crowd.CLIENTS
    assert (crowd.lost, crowd.doubled, crowd.errors) == (0, 0, [])
