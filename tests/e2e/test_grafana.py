"""Grafana's boards and alert rules, with the answers of a running stack: every expression makes rows of them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonata
import pytest
from grafana_foundation_sdk.models.dashboard import Dashboard

from data.corrupt import ROW_INJECTORS, corrupt
from data.generate import generate
from infra.generate import boards
from infra.generate.board_panels import MODEL, QUALITY, RULES, SYSTEM, Board, Query, Rule
from jobchange import times
from tests.support.stack import Stack

ROWS = 600


@pytest.fixture(scope="module")
def lively(stack: Stack) -> Stack:
    """A stack in which a damaged file has been scored and half of its candidates' outcomes are known."""
    clean = "".join(generate(ROWS, seed=33)).encode()
    damaged = corrupt(clean, dict.fromkeys(ROW_INJECTORS, 0.1 / len(ROW_INJECTORS)), seed=33).data
    file_id = stack.scored("grafana.csv", damaged)["file_id"]
    predictions = [each for each in stack.predictions(file_id=file_id) if each["enrollee_id"] is not None]
    later = times.text(datetime.now(UTC) + timedelta(seconds=1))
    outcomes = [
        {"enrollee_id": each["enrollee_id"], "changed_job": number % 4 == 0, "observed_at": later}
        for number, each in enumerate(predictions)
    ]
    for start in range(0, len(outcomes), 100):
        assert stack.call("POST", "/outcomes", outcomes[start : start + 100]).status == 200
    return stack


def rows(stack: Stack, query: Query) -> list[dict[str, Any]]:
    """What Infinity would make of the API's answer for the last day."""
    end = datetime.now(UTC) + timedelta(minutes=5)
    window = {"start": times.text(end - timedelta(days=1)), "end": times.text(end)} if query.windowed else {}
    found = jsonata.Jsonata(query.rows).evaluate(stack.get(query.path, **window))
    return [found] if isinstance(found, dict) else [dict(each) for each in found or []]


@pytest.mark.parametrize("board", [*QUALITY, *MODEL, *SYSTEM], ids=lambda board: board.title)
def test_every_panel_has_rows_of_its_columns(lively: Stack, board: Board) -> None:
    found = rows(lively, board.query)

    assert found
    assert all(set(row) <= set(board.query.names) for row in found)
    assert any(set(row) == set(board.query.names) for row in found)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.uid)
def test_every_alert_rule_has_one_number(lively: Stack, rule: Rule) -> None:
    (row,) = rows(lively, rule.query)

    assert set(row) == {"value"}
    assert row["value"] in range(1000)


def test_the_dashboards_are_dashboards_to_grafana() -> None:
    panels = [
        len(Dashboard.from_json(json.loads(text)).panels or [])
        for path, text in boards.generated()
        if path.suffix == ".json"
    ]
    assert panels == [len(QUALITY), len(MODEL), len(SYSTEM)]
