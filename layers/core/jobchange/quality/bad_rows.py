"""The lines of refused rows, for the bad file."""

import numpy as np

from jobchange import contract
from jobchange.contract.reader import visible
from jobchange.documents.csv_lines import ESCAPE, FORMULA
from jobchange.quality import quarantine
from jobchange.reading.check import CheckedBlock
from jobchange.reading.decode import text_of
from jobchange.reading.header import Layout
from jobchange.reading.records import Mask, Positions, Records

_PLAIN = bytes(range(0x20, 0x7F)).replace(b'"', b"")
"""Characters that need neither quoting nor decoding inside a row's quoted text."""

_STARTS = "".join(start for start in FORMULA if start.isascii() and start.isprintable()).encode()
_FORMULA = np.isin(np.arange(256), list(_STARTS))
# The escape itself comes first, or it would be escaped again.
_CELLS_OF_FORMULA = [
    (b",%c" % start, b",%b%c" % (ESCAPE.encode(), start))
    for start in sorted(_STARTS, key=lambda start: start != ord(ESCAPE))
]


def lines(records: Records, checked: CheckedBlock, layout: Layout, first_row: int, file_id: str) -> bytes:
    """The lines of the bad records in their order; the first of all records is row `first_row` of the file `file_id`.

    Those that need no quotation marks are put together from their own text.
    """
    bad = np.flatnonzero(checked.bad)
    places = np.full(len(records), -1)
    places[records.whole] = np.arange(len(records.whole))
    places = places[bad]
    formulas = _formulas(records, bad, places)
    simple = places < 0
    if layout.canonical:
        simple |= ~np.append(records.short, False)[places]
    values_end = b"," * (len(contract.NAMES) - layout.fields)
    no_values = b"," * (len(contract.NAMES) - 1)
    origin, escape, data = file_id.encode(), ESCAPE.encode(), records.data
    written: list[bytes] = []
    for row, place, begin, end, formula, own_text, issues in zip(
        (bad + first_row).tolist(),
        places.tolist(),
        records.begins[bad].tolist(),
        records.ends[bad].tolist(),
        formulas.tolist(),
        simple.tolist(),
        _labels(checked),
        strict=True,
    ):
        raw = data[begin:end]
        if own_text and not raw.translate(None, _PLAIN):
            escaped = _escaped(raw) if formula else raw
            values = escaped + values_end if place >= 0 else no_values
            apostrophe = escape if formula and raw[0] in _STARTS else b""
            written.append(b'%b,%d,%b,%b,"%b%b"\n' % (values, row, issues.encode(), origin, apostrophe, raw))
        else:
            cells = _cells(records, layout, place) if place >= 0 else [""] * len(contract.NAMES)
            written.append(quarantine.line(cells, row, issues, file_id, text_of(raw)).encode())
    return b"".join(written)


def _escaped(raw: bytes) -> bytes:
    """A line of cells that aren't quoted, each that begins like a formula escaped."""
    line = b"," + raw
    for plain, escaped in _CELLS_OF_FORMULA:
        line = line.replace(plain, escaped)
    return line[1:]


def _formulas(records: Records, bad: Positions, places: Positions) -> Mask:
    """Which of the bad records have a cell (or, being malformed, a text) that begins like a formula."""
    buffer = np.frombuffer(records.data, np.uint8)
    formulas = _FORMULA[buffer[records.begins[bad]]]
    whole = places >= 0
    formulas[whole] |= _FORMULA[buffer[records.starts[:, places[whole]]]].any(axis=0)
    return formulas


def _cells(records: Records, layout: Layout, place: int) -> list[str]:
    """A record's cells as dropped but for characters that nobody sees, in the contract's order."""
    cells = dict.fromkeys(contract.NAMES, "")
    for name, position in layout.positions.items():
        start = records.starts[position, place]
        cells[name] = visible(text_of(records.data[start : start + records.lengths[position, place]]))
    return list(cells.values())


def _labels(checked: CheckedBlock) -> list[str]:
    """For each bad record all its issues, also those that wouldn't have kept it out."""
    labels: list[list[str]] = [[] for _ in range(int(checked.bad.sum()))]
    places = np.cumsum(checked.bad) - 1
    for violation in checked.violations:
        label = quarantine.label(violation.issue, violation.column)
        for place in places[violation.records[checked.bad[violation.records]]].tolist():
            labels[place].append(label)
    return ["; ".join(each) for each in labels]
