"""Schemathesis against the API of a running stack: does every answer, to whatever is asked, keep to the description?"""

import json
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra import ROOT
from tests.support.stack import Stack

CONFIG = ROOT / "tests" / "chaos" / "api_fuzz.toml"
ALL_PHASES = "examples,coverage,fuzzing,stateful"
QUICK_PHASES = "examples,fuzzing,stateful"
_NOT_CHECKED = "unsupported_method"
"""A method that it has no route for never gets past API Gateway, which says 403 where this check wants 405."""
_NOT_HERE = "operators"
"""Routes that the description shows too, and that are answered at another address."""


@dataclass(frozen=True)
class Fuzzed:
    """How many requests were sent, and what was wrong with the answers."""

    cases: int
    failures: list[str]


def run(stack: Stack, *, examples: int, seed: int, phases: str = ALL_PHASES) -> Fuzzed:
    """Send requests made from the description with a valid token (and, for one of the checks, without), up to
    `examples` for each route and phase; all of schemathesis's checks but one look at the answers."""
    api = stack.outputs["api_url"]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        done = subprocess.run(
            [
                *(str(Path(sysconfig.get_path("scripts")) / "schemathesis"), "--config-file", str(CONFIG)),
                *("run", f"{api}/openapi.json", "--url", api, "--continue-on-failure"),
                *("--checks", "all", "--exclude-checks", _NOT_CHECKED, "--exclude-tag", _NOT_HERE),
                *("--header", f"Authorization: Bearer {stack.outputs['user_token']}"),
                *("--max-examples", str(examples), "--seed", str(seed), "--phases", phases, "--warnings", "off"),
                *("--report", "json", "--report-json-path", str(report), "--no-color"),
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if not report.exists():
            return Fuzzed(0, [done.stdout + done.stderr])
        found: dict[str, Any] = json.loads(report.read_text())
    failures = [f"{each['title']}: {', '.join(each['operations'])}" for each in found["failures"]]
    if found["exit_code"]:
        failures.append(done.stdout)
    return Fuzzed(found["test_cases"]["generated"], failures)


if __name__ == "__main__":
    # Against the stack that `make outputs` describes: python -m tests.chaos.api_fuzz EXAMPLES < outputs.json
    outcome = run(Stack(json.load(sys.stdin), {}), examples=int(sys.argv[1]), seed=1)
    sys.stdout.write(f"{outcome.cases} requests\n" + "\n".join(outcome.failures) + "\n")
