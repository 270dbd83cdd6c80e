"""One module for each make target that acts on a stack. They may use `infra.stacks` and `infra.build`."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter


def parser(command: str, description: str | None) -> ArgumentParser:
    """Of a command's arguments; its module's docstring describes it."""
    return ArgumentParser(
        prog=f"python -m infra.commands.{command}",
        description=description,
        formatter_class=RawDescriptionHelpFormatter,
    )
