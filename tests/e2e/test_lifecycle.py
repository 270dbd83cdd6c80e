"""Starting and stopping the embedded stack."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import ROOT
from tests.support.stack import embedded_only, free_port, infra, patiently, removed, request

pytestmark = embedded_only("it is about the process of the embedded emulator")


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """STACK and PORT of a stack that nobody else uses; gone at the end."""
    variables = os.environ | {
        "STACK": f"life-{os.getpid()}",
        "PORT": str(free_port()),
        "PYTHONPATH": str(ROOT / "layers" / "core"),
    }
    with removed(variables):
        yield variables


def home(environment: dict[str, str]) -> Path:
    return ROOT / ".local" / environment["STACK"]


def processes_of(environment: dict[str, str]) -> list[str]:
    """Every process whose environment or command names the stack's folder: the emulator and its workers."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            given_to_it = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        except OSError:
            continue
        if str(home(environment)).encode() in given_to_it:
            found.append(process.name)
    return found


def test_a_stopped_stack_leaves_no_process_and_comes_back_with_its_data(environment: dict[str, str]) -> None:
    infra("deploy", environment=environment)
    before = infra("outputs", environment=environment)
    assert processes_of(environment)

    infra("down", environment=environment)
    assert processes_of(environment) == []
    infra("deploy", environment=environment)

    assert infra("outputs", environment=environment) == before
    health = re.search(r'"api_url": "(.*)"', before)
    assert health
    assert request(health[1] + "/health", "GET", None, {}).status == 200


def start(environment: dict[str, str]) -> None:
    """Start the emulator, without deploying anything to it."""
    command = "from infra.stacks import current; current.stack().start()"
    subprocess.run([sys.executable, "-c", command], cwd=ROOT, env=environment, check=True)


def test_starting_twice_is_the_same_as_starting_once(environment: dict[str, str]) -> None:
    start(environment)
    running = processes_of(environment)

    start(environment)

    assert running
    assert processes_of(environment) == running


def test_tokens_are_readable_by_their_owner_only(environment: dict[str, str]) -> None:
    infra("deploy", environment=environment)

    assert home(environment).stat().st_mode & 0o077 == 0
    assert (home(environment) / "tokens.json").stat().st_mode & 0o077 == 0


def test_a_run_that_is_killed_leaves_no_process(environment: dict[str, str]) -> None:
    code = """
import os, signal
from infra.stacks import current
from tests.support.stack import removed
with removed(dict(os.environ)):
    current.stack().start()
    print("up", flush=True)
    signal.pause()
"""
    variables = environment | {"PYTHONPATH": os.pathsep.join([environment["PYTHONPATH"], str(ROOT)])}
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=variables, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"up\n"
        assert processes_of(environment)

        run.kill()

        for _ in patiently("the emulator to end"):
            if not processes_of(environment) and not home(environment).exists():
                break


def failing(*arguments: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_taken_port_is_reported_with_whom_and_how_to_choose_another(environment: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(environment["PORT"])))
        taken.listen()

        said = failing("infra.commands.up", environment=environment)

    assert f"port {environment['PORT']} is taken by process {os.getpid()}" in said
    assert "PORT=" in said


@pytest.mark.parametrize("command", ["drop x.csv", "outputs", "status", "logs", "train"])
def test_without_a_stack_every_command_says_how_to_start_one(environment: dict[str, str], command: str) -> None:
    name, *arguments = command.split()

    assert "make up" in failing(f"infra.commands.{name}", *arguments, environment=environment)


def test_a_port_or_name_that_is_not_possible_is_reported() -> None:
    assert "PORT=http" in failing("infra.commands.up", environment=os.environ | {"PORT": "http"})
    assert "STACK=A/B" in failing("infra.commands.up", environment=os.environ | {"STACK": "A/B"})
