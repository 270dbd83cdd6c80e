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

import pytest

from data.generate import generate
from infra import ROOT
from jobchange.registry import lifecycle
from jobchange.statistics.sequential import FALSE_ALARMS
from jobchange.training.dataset import Dataset
from jobchange.training.train import train
from tests.chaos import api_crowd, api_fuzz, busy_tables, ingest_kills, large_files, scoring_kills
from tests.chaos.kills import Tally
from tests.simulations import drift, gates, intervals, live_quality
from tests.simulations.live_quality import trained_population
from tests.support import account
from tests.support.labelled import dataset_of
from tests.support.stack import before_and_train, deployed, meant

KILLS = 100
SCORINGS = 200
TRIALS_OF_A_STACK = 50
"""The emulator's queries take the longer the more a table holds."""
CROWD_SECONDS = 60
LARGE_ROWS, LARGE_FILES = 200_000, 2
MANY_FILES = ((30, 50_000), (100, 20_000))
LONGER = 1.3
"""How much longer than without limits the scoring of many files at once may take."""
CALLS, CALLS_A_SECOND = 30_000, 1_000
OUTCOME_TRIALS, DAYS = 1_000, 100
POPULATION = (19_158, 60_000)
"""Candidates that a model is trained on, and others."""
FUZZED = 450
"""Requests for each route and phase, more than 5,000 in all."""
PROPERTY_ROUNDS = 25
"""Each round takes a few hundred new examples of damaged files."""
PROPERTIES = ("tests/unit/quality/test_properties.py", "tests/unit/reading/test_table.py")
GATES = ((500, 200), (2_000, 200), (19_158, 100), (60_000, 60), (200_000, 40))
"""Rows, and models of so many."""
FEW_ROWS, TRAINED = 500, 60
INTERVALS = ((500, 1_000), (2_000, 500))
DRIFT = ((50, 500), (200, 500), (500, 500), (2_000, 500), (20_000, 300))
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


