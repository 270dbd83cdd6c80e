"""Lines of a CSV that people open in a spreadsheet, which runs nothing of it."""

import re
from collections.abc import Iterable

ESCAPE = "'"
"""Before a cell that a spreadsheet could take for a formula."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", ESCAPE)
"""How such cells begin; and the escape itself, or it couldn't be undone."""

_SPECIAL = re.compile(r'[,"\r\n]')


def escape(cell: str) -> str:
    """The cell with an apostrophe before it if a spreadsheet could take it for a formula (or it begins with one)."""
    return ESCAPE + cell if cell.startswith(FORMULA) else cell


def unescape(cell: str) -> str:
    """The text before `escape`: `unescape(escape(cell)) == cell` for any text."""
    return cell.removeprefix(ESCAPE)


def line(cells: Iterable[str]) -> str:
    """A line of cells (RFC 4180, but for its end, which is a line feed), each escaped."""
    return ",".join(_quoted(escape(cell)) for cell in cells) + "\n"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _SPECIAL.search(cell) else cell
