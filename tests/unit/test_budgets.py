"""A test that takes longer than its room allows fails the run, in one process and in several."""

import re

import pytest

from infra import ROOT
from tests.support.budgets import BUDGETS

pytest_plugins = ["pytester"]

CONFTEST = """
pytest_plugins = ["tests.support.budgets"]

def pytest_configure():
    from tests.support import budgets
    budgets.BUDGETS.clear()
    budgets.BUDGETS.update({"tests/unit": budgets.processor(0.1, large=3), "tests/e2e": budgets.wall(0.1)})
"""
UNIT = """
import time
import pytest

def compute():
    started = time.process_time()
    while time.process_time() - started < 0.15:
        pass

@pytest.fixture
def before():
    compute()

@pytest.fixture
def after():
    yield
    compute()

def test_waits(): time.sleep(0.2)
def test_computes(): compute()

@pytest.mark.large
def test_computes_as_it_may(): compute()

def test_is_prepared(before): pass
def test_is_cleaned_up(after): pass
def test_fails(): compute(); assert "found" == "otherwise"
"""
E2E = """
import time

def test_waits(): time.sleep(0.2)
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Tests in a room that counts processor time, and in one that goes by the clock."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeini("[pytest]\nmarkers = large")
    pytester.makeconftest(CONFTEST)
    for room, tests in (("unit", UNIT), ("e2e", E2E)):
        (pytester.path / "tests" / room).mkdir(parents=True)
        (pytester.path / "tests" / room / f"test_{room}.py").write_text(tests)
    return pytester


@pytest.mark.large
@pytest.mark.parametrize("processes", [(), ("-p", "xdist.plugin", "-n", "2")], ids=["one process", "two"])
def test_a_test_over_its_budget_fails_whatever_it_found(project: pytest.Pytester, processes: tuple[str, ...]) -> None:
    result = project.runpytest_subprocess("-rA", *processes)

    said = re.findall(r"^([A-Z]+) tests/(\w+)/\w+\.py::test_(\w+)", result.stdout.str(), flags=re.MULTILINE)
    assert sorted(said) == [
        ("ERROR", "unit", "is_cleaned_up"),
        ("ERROR", "unit", "is_prepared"),
        ("FAILED", "e2e", "waits"),
        ("FAILED", "unit", "computes"),
        ("FAILED", "unit", "fails"),
        ("PASSED", "unit", "computes_as_it_may"),
        ("PASSED", "unit", "is_cleaned_up"),
        ("PASSED", "unit", "waits"),
    ]
    result.stdout.re_match_lines_random(
        [
            r"Over budget: call took 0\.\d s of processor time, and 0\.1 s are allowed for this test in tests/unit",
            r"Over budget: call took \d+\.\d s on the clock, and 0\.1 s are allowed for this test in tests/e2e",
            r"E +AssertionError: assert 'found' == 'otherwise'",
        ]
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_a_room_without_a_budget_is_refused(project: pytest.Pytester) -> None:
    (project.path / "tests" / "unit").rename(project.path / "tests" / "new")

    result = project.runpytest_subprocess("tests/new")

    result.stderr.fnmatch_lines(["*tests/new has no budget: give it one in tests/support/budgets.py"])
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_every_budget_is_for_tests_that_there_are() -> None:
    for place in BUDGETS:
        assert (ROOT / place).exists(), place
