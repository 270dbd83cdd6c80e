"""One module for each make target that acts on a stack. They may use `infra.stacks` and `infra.build`."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path


def parser(command: str, description: str | None) -> ArgumentParser:
    """Of a command's arguments; its module's docstring describes it."""
    return ArgumentParser(
        prog=f"python -m infra.commands.{command}",
        description=description,
        formatter_class=RawDescriptionHelpFormatter,
    )


def reading(path: Path) -> str:
    """What a command says before it reads a file that may be large."""
    return f"Reading {path} ({path.stat().st_size / 1e6:,.1f} MB) ..."