def alarms_of_live_quality(trials: int) -> Result:
    """How often the check of live quality alerts of a model that is as good as ever, and how soon of a worse one.

    A trial has 3,000 outcomes, looked at after every thirtieth from 300 on.
    """
    candidates = trained_population(*POPULATION, seed=5).candidates
    result = Result("live quality looked at 91 times: too many false alarms, too little power", 0, 0, 0, 0)
    _say(f"{'outcomes known of':38}{'spoiled':>8}{'AUC lower by':>14}{'alerts':>9}{'after, median':>15}")
    for known in live_quality.Known:
        for spoiled in (0.0, 0.1, 0.2, 0.4):
            rounds = trials if not spoiled else max(1, trials // 5)
            found = live_quality.simulate(candidates, known, spoiled=spoiled, trials=rounds, seed=6)
            after = f"{found.median_outcomes:,.0f}" if found.median_outcomes else "-"
            _say(f"{known:38}{spoiled:8.0%}{found.drop:14.3f}{found.ever / rounds:9.1%}{after:>15}")
            result.trials += rounds
            if not spoiled:
                # Three standard deviations above what is promised.
                result.errors += found.ever > trials * FALSE_ALARMS + 3 * (trials * FALSE_ALARMS) ** 0.5
            elif known is live_quality.Known.ALL and spoiled == 0.4:
                result.errors += found.ever < 0.95 * rounds
    return result


def expected_quality_of_days(days: int) -> Result:
    """The expected quality of days against what their outcomes say."""
    population = trained_population(*POPULATION, seed=8)
    result = Result("days whose quality was expected: false alarms, and shifts overlooked", 0, 0, 0, 0)
    _say(f"{'shift':38}{'candidates':>12}{'alerts':>9}{'expected':>10}{'measured':>10}{'within':>9}")
    for shift in live_quality.Shift:
        for candidates in (50, 200, 2_000, 20_000):
            found = live_quality.simulate_days(population, shift, candidates=candidates, days=days, seed=9)
            figures = f"{found.alerts / days:9.1%}{found.expected:10.3f}{found.measured:10.3f}{found.within:9.1%}"
            _say(f"{shift:38}{candidates:12,}{figures}")
            result.trials += days
            if shift is live_quality.Shift.NONE:
                result.errors += (found.alerts > 0.01 * days) + (found.within < 0.9 - 1 / days)
            elif shift is live_quality.Shift.POOR and candidates >= 2_000:
                result.errors += found.alerts < days
    return result


def served_large_files(rows: int, files: int) -> Result:
    """Large files through the embedded stack: each candidate once, and every page within a second."""
    with (
        deployed("soak") as (stack, environment),
        meant(environment),
        tempfile.TemporaryDirectory() as folder,
    ):
        before_and_train(stack, Path(folder), environment)
        served = large_files.run(stack, rows, files, progress=_say)
    return Result("candidates of large files served", served.stored, served.lost, served.doubled, served.slow)


def scored_by_busy_tables(number: int, rows: int) -> Result:
    """Many files at once, by tables with DynamoDB's limits on a simulated clock."""
    with pytest.MonkeyPatch.context() as patch, account.in_memory(patch):
        _promote_a_small_model()
        ideal = busy_tables.score_files(number, rows, limited=False)
        busy = busy_tables.score_files(number, rows)
    longer = busy.seconds / ideal.seconds
    _say(f"{number} files of {rows:,} rows: {busy}, {longer:.2f} x the ideal time")
    errors = busy.dead_letters + busy.failed_attempts + (number - busy.ranked) + (longer > LONGER)
    lost, doubled = number * rows - busy.predictions, busy.counted - number * rows
    return Result(f"files of {rows:,} rows scored at once by busy tables", number, lost, doubled, errors)


def called_by_many(calls: int, a_second: int) -> Result:
    """Many calls at once, in the same way."""
    with pytest.MonkeyPatch.context() as patch, account.in_memory(patch):
        _promote_a_small_model()
        called = busy_tables.call(calls, a_second)
    slowest = called.within(0.99)
    _say(
        f"{calls:,} calls, {a_second:,} a second: p50 {called.within(0.5):.3f} s, p99 {slowest:.3f} s, "
        f"{called.failed} failed, {called.conflicts:,} conflicts, {called.refused} refused"
    )
    lost, doubled = calls - called.predictions, called.counted - calls
    return Result(f"calls, {a_second:,} a second", calls, lost, doubled, called.failed + (slowest > 1))


def gates_judge(share: int) -> Result:
    """How often each gate refuses good models and bad ones, drawn from 19,000 generated candidates; and how often it
    refuses models that were trained on few rows."""
    simulation = gates.Simulation.of(_generated(19_000, 1))
    found = [simulation.rates(rows, trials // share) for rows, trials in GATES]
    _say(gates.table(found))
    few = gates.refused_when_trained(lambda seed: _generated(FEW_ROWS, seed), TRAINED // share)
    _say(f"trained on {FEW_ROWS} rows, refused: " + ", ".join(f"{name} {rate:.1%}" for name, rate in few.items()))
    judged = zip(found, GATES, strict=True)
    broken = [name for rates, (_, trials) in judged for name in gates.broken(rates, trials // share)]
    trials = sum(trials // share for _, trials in GATES) + TRAINED // share
    return Result("models judged by the gates", trials, 0, 0, len(broken))


def intervals_hold(share: int) -> Result:
    """How often the intervals of a card hold the true value."""
    found = [
        intervals.coverage(model, rows, trials // share) for model in intervals.MODELS for rows, trials in INTERVALS
    ]
    _say(intervals.table(found))
    broken = sum(len(intervals.broken(each)) for each in found)
    trials = len(intervals.MODELS) * sum(trials // share for _, trials in INTERVALS)
    return Result("cards whose intervals were held against the truth", trials, 0, 0, broken)


def drift_is_noticed(share: int) -> Result:
    """How often undisturbed files raise a false alarm, and how often small shifts are noticed."""
    population = drift.Population(_generated(19_000, 1).columns)
    found = [drift.rates(population, rows, trials // share) for rows, trials in DRIFT]
    _say(drift.table(found))
    trials = sum(trials // share for _, trials in DRIFT)
    return Result("files compared with training", trials, 0, 0, sum(len(drift.broken(each)) for each in found))


def _generated(rows: int, seed: int) -> Dataset:
    return dataset_of("".join(generate(rows, seed)).splitlines())


def _promote_a_small_model() -> None:
    lines = "".join(generate(600, seed=5)).splitlines()
    lifecycle.promote(lifecycle.register(train(dataset_of(lines), progress=lambda _: None)), by="soak")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make soak", description="Try the invariants with large numbers.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the numbers")
    share = 10 if parser.parse_args().quick else 1
    results = [
        damaged_files(-(-PROPERTY_ROUNDS // share)),
        killed_validations(KILLS // share),
        disturbed_scorings(SCORINGS // share),
        *asked_anything(FUZZED // share, CROWD_SECONDS / share),
        alarms_of_live_quality(OUTCOME_TRIALS // share),
        expected_quality_of_days(DAYS // share),
        served_large_files(LARGE_ROWS // share, LARGE_FILES),
        *(scored_by_busy_tables(number // share, rows) for number, rows in MANY_FILES),
        called_by_many(CALLS // share, CALLS_A_SECOND),
        gates_judge(share),
        intervals_hold(share),
        drift_is_noticed(share),
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
