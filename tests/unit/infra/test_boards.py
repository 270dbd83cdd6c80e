"""The files for Grafana, and its rules on answers that call for an alert."""

from typing import Any

import jsonata
import pytest

from infra.generate import board_panels, boards

RULES = {rule.uid: rule.query.rows for rule in board_panels.RULES}
GOOD = {"at": "2026-01-31T09:30:00.000Z", "files": 1, "total": 10, "bad": 1}
BAD = GOOD | {"bad": 10}


def test_the_files_are_those_that_follow_from_the_declaration() -> None:
    for path, text in boards.generated():
        assert path.read_text(encoding="utf-8") == text, "run: make generate"


@pytest.mark.parametrize(
    ("uid", "quiet", "loud"),
    [
        ("jobchange-all-bad", {"points": [GOOD]}, {"points": [GOOD, BAD]}),
        (
            "jobchange-one-verdict",
            {"points": [{"predictions": 200, "will_change": 50}]},
            {"points": [{"predictions": 200, "will_change": 0}]},
        ),
        ("jobchange-drift", {"days": [{"verdict": "stable"}]}, {"days": [{"verdict": "drifted"}]}),
        ("jobchange-silence", {"points": [GOOD]}, {"points": [GOOD | {"files": 0}]}),
        (
            "jobchange-live-quality",
            {"versions": [{"expected_auc": 0.8, "auc_interval": {"low": 0.75, "high": 0.85}}]},
            {"versions": [{"expected_auc": 0.8, "auc_interval": {"low": 0.6, "high": 0.7}}]},
        ),
        ("jobchange-api-failures", {"total": {"failed": 5}}, {"total": {"failed": 6}}),
    ],
)
def test_a_rule_fires_when_it_should(uid: str, quiet: dict[str, Any], loud: dict[str, Any]) -> None:
    assert jsonata.Jsonata(RULES[uid]).evaluate(quiet) == {"value": 0}
    assert jsonata.Jsonata(RULES[uid]).evaluate(loud)["value"] > 0


def test_before_there_is_any_answer_to_judge_only_silence_speaks() -> None:
    empty: dict[str, list[Any]] = {"points": [], "days": [], "versions": []}

    fired = {uid for uid, rule in RULES.items() if (jsonata.Jsonata(rule).evaluate(empty) or {}).get("value")}

    assert fired == {"jobchange-silence"}
