"""Metrics: one line in CloudWatch's embedded metric format."""

import json

import pytest

from jobchange.aws import telemetry


def test_metrics_are_one_line_that_cloudwatch_understands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "jobchange")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "validate")

    telemetry.metrics(rows_good=10, rows_bad=2, validation_seconds=0.5)

    (line,) = capsys.readouterr().out.splitlines()
    written = json.loads(line)
    (directive,) = written["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "jobchange"
    assert directive["Dimensions"] == [["service"]]
    assert {each["Name"]: each["Unit"] for each in directive["Metrics"]} == {
        "rows_good": "Count",
        "rows_bad": "Count",
        "validation_seconds": "Seconds",
    }
    assert (written["service"], written["rows_good"], written["rows_bad"]) == ("validate", [10], [2])


def test_two_lines_share_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "jobchange")

    telemetry.metrics(files=1)
    telemetry.metrics(rows_scored=5)

    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert "rows_scored" not in first
    assert "files" not in second


def test_without_a_namespace_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("POWERTOOLS_METRICS_NAMESPACE", raising=False)

    telemetry.metrics(files=1)

    assert capsys.readouterr().out == ""


def test_a_metric_that_was_not_declared_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "jobchange")

    with pytest.raises(KeyError):
        telemetry.metrics(surprises=1)
