"""The format of bad files: rows that were refused, made to be corrected in a spreadsheet and dropped again.

A bad file is CSV in UTF-8 with a byte order mark, without which Excel takes it for Windows-1252. It has the contract's
columns, then `_row` (the row's number in the file as dropped), `_issues`, `_file` (that file's id) and `_raw` (the
row's exact text). Cells that a spreadsheet would run as a formula are escaped.
"""

import base64
import re
from collections.abc import Iterable

from pyroaring import BitMap

from jobchange import contract
from jobchange.contract import Issue
from jobchange.quality.findings import Corrections

ROW, ISSUES, FILE, RAW = "_row", "_issues", "_file", "_raw"
ORIGIN = (ROW, ISSUES, FILE, RAW)
"""The columns that a bad file has beside the contract's."""

HEADER = "\ufeff" + ",".join((*contract.NAMES, *ORIGIN)) + "\n"

ESCAPE = "'"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", ESCAPE)
_SPECIAL = re.compile(r'[,"\r\n]')


def escape(cell: str) -> str:
    """The cell with an apostrophe before it if a spreadsheet could take it for a formula (or it begins with one)."""
    return ESCAPE + cell if cell.startswith(FORMULA) else cell


def unescape(cell: str) -> str:
    """The text before `escape`: `unescape(escape(cell)) == cell` for any text."""
    return cell.removeprefix(ESCAPE)


def line(cells: Iterable[str], row: int, issues: str, file_id: str, raw: str) -> str:
    """The line of one bad row; `cells` are its values in the contract's order, as dropped."""
    return ",".join(_quoted(escape(cell)) for cell in (*cells, str(row), issues, file_id, raw)) + "\n"


def label(issue: Issue, column: str | None) -> str:
    """How an issue is written in `_issues`, where several are joined by `; `."""
    return f"{issue}({column})" if column else str(issue)


def union(bitmaps: Iterable[str]) -> tuple[int, str]:
    """How many distinct rows the bitmaps of several `Corrections` hold, and the bitmap of them all."""
    rows = BitMap()
    for bitmap in bitmaps:
        rows |= BitMap.deserialize(base64.b64decode(bitmap))
    return len(rows), _text(rows)


class CorrectionIndex:
    """Collects which quarantined rows of earlier files are good rows now."""

    MAX_FILES = 100
    """Origins that are distinguished in one file; a corrected file usually has one."""

    _FILE_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
    _ROW = re.compile(r"[1-9][0-9]{0,8}")

    def __init__(self) -> None:
        self._rows: dict[str, BitMap] = {}

    def add(self, file_id: str, row: str) -> None:
        """A good row that says of itself that it was `row` of the file `file_id`; ignored if that can't be."""
        file_id, row = file_id.strip(), row.strip()
        known = file_id in self._rows or len(self._rows) < self.MAX_FILES
        if known and self._FILE_ID.fullmatch(file_id) and self._ROW.fullmatch(row):
            self._rows.setdefault(file_id, BitMap()).add(int(row))

    def corrections(self) -> tuple[Corrections, ...]:
        """What was collected, in the order in which the origins appeared."""
        return tuple(Corrections(file_id, len(rows), _text(rows)) for file_id, rows in self._rows.items())


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _SPECIAL.search(cell) else cell


def _text(rows: BitMap) -> str:
    rows.run_optimize()
    return base64.b64encode(rows.serialize()).decode()
