"""What `make cost` counts, against what AWS would charge for recorded calls."""

from collections import Counter

import pytest

from data.generate import generate
from infra.commands import cost
from infra.commands.cost import Line, Load
from jobchange.access import tokens
from jobchange.contract.candidate import EXAMPLE
from jobchange.monitoring import api_requests
from tests.support.charges import recorded
from tests.support.rest import call
from tests.support.system import drop, score

pytestmark = [pytest.mark.usefixtures("aws"), pytest.mark.large]
COUNTED = ("dynamodb writes", "dynamodb reads", "s3 writes", "s3 reads", "sqs")


def agree(lines: list[Line], charged: Counter[str]) -> None:
    """The estimate is never below what is charged, and writes, the dearest by far, are at most 5% above it."""
    estimated: Counter[str] = Counter()
    for line in lines:
        estimated[line.price] += round(line.amount)
    for name in COUNTED:
        assert charged[name] <= estimated[name], name
    assert estimated["dynamodb writes"] <= 1.05 * charged["dynamodb writes"] + cost._PART_WRITES


@pytest.mark.parametrize("rows", [1_000, 12_000])
def test_a_file_is_charged_as_estimated(rows: int, champion: str) -> None:
    assert champion
    with recorded() as charged:
        drop("a.csv", "".join(generate(rows, seed=3)).encode())
        score()

    agree(cost.of_rows(Load(files=1, rows=rows, calls=0)), charged)


def test_calls_are_charged_as_estimated(monkeypatch: pytest.MonkeyPatch, champion: str) -> None:
    assert champion
    # As if they were so far apart that each writes how it ended.
    monkeypatch.setattr(api_requests, "WRITE_SECONDS", 0.0)
    token, calls = tokens.issue("recruiting", "user", "api", 1), 20
    call("POST", "/predictions/predict", [EXAMPLE], token=token)

    with recorded() as charged:
        for _ in range(calls):
            assert call("POST", "/predictions/predict", [EXAMPLE], token=token).status == 200

    agree(list(cost._api(Load(files=0, rows=0, calls=calls))), charged)
