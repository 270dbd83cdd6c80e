"""Dashboards, alarms and runbook follow from one declaration, and speak of things that exist."""

import json
import re
from typing import Any

import pytest

from infra.build.template import read_template
from infra.generate import dashboards
from infra.generate.observability import ALARMS, OURS, PANELS, Series
from jobchange.aws.telemetry import METRICS

TEMPLATE = read_template()
EVERY_SERIES = [each for panel in PANELS for each in panel.series] + [alarm.series for alarm in ALARMS]
SERVICES = {
    each["Properties"]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
    for each in TEMPLATE["Resources"].values()
    if each["Type"] == "AWS::Serverless::Function"
}


@pytest.mark.parametrize(
    "path", [dashboards.TEMPLATE, dashboards.GRAFANA, dashboards.RUNBOOK], ids=lambda path: path.name
)
def test_what_is_written_down_is_up_to_date(path: Any) -> None:
    assert dashboards.text(path) == path.read_text(encoding="utf-8"), "run: make generate"


@pytest.mark.parametrize("series", EVERY_SERIES, ids=lambda series: f"{series.thing}-{series.metric}")
def test_every_series_is_of_something_that_the_template_has(series: Series) -> None:
    if series.namespace == OURS:
        assert series.metric in METRICS[series.thing]
        assert series.thing in SERVICES
    else:
        assert series.thing in {*TEMPLATE["Resources"], "AWS::StackName"}


def test_every_metric_that_the_functions_send_is_drawn() -> None:
    assert {each.metric for each in EVERY_SERIES if each.namespace == OURS} == set().union(*METRICS.values())


def test_every_panel_has_one_unit_and_shows_it_where_it_is_a_time() -> None:
    widgets = {each["properties"]["title"]: each["properties"] for each in dashboards.cloudwatch()["widgets"]}

    for panel in PANELS:
        assert {each.unit for each in panel.series} == {panel.unit}
        assert "second" not in panel.title.lower()
        shown = widgets[panel.title].get("yAxis", {"left": {"label": "short"}})["left"]["label"]
        assert shown == panel.unit
    assert {panel.unit for panel in PANELS if any(each.metric == "Duration" for each in panel.series)} == {"ms"}


def test_the_body_in_the_template_is_json_once_its_names_are_filled_in() -> None:
    body = TEMPLATE["Resources"]["OverviewDashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]

    filled = json.loads(re.sub(r"\$\{[\w:.]+\}", "name", body))

    assert [each["properties"]["title"] for each in filled["widgets"]] == [panel.title for panel in PANELS]
    assert not any(each["x"] + each["width"] > 24 for each in filled["widgets"])


def test_grafana_shows_the_same_panels_and_defines_every_variable_it_uses() -> None:
    board = dashboards.grafana()

    assert [each["title"] for each in board["panels"]] == [panel.title for panel in PANELS]
    variables = {each["name"] for each in board["templating"]["list"]}
    assert set(re.findall(r"\$\{?(\w+)\}?", json.dumps(board["panels"]))) <= variables


def test_every_alarm_is_off_by_default_and_has_its_line_in_the_runbook() -> None:
    runbook = dashboards.RUNBOOK.read_text(encoding="utf-8")
    alarms = {name: each for name, each in TEMPLATE["Resources"].items() if each["Type"] == "AWS::CloudWatch::Alarm"}

    assert TEMPLATE["Parameters"]["Alarms"]["Default"] == "false"
    assert set(alarms) == {alarm.name for alarm in ALARMS}
    for name, alarm in alarms.items():
        assert alarm["Condition"] == "WithAlarms"
        assert f"| `{name}` |" in runbook
    assert f"{len(alarms) * 0.1:.2f} in all" in TEMPLATE["Parameters"]["Alarms"]["Description"]
