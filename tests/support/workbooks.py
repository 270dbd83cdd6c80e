"""Excel workbooks made by hand: what Excel writes, and what it never would."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)

Cell = str | int | float | None
"""A text (shared between cells), a number, or nothing. A text that begins with <c is the cell's own XML."""


def workbook(*sheets: Sequence[Sequence[Cell]], parts: Mapping[str, bytes | str | None] | None = None) -> bytes:
    """A workbook with these sheets; `parts` are added to it or replace its own (None: left out)."""
    shared: dict[str, int] = {}
    made: dict[str, bytes | str | None] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": book(*("visible" for _ in sheets)),
        "xl/_rels/workbook.xml.rels": relations(
            *((f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)),
            ("rId90", "sharedStrings", "sharedStrings.xml"),
            ("rId91", "styles", "styles.xml"),
        ),
        **{f"xl/worksheets/sheet{n}.xml": sheet(_rows(rows, shared)) for n, rows in enumerate(sheets, 1)},
    }
    items = "".join(f"<si><t>{escape(text)}</t></si>" for text in shared)
    made["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">{items}</sst>'
    return zipped({**made, **(parts or {})})


def zipped(entries: Mapping[str, bytes | str | None]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, content in entries.items():
            if content is not None:
                writer.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return archive.getvalue()


def book(*states: str, properties: str = "") -> str:
    """The list of the sheets, each visible, hidden or veryHidden."""
    sheets = "".join(
        f'<sheet name="S{n}" sheetId="{n}" state="{state}" r:id="rId{n}"/>' for n, state in enumerate(states, 1)
    )
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">{properties}<sheets>{sheets}</sheets></workbook>'


def relations(*links: tuple[str, str, str]) -> str:
    """What a part refers to: id, kind, and target of each."""
    each = "".join(f'<Relationship Id="{id_}" Type="{_LINKS}/{kind}" Target="{to}"/>' for id_, kind, to in links)
    return f'<Relationships xmlns="{_PACKAGE}">{each}</Relationships>'


def styles(*codes: str | int) -> str:
    """The styles 0, 1, … with these formats: a built-in one's number, or a code."""
    own = [code for code in codes if isinstance(code, str)]
    formats = "".join(f'<numFmt numFmtId="{200 + n}" formatCode={quoteattr(code)}/>' for n, code in enumerate(own))
    numbers = [code if isinstance(code, int) else 200 + own.index(code) for code in codes]
    uses = "".join(f'<xf numFmtId="{number}"/>' for number in numbers)
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts>{formats}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>{uses}</cellXfs></styleSheet>'
    )


def sheet(rows: str) -> str:
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def letters(column: int) -> str:
    """The letters of a column, from 0."""
    name = ""
    column += 1
    while column:
        column, last = divmod(column - 1, 26)
        name = chr(65 + last) + name
    return name


def _rows(rows: Sequence[Sequence[Cell]], shared: dict[str, int]) -> str:
    return "".join(
        f'<row r="{number}">'
        + "".join(_cell(f"{letters(at)}{number}", cell, shared) for at, cell in enumerate(row))
        + "</row>"
        for number, row in enumerate(rows, 1)
    )


def _cell(reference: str, cell: Cell, shared: dict[str, int]) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        if cell.startswith("<c"):
            return cell.replace("<c", f'<c r="{reference}"', 1)
        return f'<c r="{reference}" t="s"><v>{shared.setdefault(cell, len(shared))}</v></c>'
    return f'<c r="{reference}"><v>{cell!r}</v></c>'
