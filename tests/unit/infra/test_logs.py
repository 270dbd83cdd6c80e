"""Log lines as people read them."""

import json

from infra.commands.logs import Line, readable


def shown(message: str) -> str:
    return readable(Line(1_764_000_000_000, "1", "validate", message))


def test_what_the_functions_log_becomes_its_message_and_its_own_fields() -> None:
    entry = {
        "level": "INFO",
        "location": "_ingest:82",
        "message": "ingested",
        "timestamp": "2025-11-24 16:00:00,000+0000",
        "service": "validate",
        "cold_start": True,
        "function_name": "f",
        "function_memory_size": "2048",
        "function_arn": "arn",
        "function_request_id": "r",
        "file_id": "f1",
        "good": 10,
    }

    assert shown(json.dumps(entry)) == "16:00:00 validate      INFO ingested  file_id=f1  good=10"


def test_metrics_are_shown_by_name() -> None:
    directive = {"CloudWatchMetrics": [{"Namespace": "n", "Metrics": [{"Name": "files", "Unit": "Count"}]}]}

    assert shown(json.dumps({"_aws": directive, "files": [1.0]})) == "16:00:00 validate      metrics  files=1.0"


def test_other_lines_are_left_as_they_are() -> None:
    for text in ("START RequestId: 1", "[1, 2]", '"text"', "{", '{"a": 1}'):
        assert shown(text + "\n") == f"16:00:00 validate      {text}"
