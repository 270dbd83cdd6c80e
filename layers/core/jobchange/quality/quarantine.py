"""The format of bad files: rows that were refused, made to be corrected in a spreadsheet and dropped again.

A bad file is CSV in UTF-8 with a byte order mark, without which Excel takes it for Windows-1252. It has the contract's
columns, then `_row` (the row's number in the file as dropped), `_issues`, `_file` (that file's id) and `_raw` (the
row's exact text, a line break in it named by its code point, so that a row is a line). Cells that a spreadsheet would
run as a formula are escaped.
"""

import base64
import re
from collections.abc import Iterable

from pyroaring import BitMap

from jobchange import contract
from jobchange.contract import DecimalMark, Issue
from jobchange.contract.reader import visible
from jobchange.documents import csv_lines
from jobchange.quality.findings import Corrections
from jobchange.reading.origin import ORIGIN

HEADER = "\ufeff" + ",".join((*contract.NAMES, *ORIGIN)) + "\n"

_LINE_BREAK = "⟨U+000A⟩"


def line(cells: Iterable[str], row: int, issues: str, file_id: str, raw: str) -> str:
    """The line of one bad row; `cells` are its values in the contract's order, as dropped."""
    return csv_lines.line((*cells, str(row), issues, file_id, raw.replace("\n", _LINE_BREAK)))


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

    def __init__(self, mark: DecimalMark = DecimalMark.POINT) -> None:
        self._mark = mark
        self._rows: dict[str, BitMap] = {}

    def add(self, file_id: str, row: str) -> None:
        """A good row that says of itself that it was `row` of the file `file_id`; ignored if that can't be. A row's
        number is read as a candidate's is."""
        file_id = visible(file_id).strip()
        known = file_id in self._rows or len(self._rows) < self.MAX_FILES
        number = contract.read(contract.BY_NAME[contract.IDENTIFIER], row, self._mark).value
        if known and isinstance(number, int) and self._FILE_ID.fullmatch(file_id):
            self._rows.setdefault(file_id, BitMap()).add(number)

    def corrections(self) -> tuple[Corrections, ...]:
        """What was collected, in the order in which the origins appeared."""
        return tuple(Corrections(file_id, len(rows), _text(rows)) for file_id, rows in self._rows.items())


def _text(rows: BitMap) -> str:
    rows.run_optimize()
    return base64.b64encode(rows.serialize()).decode()
