"""What all trials share: the killing, and how it ended."""

import os
import signal
import time
from dataclasses import dataclass, field, fields
from pathlib import Path


@dataclass
class Tally:
    """How some trials ended."""

    trials: int = 0
    kills: int = 0
    lost: int = 0
    doubled: int = 0
    errors: list[str] = field(default_factory=list)

    def __iadd__(self, other: "Tally") -> "Tally":
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))
        return self

    def __str__(self) -> str:
        return f"{self.trials} trials, {self.kills} kills: lost {self.lost}, doubled {self.doubled}, {self.errors}"


_PATIENCE_SECONDS = 3.0


def kill_workers(function: str) -> int:
    """SIGKILL every process that runs a function; returns how many there were. Where there is none yet, the first one
    that begins within three seconds is killed."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not (killed := _kill(function)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return killed


def _kill(function: str) -> int:
    killed = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"ministack-lambda-{function}" in (process / "cmdline").read_text():
                os.kill(int(process.name), signal.SIGKILL)
                killed += 1
        except OSError:
            continue
    return killed
