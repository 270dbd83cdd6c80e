"""What follows from the declared panels and alarms: dashboard and alarms in template.yaml, the Grafana dashboard, the
runbook."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra import ROOT
from infra.generate.markers import between
from infra.generate.observability import ALARMS, OURS, PANELS, Alarm, Panel, Series

TEMPLATE, RUNBOOK = ROOT / "template.yaml", ROOT / "docs" / "operations.md"
GRAFANA = ROOT / "infra" / "grafana" / "jobchange.json"
_WIDTH, _HEIGHT, _COLUMNS = 8, 6, 3
"""Of a panel, in the 24 columns that both kinds of dashboard have."""
_PERIOD = 300


def generated() -> Iterator[tuple[Path, str]]:
    """Each file with the text that it should have."""
    return ((path, text(path)) for path in (TEMPLATE, GRAFANA, RUNBOOK))


def text(path: Path) -> str:
    """The text that a file should have: its own, with what is between the markers replaced."""
    if path == GRAFANA:
        return json.dumps(grafana(), indent=1) + "\n"
    current = path.read_text(encoding="utf-8")
    if path == RUNBOOK:
        return between(current, "<!-- runbook -->\n", "<!-- /runbook -->", _runbook())
    current = between(current, "  # <dashboard>\n", "  # </dashboard>", _dashboard())
    return between(current, "  # <alarms>\n", "  # </alarms>", _alarms())


def cloudwatch() -> dict[str, Any]:
    """The body of the CloudWatch dashboard, with the template's names in `${…}` as Fn::Sub reads them."""
    return {"widgets": [_widget(number, panel) for number, panel in enumerate(PANELS)]}


def grafana() -> dict[str, Any]:
    """The Grafana dashboard. What is called by a generated name on AWS is found by a hidden variable each."""
    things = {each.thing: each for panel in PANELS for each in panel.series if each.namespace.startswith("AWS/")}
    named = [each for thing, each in things.items() if thing != "AWS::StackName"]
    return {
        "uid": "jobchange",
        "title": "Job Change",
        "tags": ["jobchange"],
        "schemaVersion": 39,
        "timezone": "utc",
        "time": {"from": "now-24h", "to": "now"},
        "refresh": "5m",
        "templating": {"list": [_STACK, _REGION, *map(_variable, named)]},
        "panels": [_grafana_panel(number, panel) for number, panel in enumerate(PANELS)],
    }


def _place(number: int) -> dict[str, int]:
    return {
        "x": number % _COLUMNS * _WIDTH,
        "y": number // _COLUMNS * _HEIGHT,
        "width": _WIDTH,
        "height": _HEIGHT,
    }


def _widget(number: int, panel: Panel) -> dict[str, Any]:
    metrics = [
        [
            *(_namespace(each, "${AWS::StackName}"), each.metric, each.dimension, _name(each)),
            {"stat": each.stat, "label": each.label},
        ]
        for each in panel.series
    ]
    properties = {"title": panel.title, "region": "${AWS::Region}", "period": _PERIOD, "metrics": metrics}
    if panel.unit in ("s", "ms"):
        properties["yAxis"] = {"left": {"label": panel.unit, "showUnits": False}}
    return {"type": "metric", **_place(number), "properties": properties}


def _dashboard() -> str:
    widgets = ",\n".join("            " + json.dumps(each) for each in cloudwatch()["widgets"])
    return f"""\
  OverviewDashboard:
    Type: AWS::CloudWatch::Dashboard
    Condition: WithDashboard
    Properties:
      DashboardName: !Ref AWS::StackName
      DashboardBody: !Sub |
        {{
          "widgets": [
{widgets}
          ]
        }}
"""


def _alarms() -> str:
    """Every alarm; the first declares what all have in common."""
    return "".join(_alarm(alarm, "*alarm" if number else _COMMON) for number, alarm in enumerate(ALARMS))


_COMMON = f"""&alarm
        AlarmActions: [!Ref AlarmsTopic]
        OKActions: [!Ref AlarmsTopic]
        Period: {_PERIOD}"""


def _alarm(alarm: Alarm, common: str) -> str:
    series = alarm.series
    namespace = "!Ref AWS::StackName" if series.namespace == OURS else series.namespace
    return f"""\
  {alarm.name}:
    Type: AWS::CloudWatch::Alarm
    Condition: WithAlarms
    Properties:
      <<: {common}
      AlarmDescription: {json.dumps(f"{alarm.meaning} See {alarm.name} in docs/operations.md.")}
      Namespace: {namespace}
      MetricName: {series.metric}
      Dimensions: [{{ Name: {series.dimension}, Value: !Sub "{_name(series)}" }}]
      Statistic: {series.stat}
      EvaluationPeriods: {alarm.periods}
      Threshold: {alarm.limit}
      ComparisonOperator: {alarm.comparison}
      TreatMissingData: {alarm.missing}

"""


def _runbook() -> str:
    lines = ["| alarm | what it means | what to do |", "|---|---|---|"]
    lines += [f"| `{each.name}` | {each.meaning} | {each.what_to_do} |" for each in ALARMS]
    return "\n".join(lines) + "\n"


def _namespace(series: Series, ours: str) -> str:
    return ours if series.namespace == OURS else series.namespace


def _name(series: Series) -> str:
    """What the thing is called on AWS, for Fn::Sub."""
    if series.namespace == OURS:
        return series.thing
    return f"${{{series.thing}.QueueName}}" if series.dimension == "QueueName" else f"${{{series.thing}}}"


_SOURCE = {"type": "cloudwatch", "uid": "cloudwatch"}
_STACK = {"name": "stack", "label": "Stack", "type": "textbox", "query": "jobchange"}
_REGION = {"name": "region", "label": "Region", "type": "textbox", "query": "default"}


def _variable(series: Series) -> dict[str, Any]:
    query = f"dimension_values($region, {series.namespace}, {series.metric}, {series.dimension})"
    return {
        "name": series.thing,
        "type": "query",
        "hide": 2,
        "datasource": _SOURCE,
        "query": query,
        "regex": f"/^${{stack}}-{series.thing}-/",
        "refresh": 2,
    }


def _grafana_panel(number: int, panel: Panel) -> dict[str, Any]:
    place = _place(number)
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": panel.title,
        "datasource": _SOURCE,
        "gridPos": {"x": place["x"], "y": place["y"], "w": _WIDTH, "h": _HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit}, "overrides": []},
        "targets": [_target(place, series) for place, series in enumerate(panel.series)],
    }


def _target(place: int, series: Series) -> dict[str, Any]:
    if series.namespace == OURS:
        value = series.thing
    else:
        value = "${stack}" if series.thing == "AWS::StackName" else f"${{{series.thing}}}"
    return {
        "refId": chr(ord("A") + place),
        "datasource": _SOURCE,
        "region": "$region",
        "namespace": _namespace(series, "${stack}"),
        "metricName": series.metric,
        "statistic": series.stat,
        "dimensions": {series.dimension: [value]},
        "label": series.label,
        "period": str(_PERIOD),
        "matchExact": True,
        "queryMode": "Metrics",
        "metricQueryType": 0,
        "metricEditorMode": 0,
    }
