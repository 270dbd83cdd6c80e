"""Install a lock into a virtual environment with uv, every hash checked, as pip is configured on this machine.

python infra/tools/install.py ENVIRONMENT LOCK

The file ENVIRONMENT/installed is there only when the install was completed. An environment without it is made from the
start again; one with it is brought in step with the lock. make runs this before anything is installed: standard library
only.
"""

import ast
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).resolve().parent.parent.parent
_HOME: Final = (_ROOT / ".venv").resolve()
"""The project's own environment. It holds the uv that fills this one and all others."""
UV: Final = _HOME / "bin" / "uv"

_PIP_SECTIONS: Final = ("global", "install", ":env:")
"""Where pip's options stand; a later one counts more."""
_FROM_PIP: Final = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", " "),
    "proxy": ("ALL_PROXY", " "),
}
"""pip's options, uv's variables for the same, and what separates several values there."""

_ADVICE: Final = (
    (
        r"no space left|quota exceeded|os error (28|122)\b",
        "the disk is full. The packages take 1.2 GB, twice that where uv's cache is on another disk: make room and "
        "call make again.",
    ),
    (
        r"ensurepip is not",
        "this Python can't make virtual environments. Install what is named above and call make again.",
    ),
    (
        r"hash mismatch|do not match the hashes|mismatched hash",
        "a package isn't the one that was locked, and wasn't installed. Ask where it comes from before you go on.",
    ),
    (
        r"error sending request|dns error|failed to fetch|connection|timed out|name resolution|offline",
        "the package index wasn't reached. Check the network and pip's configuration (pip config list), and call make "
        "again; what was downloaded is kept.",
    ),
)
"""What a failed install says, and what to do then."""


class InstallError(Exception):
    """An install that failed: one sentence that says what to do."""


def install(environment: Path, lock: Path) -> None:
    """Make the environment hold the lock's packages and nothing else. Raises InstallError."""
    mark, python = environment / "installed", environment / "bin" / "python"
    complete = mark.exists()
    mark.unlink(missing_ok=True)
    if environment.resolve() == _HOME:
        if not complete:
            _run(sys.executable, "-m", "venv", "--clear", environment)
        pip = (python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet")
        _run(*pip, "--no-deps", "--require-hashes", "--requirement", _ROOT / "infra" / "tools" / "uv.lock")
    elif not complete:
        _run(UV, "venv", "--quiet", "--clear", "--python", sys.executable, environment)
    sync = (UV, "pip", "sync", "--quiet", "--require-hashes", "--python", python, lock)
    _run(*sync, variables=as_pip_is_configured())
    mark.touch()


def as_pip_is_configured() -> "dict[str, str]":
    """This process's variables, and for uv those that say the same as pip's options. What is set for uv stays."""
    options, variables = pip_options(), {}
    for section in _PIP_SECTIONS:
        for option, (variable, separator) in _FROM_PIP.items():
            if (value := options.get(f"{section}.{option}")) is not None:
                variables[variable] = separator.join(value.split())
    if "UV_INDEX" in variables:
        # As pip does: the version that is locked is taken from whichever index has it.
        variables["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return {**variables, **os.environ}


@cache
def pip_options() -> "dict[str, str]":
    """pip's options on this machine, by section and name."""
    command = (str(_HOME / "bin" / "python"), "-m", "pip", "config", "list")
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    pairs = (line.split("=", 1) for line in listed.splitlines() if "=" in line)
    return {name: str(ast.literal_eval(value)) for name, value in pairs}


def _run(*command: "str | Path", variables: "dict[str, str] | None" = None) -> None:
    """Run it, silent unless it fails."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=variables, check=False
    )
    if done.returncode:
        print(done.stdout.strip(), file=sys.stderr)
        raise InstallError(advice(done.stdout))


def advice(output: str) -> str:
    """The sentence for what a failed step printed."""
    for pattern, sentence in _ADVICE:
        if re.search(pattern, output, re.IGNORECASE):
            return sentence
    return "the install failed, as said above. Call make again: it starts from the beginning."


def main(arguments: "list[str]") -> None:
    environment, lock = map(Path, arguments)
    try:
        install(environment, lock)
    except InstallError as error:
        sys.exit(f"make: {error}")
    except OSError as error:
        sys.exit(f"make: {advice(str(error))} ({error})")
    except KeyboardInterrupt:
        sys.exit("make: the install was interrupted. Call make again: it starts from the beginning.")


if __name__ == "__main__":
    main(sys.argv[1:])
