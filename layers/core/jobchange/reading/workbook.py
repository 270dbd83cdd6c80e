"""The first visible sheet of an Excel workbook (.xlsx, .xlsm) as CSV, read in one pass and in bounded memory.

Office Open XML, ECMA-376 part 1. Each row of the sheet is one line, an empty row an empty line. Numbers are as Excel
shows them at full length (15 digits), dates are ISO, and a line break within a cell becomes a space, for no column of
candidates holds any.
"""

import posixpath
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from xml.parsers import expat

from jobchange.contract import Issue
from jobchange.reading.cell_values import DATE_FORMATS, EPOCH_1900, EPOCH_1904, date, field, is_date_format, number
from jobchange.reading.rejected import Rejected
from jobchange.reading.workbook_parts import DAMAGES, Attributes, Damaged, Parts, local

MAX_SHEET = 2 << 30
"""Unpacked bytes of a sheet: four times what a million candidates take."""
MAX_STRINGS = 256 << 20
"""Bytes of memory for the texts that cells share: more than a million candidates can need."""
MAX_ROWS = 1 << 20
"""Rows of a sheet; Excel has no more."""
MAX_COLUMNS = 2000
"""Columns of a sheet, far more than candidates could need; a value further to the right is refused."""
WIDTH_ROWS = 20
"""Rows of which the widest decides how many fields a line has at least."""

_SAVE_AS = "open it in Excel, choose Save as, CSV UTF-8, and drop that file"


def text(archive: zipfile.ZipFile) -> Iterator[bytes]:
    """The first visible sheet as CSV (RFC 4180, UTF-8, line feeds), in pieces.

    Raises:
        Rejected: the workbook is damaged or encrypted, has no sheet, or passes a limit.
    """
    try:
        yield from _Sheet(_Book(archive)).lines()
    except DAMAGES as error:
        raise Rejected(Issue.UNREADABLE, f"is a damaged Excel workbook: {_SAVE_AS}") from error


