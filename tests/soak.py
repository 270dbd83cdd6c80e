"""The invariants with the full numbers: `make soak`. Prints what was tried and lost, and writes build/soak.json.

python -m tests.soak [--quick]
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from infra import ROOT
from tests.chaos import api_crowd, api_fuzz, ingest_kills, scoring_kills
from tests.chaos.kills import Tally
from tests.support.stack import before_and_train, deployed, meant

KILLS = 100
SCORINGS = 200
TRIALS_OF_A_STACK = 50
"""The emulator's queries take the longer the more a table holds."""
CROWD_SECONDS = 60
FUZZED = 450
"""Requests for each route and phase, more than 5,000 in all."""
PROPERTY_ROUNDS = 25
"""Each round takes a few hundred new examples of damaged files."""
PROPERTIES = ("tests/unit/quality/test_properties.py", "tests/unit/reading/test_table.py")
REPORT = ROOT / "build" / "soak.json"


@dataclass
class Result:
    what: str
    trials: int
    lost: int
    doubled: int
    errors: int


def damaged_files(rounds: int) -> Result:
    """Hypothesis's properties of the validation, with other examples in each round."""
    result = Result(
        "files with any mix of damage: every line kept, contract, chunks, repeats, all readers agree", 0, 0, 0, 0
    )
    for seed in range(rounds):
        options = ["--hypothesis-profile=soak", f"--hypothesis-seed={seed}", "--hypothesis-show-statistics", "-q"]
        command = [sys.executable, "-m", "pytest", *PROPERTIES, *options]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        examples = sum(int(count) for count in re.findall(r"Stopped because settings.max_examples=(\d+)", done.stdout))
        result.trials += examples
        result.errors += done.returncode != 0
        _say(f"round {seed + 1} of {rounds}: {examples} examples" + (f"\n{done.stdout}" if done.returncode else ""))
    return result


def killed_validations(trials: int) -> Result:
    """Workers killed with SIGKILL while they validate files through the embedded stack."""
    with deployed("soak", **ingest_kills.PARAMETERS) as (stack, _):
        tally = ingest_kills.run(stack, range(1000, 1000 + trials), progress=_say)
    return Result(f"validations killed ({tally.kills} kills)", trials, tally.lost, tally.doubled, len(tally.errors))


def disturbed_scorings(trials: int) -> Result:
    """Scoring with workers killed, messages doubled, planners in pairs, ended leases and a busy table."""
    tally = Tally()
    for start in range(0, trials, TRIALS_OF_A_STACK):
        with (
            deployed("soak", **scoring_kills.PARAMETERS) as (stack, environment),
            meant(environment),
            tempfile.TemporaryDirectory() as folder,
        ):
            before_and_train(stack, Path(folder), environment)
            seeds = range(1000 + start, 1000 + min(trials, start + TRIALS_OF_A_STACK))
            tally += scoring_kills.run(stack, seeds, progress=_say)
    return Result(f"scorings disturbed ({tally.kills} kills)", trials, tally.lost, tally.doubled, len(tally.errors))


def asked_anything(examples: int, seconds: float) -> list[Result]:
    """The API through the gateway: whatever can be asked, and sixteen clients at once."""
    with deployed("soak") as (stack, environment), tempfile.TemporaryDirectory() as folder:
        before_and_train(stack, Path(folder), environment)
        fuzzed = api_fuzz.run(stack, examples=examples, seed=1)
        for failure in fuzzed.failures:
            _say(failure)
        crowd = api_crowd.run(stack, seconds=seconds)
    clients = f"requests of {api_crowd.CLIENTS} clients at once in {seconds:g} s"
    return [
        Result("requests made from the API's description", fuzzed.cases, 0, 0, len(fuzzed.failures)),
        Result(clients, crowd.requests, crowd.lost, crowd.doubled, len(crowd.errors)),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="make soak", description="Try the invariants with large numbers.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the numbers")
    share = 10 if parser.parse_args().quick else 1
    results = [
        damaged_files(-(-PROPERTY_ROUNDS // share)),
        killed_validations(KILLS // share),
        disturbed_scorings(SCORINGS // share),
        *asked_anything(FUZZED // share, CROWD_SECONDS / share),
    ]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps([asdict(result) for result in results], indent=2))
    for result in results:
        figures = f"{result.trials:,} trials, {result.lost} lost, {result.doubled} doubled, {result.errors} errors"
        _say(f"{result.what}: {figures}")
    sys.exit(any(result.lost or result.doubled or result.errors for result in results))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
