"""The files for Grafana: three dashboards, and the alert rules, as `board_panels` declares them."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import yaml
from grafana_foundation_sdk.builders import barchart, dashboard, table, timeseries
from grafana_foundation_sdk.builders.common import GraphThresholdsStyleConfig, StackingConfig
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import GraphDrawStyle, GraphTresholdsStyleMode, StackingMode
from grafana_foundation_sdk.models.dashboard import GridPos, Threshold, ThresholdsMode

from infra import ROOT
from infra.generate.board_panels import MODEL, QUALITY, RULES, SOURCE, SYSTEM, Board

FOLDER: Final = ROOT / "infra" / "grafana"
_WIDTH, _HEIGHT = 12, 8
_GREEN = "green"


def generated() -> Iterator[tuple[Path, str]]:
    """Each file with the text that it should have."""
    for uid, title, boards in (
        ("jobchange-quality", "Job Change: data quality", QUALITY),
        ("jobchange-model", "Job Change: model and drift", MODEL),
        ("jobchange-system", "Job Change: system", SYSTEM),
    ):
        yield FOLDER / f"{uid}.json", _dashboard(uid, title, boards)
    yield FOLDER / "provisioning" / "alerting" / "jobchange.yaml", _rules()


def _dashboard(uid: str, title: str, boards: Sequence[Board]) -> str:
    built = dashboard.Dashboard(title).uid(uid).tags(["jobchange"]).refresh("1m").time("now-24h", "now").timezone("utc")
    for number, board in enumerate(boards):
        built.with_panel(_panel(number, board))
    return json.dumps(_said(json.loads(JSONEncoder(sort_keys=True).encode(built.build()))), indent=1) + "\n"


def _said(value: Any) -> Any:
    """A JSON value without members that are null, but for the value of the lowest threshold."""
    if isinstance(value, dict):
        return {key: _said(each) for key, each in value.items() if each is not None or key == "value"}
    return [_said(each) for each in value] if isinstance(value, list) else value


def _panel(number: int, board: Board) -> Any:
    kinds: dict[str, Any] = {"categories": barchart.Panel, "table": table.Panel}
    panel = kinds.get(board.kind, timeseries.Panel)().title(board.title).description(board.about).unit(board.unit)
    panel.id(number + 1).datasource(SOURCE).with_target(board.query)
    panel.grid_pos(GridPos(h=_HEIGHT, w=_WIDTH, x=number % 2 * _WIDTH, y=number // 2 * _HEIGHT))
    if board.kind == "bars":
        panel.draw_style(GraphDrawStyle.BARS).fill_opacity(80)
        panel.stacking(StackingConfig().mode(StackingMode.NORMAL))
    if board.limits:
        steps = [Threshold(value=None, color=_GREEN)]
        steps += [Threshold(value=limit, color=colour) for limit, colour in board.limits.items()]
        panel.thresholds(dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps))
        panel.thresholds_style(GraphThresholdsStyleConfig().mode(GraphTresholdsStyleMode.LINE))
    return panel


def _rules() -> str:
    rules = [
        {
            "uid": rule.uid,
            "title": rule.title,
            "condition": "B",
            "for": "5m",
            "noDataState": "Alerting" if rule.silence_fires else "OK",
            "execErrState": "Error",
            "annotations": {"summary": rule.title, "description": rule.advice},
            "labels": {"system": "jobchange"},
            "data": [
                {
                    "refId": "A",
                    "datasourceUid": SOURCE.uid,
                    "relativeTimeRange": {"from": rule.hours * 3600, "to": 0},
                    "model": rule.query.to_json(),
                },
                {
                    "refId": "B",
                    "datasourceUid": "__expr__",
                    "model": {
                        "refId": "B",
                        "type": "threshold",
                        "expression": "A",
                        "conditions": [{"evaluator": {"type": "gt", "params": [0]}}],
                    },
                },
            ],
        }
        for rule in RULES
    ]
    group = {"orgId": 1, "name": "jobchange", "folder": "Job Change", "interval": "1m", "rules": rules}
    head = "# Copy into Grafana's provisioning/alerting. Generated: make generate.\n"
    return head + yaml.safe_dump({"apiVersion": 1, "groups": [group]}, sort_keys=False, allow_unicode=True, width=120)
