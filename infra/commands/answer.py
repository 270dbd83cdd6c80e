"""What a command prints as rows and columns."""

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple, TextIO

MOST_ROWS: Final = 1000
"""Of a table in the terminal."""


class Answer(NamedTuple):
    """What a query found, as text; what is missing is empty."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[str, ...]]


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a table, of which the first is the header."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def as_table(answer: Answer) -> str:
    """The first rows of an answer, and what is left out."""
    shown = list(islice(answer.rows, MOST_ROWS))
    text = aligned([answer.columns, *shown])
    if not shown:
        return f"{text}\n\nNo rows."
    if next(answer.rows, None) is not None:
        return f"{text}\n\nThere are more than these {MOST_ROWS:,} rows. FORMAT=csv prints all."
    return text


def write_csv(answer: Answer, output: TextIO) -> None:
    """All rows of an answer."""
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows(answer.rows)
