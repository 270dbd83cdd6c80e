"""The estimate of a month on AWS."""

import tomllib

import pytest
from aws_lambda_powertools.metrics import MetricUnit

from infra import ROOT
from infra.commands import cost
from infra.commands.cost import Load, bill, idle, of_rows, total
from infra.commands.pricing import MEASURED, PRICES, REFERENCE, REGION
from jobchange.aws.telemetry import METRICS


def test_a_million_rows_ingested_scored_and_stored_cost_at_most_two_dollars() -> None:
    assert total(of_rows(Load(files=30, rows=1_000_000, calls=0))) <= 2


def test_an_idle_month_costs_less_than_a_hundredth_of_an_always_on_stack() -> None:
    assert total(idle()) < sum(usd for _, usd in REFERENCE) / 100


def test_the_bill_grows_with_the_load_and_is_never_below_the_idle_month() -> None:
    assert total(bill(Load(0, 0, 0))) == pytest.approx(total(idle()))
    small, large = total(bill(Load(10, 10_000, 1_000))), total(bill(Load(10, 20_000, 2_000)))
    assert total(idle()) < small < large
    assert cost.after_free_tier(bill(Load(10, 10_000, 1_000))) < small


def test_metrics_are_counted_by_their_declaration(monkeypatch: pytest.MonkeyPatch) -> None:
    load = Load(files=720, rows=0, calls=720)
    before = sum(line.amount for line in bill(load) if line.price == "metrics")

    monkeypatch.setitem(METRICS["api"], "one_more", MetricUnit.Count)

    assert sum(line.amount for line in bill(load) if line.price == "metrics") == before + 1


def test_every_price_and_every_measured_figure_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {line.price for line in bill(Load(1, 1, 1))} == set(PRICES)
    used, value = [], cost._value

    def noted(name: str) -> float:
        used.append(name)
        return value(name)

    monkeypatch.setattr(cost, "_value", noted)
    bill(Load(1, 1, 1))
    assert set(used) == set(MEASURED)


def test_the_command_prints_every_line_and_the_reference(capsys: pytest.CaptureFixture[str]) -> None:
    cost.main(["--files", "3", "--rows", "5000", "--calls", "7"])

    printed = capsys.readouterr().out
    assert "3 files, 5,000 rows and 7 API calls" in printed
    assert printed.count("dynamodb writes") == 4
    assert "load balancer" in printed


def test_a_negative_load_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cost.main(["--files", "-1"])
    assert "'-1' isn't a whole number" in capsys.readouterr().err


def test_every_queue_that_starts_a_function_is_polled_whether_anything_comes_or_not() -> None:
    (polls,) = [line.amount for line in idle() if line.price == "sqs"]

    # Three queues, five pollers each, one long poll in 20 seconds: 1.94 million a month.
    assert polls >= 3 * 5 * 30 * 24 * 3600 / 20


def test_traces_are_counted_as_x_ray_samples_them() -> None:
    def traces(calls: int) -> float:
        return sum(line.amount for line in bill(Load(0, 0, calls)) if line.price == "traces" and line.work == "API")

    assert traces(70_000) == 70_000
    # 200 calls a second: one of them, and one in twenty of the 199 others.
    seconds = 30 * 24 * 3600
    assert traces(200 * seconds) == pytest.approx(seconds * (1 + 199 / 20))


def test_prices_are_those_of_the_region_that_is_deployed_to() -> None:
    configured = tomllib.loads((ROOT / "samconfig.toml").read_text())["prod"]["global"]["parameters"]
    assert configured["region"] == REGION
