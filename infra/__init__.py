"""What the project does outside Lambda: stacks, the commands behind the Makefile, the build, generated files.

`build` uses none of the others; `stacks` may use `build`; `commands` and `generate` may use both.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The repository."""


class CommandError(SystemExit):
    """What a command ends with when it can't go on: one sentence that says what to do, and exit code 1."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"make: {sentence}")