class _Book:
    """What must be known of a workbook to read its first visible sheet."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.parts = Parts(archive)
        main = next((target for kind, target in self._related("").values() if kind == "officeDocument"), None)
        self._main = main or "xl/workbook.xml"
        elements = self.parts.elements(self._main, "sheet", "workbookPr")
        related = self._related(self._main)
        self.sheet = self._first_visible(elements, related)
        properties = next((attributes for tag, attributes in elements if tag == "workbookPr"), {})
        self.epoch = EPOCH_1904 if properties.get("date1904", "0") in ("1", "true") else EPOCH_1900
        self.strings = self._strings(_target(related, "sharedStrings"))
        self.dates = self._date_styles(_target(related, "styles"))

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """The parts that a part refers to, by id: kind and name."""
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.parts.has(relations):
            return {}
        return {
            each.get("Id", ""): (
                each.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/"),
            )
            for _, each in self.parts.elements(relations, "Relationship")
            if each.get("TargetMode") != "External"
        }

    @staticmethod
    def _first_visible(elements: list[tuple[str, Attributes]], related: dict[str, tuple[str, str]]) -> str:
        for tag, attributes in elements:
            if tag == "sheet" and attributes.get("state", "visible") == "visible":
                link = next((value for name, value in attributes.items() if local(name) == "id"), "")
                kind, target = related.get(link, ("", ""))
                if kind == "worksheet":
                    return target
        raise Rejected(Issue.EMPTY, "is a workbook without a visible sheet of cells: " + _SAVE_AS)

    def _strings(self, part: str | None) -> list[str]:
        """The texts that cells share, as fields of CSV."""
        if part is None or not self.parts.has(part):
            return []
        found: list[str] = []
        reader = _Texts("si", ("t",), lambda value: found.append(field(value)))
        seen = size = 0
        for _ in self.parts.parse(part, reader, MAX_STRINGS):
            size += sum(map(sys.getsizeof, found[seen:]))
            seen = len(found)
            if size > MAX_STRINGS:
                raise Rejected(
                    Issue.UNREADABLE,
                    "is a workbook with too many different texts: save its sheet of candidates as CSV UTF-8, and drop "
                    "that file",
                )
        return found

    def _date_styles(self, part: str | None) -> frozenset[str]:
        """The styles, by their number, that show a number as a date."""
        if part is None or not self.parts.has(part):
            return frozenset()
        formats, styles, within = {}, [], False
        for tag, attributes in self.parts.elements(part, "numFmt", "xf", *_STYLE_LISTS):
            if tag == "numFmt":
                formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            elif tag in _STYLE_LISTS:
                within = tag == "cellXfs"
            elif tag == "xf" and within:
                styles.append(attributes.get("numFmtId", "0"))
        return frozenset(
            str(style)
            for style, known in enumerate(styles)
            if (is_date_format(formats[known]) if known in formats else known in DATE_FORMATS)
        )


_STYLE_LISTS = ("cellStyleXfs", "cellXfs", "cellStyles", "dxfs")


def _target(related: dict[str, tuple[str, str]], kind: str) -> str | None:
    return next((target for each, target in related.values() if each == kind), None)


class _Texts:
    """Hands over the text of each element `whole`: that of its elements `parts`, but for phonetic hints."""

    def __init__(self, whole: str, parts: tuple[str, ...], take: Callable[[str], object]) -> None:
        self.parser = expat.ParserCreate()
        self._whole, self._parts, self._take = whole, parts, take
        self.texts: list[str] = []
        self._phonetic = False
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end

    def _start(self, tag: str, _: Attributes) -> None:
        name = local(tag)
        if name == self._whole:
            self.texts.clear()
        elif name == "rPh":
            self._phonetic = True
        elif name in self._parts and not self._phonetic:
            self.parser.CharacterDataHandler = self.texts.append

    def _end(self, tag: str) -> None:
        name = local(tag)
        if name == self._whole:
            self._take("".join(self.texts))
        elif name == "rPh":
            self._phonetic = False
        elif name in self._parts:
            self.parser.CharacterDataHandler = None


class _Sheet:
    """The rows of a sheet, line by line.

    Handlers are called several times for each cell, fourteen million times for a million candidates: they do as little
    as they can.
    """

    def __init__(self, book: _Book) -> None:
        self._book = book
        self._strings, self._dates = book.strings, book.dates
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._root
        self._written: list[str] = []
        self._first: list[list[str]] | None = []
        self._width = 0
        self._number = 0
        self._cells: list[str] = []
        self._column = -1
        self._type = self._style = ""
        self.texts: list[str] = []
        self._phonetic = False

    def lines(self) -> Iterator[bytes]:
        for _ in self._book.parts.parse(self._book.sheet, self, MAX_SHEET):
            if len(self._written) > 1000:
                yield self._text()
        self._settle_width()
        yield self._text()

    def _text(self) -> bytes:
        text = "".join(self._written).encode("utf-8", "replace")
        self._written.clear()
        return text

    def _root(self, tag: str, _: Attributes) -> None:
        # A prefix, if there is one, is the same all over the sheet.
        prefix = tag.removesuffix("worksheet")
        self._row_tag, self._cell_tag, self._phonetic_tag = (f"{prefix}{name}" for name in ("row", "c", "rPh"))
        self._value_tags = (f"{prefix}v", f"{prefix}t")
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end

    def _start(self, tag: str, attributes: Attributes) -> None:
        if tag == self._cell_tag:
            self._column = _column(attributes["r"]) if "r" in attributes else self._column + 1
            self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self.texts.clear()
        elif tag in self._value_tags and not self._phonetic:
            self.parser.CharacterDataHandler = self.texts.append
        elif tag == self._row_tag:
            self._begin_row(attributes.get("r"))
        elif tag == self._phonetic_tag:
            self._phonetic = True

    def _end(self, tag: str) -> None:
        if tag == self._cell_tag:
            if self.texts:
                self._put(self._value("".join(self.texts)))
        elif tag in self._value_tags:
            self.parser.CharacterDataHandler = None
        elif tag == self._row_tag:
            self._end_row()
        elif tag == self._phonetic_tag:
            self._phonetic = False

    def _begin_row(self, stated: str | None) -> None:
        row = _whole(stated) if stated else self._number + 1
        if not self._number < row <= MAX_ROWS:
            raise Damaged(f"row {row} after row {self._number}")
        for _ in range(row - self._number - 1):
            self._add_row([])
        self._number, self._cells, self._column = row, [], -1

    def _put(self, value: str) -> None:
        cells, column = self._cells, self._column
        if column >= MAX_COLUMNS:
            raise Rejected(
                Issue.UNREADABLE,
                f"has a value in row {self._number:,} to the right of its first {MAX_COLUMNS:,} columns: clear those "
                "cells, and drop the file again",
            )
        if column >= len(cells):
            cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = value

    def _end_row(self) -> None:
        cells = self._cells
        while cells and not cells[-1]:
            cells.pop()
        self._add_row(cells)

    def _add_row(self, cells: list[str]) -> None:
        if self._first is None:
            self._write(cells)
            return
        self._first.append(cells)
        self._width = max(self._width, len(cells))
        if len(self._first) >= WIDTH_ROWS and self._width:
            self._settle_width()

    def _settle_width(self) -> None:
        first, self._first = self._first or [], None
        for cells in first:
            self._write(cells)

    def _write(self, cells: list[str]) -> None:
        if cells and len(cells) < self._width:
            cells.extend([""] * (self._width - len(cells)))
        self._written.append(",".join(cells) + "\n")

    def _value(self, text: str) -> str:
        """A cell's value as a field of CSV."""
        kind = self._type
        if kind == "s":
            index = int(text)
            if index < 0:
                raise Damaged("a text before the first")
            return self._strings[index]
        if kind == "n":
            return date(text, self._book.epoch) if self._style in self._dates else number(text)
        if kind == "b":
            return "TRUE" if text.strip() in ("1", "true") else "FALSE"
        if kind == "d":
            return field(text.strip().removesuffix("T00:00:00"))
        return field(text)


_COLUMNS: dict[str, int] = {}


def _column(reference: str) -> int:
    """The column of a reference such as AB12, from 0."""
    name = reference.rstrip("0123456789")
    column = _COLUMNS.get(name)
    if column is None:
        if not re.fullmatch("[A-Za-z]{1,3}", name):
            raise Damaged(f"reference {reference[:20]}")
        column = 0
        for character in name.upper():
            column = 26 * column + ord(character) - 64
        column = _COLUMNS[name] = column - 1
    return column


def _whole(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise Damaged("no whole number")
    return int(text)
