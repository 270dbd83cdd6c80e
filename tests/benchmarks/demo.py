"""Time the first `make demo` of a fresh clone of what is committed, with the caches of uv, pip and npm empty and full.

python -m tests.benchmarks.demo    (on Linux)

Processor time is that of every process, the emulator and its workers included: as their subreaper this process inherits
the ones that outlive `make`, and waits for them after `make down`.
"""

import ctypes
import os
import resource
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from infra import ROOT
from tests.benchmarks.results import FOLDER, Result, publish, say

_PR_SET_CHILD_SUBREAPER = 36
_PROCESSOR_SECONDS, _WALL_SECONDS = 80, 70


@dataclass(frozen=True)
class Run:
    """Seconds that one `make demo` took."""

    wall: float
    processor: float


def main() -> None:
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    folder = FOLDER / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    caches = {name: str(folder / name) for name in ("UV_CACHE_DIR", "PIP_CACHE_DIR", "npm_config_cache")}
    say("make demo in a fresh clone, with nothing in the caches ...")
    empty = _demo(folder / "first", caches)
    say("and in another one, with everything in the caches ...")
    full = _demo(folder / "second", caches)
    publish(
        "demo",
        [
            _result("processor time of a first make demo", empty.processor, _PROCESSOR_SECONDS),
            _result("  with nothing to download", full.processor, _PROCESSOR_SECONDS),
            _result("time of a first make demo with nothing to download", full.wall, _WALL_SECONDS),
            _result("  more for downloading and unpacking", empty.wall - full.wall, None),
        ],
    )
    shutil.rmtree(folder)


def _demo(clone: Path, caches: dict[str, str]) -> Run:
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    environment = {**inherited, **caches, "STACK": "bench", "PORT": str(port), "TARGET": ""}
    before, started = _processor_time(), time.monotonic()
    subprocess.run(["make", "demo"], cwd=clone, env=environment, check=True)
    wall = time.monotonic() - started
    # Not waited for by its own number: it waits itself for the emulator, which is a zombie until this process reaps it.
    subprocess.Popen(["make", "down"], cwd=clone, env=environment)
    with suppress(ChildProcessError):
        while True:
            os.wait()
    return Run(wall, _processor_time() - before)


def _processor_time() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _result(metric: str, seconds: float, most: float | None) -> Result:
    return {
        "metric": metric,
        "unit": "s",
        "ours": seconds,
        "peer": None,
        "peer_name": None,
        "target": f"at most {most:g}" if most else "",
        "met": most is None or seconds <= most,
    }


if __name__ == "__main__":
    main()
