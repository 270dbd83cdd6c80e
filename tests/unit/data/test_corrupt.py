import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from data.corrupt import FILE_INJECTORS, ROW_INJECTORS, corrupt
from data.generate import generate
from infra import ROOT
from jobchange import contract
from jobchange.contract import Issue, Severity
from jobchange.contract.issues import OF_COLUMNS
from jobchange.quality.findings import Findings
from jobchange.quality.validate import validate

CLEAN = "".join(generate(3000, seed=9)).encode()
ERRORS = {issue for issue in Issue if issue.severity is Severity.ERROR}
WARNINGS = {Issue.INCONSISTENT, Issue.REPAIRED_VALUE}


class Memory:
    """Outputs kept in memory."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.bad_rows = b""

    def part(self, index: int, body: bytes) -> None:
        assert index == len(self.parts)
        self.parts.append(body)

    def bad(self, body: bytes) -> None:
        self.bad_rows += body

    def index(self, number: int, body: bytes) -> None:
        pass


def validated(body: bytes) -> tuple[Findings, Memory]:
    outputs = Memory()
    return validate(io.BytesIO(body), name="x.csv", file_id="f" * 32, outputs=outputs), outputs


def test_every_issue_has_one_injector() -> None:
    assert set(ROW_INJECTORS) | set(FILE_INJECTORS) == set(Issue)
    assert not set(ROW_INJECTORS) & set(FILE_INJECTORS)


def test_the_same_seed_does_the_same_damage() -> None:
    rates = dict.fromkeys(ROW_INJECTORS, 0.01)

    assert corrupt(CLEAN, rates, seed=1) == corrupt(CLEAN, rates, seed=1)
    assert corrupt(CLEAN, rates, seed=1) != corrupt(CLEAN, rates, seed=2)


def test_without_a_rate_nothing_is_damaged() -> None:
    assert corrupt(CLEAN, {}, seed=1).data == CLEAN


@pytest.mark.parametrize("seed", range(5))
def test_what_is_injected_is_found_at_its_row_under_its_name_and_nothing_else_is(seed: int) -> None:
    damaged = corrupt(CLEAN, dict.fromkeys(ROW_INJECTORS, 0.02), seed)

    findings, outputs = validated(damaged.data)

    bad = csv.DictReader(io.StringIO(outputs.bad_rows.decode("utf-8-sig"), newline=""))
    found = {(int(row["_row"]), row["_issues"]) for row in bad}
    injected = [each for each in damaged.injected if each.issue in ERRORS]
    assert found == {(each.row, f"{each.issue}({each.column})" if each.column else each.issue) for each in injected}
    counts = {issue: sum(each.rows for each in findings.findings if each.type is issue) for issue in WARNINGS}
    assert counts == {issue: sum(each.issue is issue for each in damaged.injected) for issue in WARNINGS}


@pytest.mark.parametrize("issue", FILE_INJECTORS)
@pytest.mark.parametrize("seed", range(6))
def test_what_is_injected_into_a_file_is_found(issue: Issue, seed: int) -> None:
    damaged = corrupt(CLEAN[:20_000].rsplit(b"\n", 1)[0] + b"\n", {issue: 1.0}, seed)

    findings, _ = validated(damaged.data)

    assert [each.issue for each in damaged.injected] == [issue]
    if issue is Issue.DUPLICATE_FILE or issue in OF_COLUMNS:
        assert findings.findings == ()  # only the store knows who was first, or what training was like
    else:
        assert {each.type for each in findings.findings} == {issue}
        assert findings.fatal == (issue if issue.severity is Severity.FATAL else None)


@pytest.mark.parametrize("issue", Issue)
@pytest.mark.parametrize("seed", range(12))
def test_a_file_without_target_and_one_with_quoted_cells_are_damaged_as_well(issue: Issue, seed: int) -> None:
    names = [name for name in contract.NAMES if name != contract.LABEL]
    without_target = "".join(generate(20, 9, names)).encode()
    quoted = b"\r\n".join(b'"' + line.replace(b",", b'","') + b'"' for line in without_target.splitlines())
    for clean in (without_target, quoted):
        assert {each.issue for each in corrupt(clean, {issue: 1.0}, seed).injected} == {issue}


def test_a_repeated_id_is_that_of_an_earlier_row_without_damage() -> None:
    damaged = corrupt(CLEAN, dict.fromkeys(ROW_INJECTORS, 0.1), seed=2)
    lines = damaged.data.decode().splitlines()
    harmed = {each.row for each in damaged.injected}

    for each in damaged.injected:
        if each.issue is Issue.DUPLICATE_ID:
            assert each.row is not None
            candidate = lines[each.row].split(",")[0]
            first = next(number for number, line in enumerate(lines) if line.split(",")[0] == candidate)
            assert first < each.row
            assert first not in harmed


@pytest.mark.parametrize(
    ("rates", "sentence"),
    [({Issue.WRONG_TYPE: 1.5}, "from 0 to 1"), ({Issue.WRONG_TYPE: 0.6, Issue.MISSING_VALUE: 0.6}, "more than 1")],
)
def test_a_rate_that_is_not_possible_is_reported(rates: dict[Issue, float], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        corrupt(CLEAN, rates, seed=0)


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "data" / "corrupt.py", *arguments],
        env={"PYTHONPATH": str(ROOT / "layers" / "core")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_writes_the_damaged_file_and_its_manifest(tmp_path: Path) -> None:
    sample, damaged, manifest = (
        ROOT / "data" / "hr_data_sample.csv",
        tmp_path / "new" / "bad.csv",
        tmp_path / "bad.json",
    )

    done = run("--input", sample, "--output", damaged, "--all", "0.1", "--seed", "3", "--manifest", manifest)

    assert done.returncode == 0, done.stderr
    listed = json.loads(manifest.read_text())
    assert len(listed) == 200
    assert set(listed[0]) == {"row", "issue", "column"}
    assert damaged.read_bytes() != sample.read_bytes()


def test_the_command_says_what_is_wrong_with_its_arguments(tmp_path: Path) -> None:
    sample = ROOT / "data" / "hr_data_sample.csv"

    assert "out_of_range=0.02" in run("--input", sample, "--output", tmp_path / "x", "--issue", "nope=1").stderr
    assert "none.csv" in run("--input", tmp_path / "none.csv", "--output", tmp_path / "x").stderr
