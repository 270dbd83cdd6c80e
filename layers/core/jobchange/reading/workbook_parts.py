"""The XML parts of a workbook, each parsed within bounds of size and memory."""

import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Protocol
from xml.parsers import expat

from jobchange.contract import Issue
from jobchange.reading.rejected import Rejected

_MAX_PART = 16 << 20
"""Unpacked bytes of the small parts, which are read before the sheet."""
_MAX_ELEMENTS = 200_000
"""Elements of such a part; Excel has 65,490 styles at most, and as many that they are based on."""
_MAX_TAG = 1 << 20
"""Bytes of one tag, which the parser holds back until it ends, and characters of one cell; Excel allows 32,767."""
_READ_BYTES = 1 << 18
_CHUNK_CHARACTERS = 1 << 15


class Damaged(Exception):
    """The parts of the workbook contradict each other or the standard."""


DAMAGES = (
    *(Damaged, expat.ExpatError, zipfile.BadZipFile, zlib.error, struct.error),
    *(LookupError, EOFError, ValueError, NotImplementedError),
)
"""What damage in the archive or in its parts looks like."""


Attributes = Mapping[str, str]


class Reader(Protocol):
    """What a part is parsed for: a parser with its handlers, and the text of the element that it is in."""

    parser: expat.XMLParserType
    texts: list[str]


class Parts:
    """The XML parts of an archive, each parsed within bounds."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {name.lower(): name for name in archive.namelist()}

    def has(self, name: str) -> bool:
        return name.lower() in self._names

    def parse(self, name: str, reader: Reader, most: int) -> Iterator[None]:
        """Parse a part of `most` unpacked bytes, and yield after each piece."""
        parser = reader.parser
        entry = self._archive.getinfo(self._names[name.lower()])
        if entry.flag_bits & 1:
            raise Rejected(Issue.UNREADABLE, "is protected by a password: save it without one, and drop that file")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Damaged(entry.compress_type)
        parser.buffer_text = True
        parser.buffer_size = _CHUNK_CHARACTERS
        # The standard allows no document type, and so no entity that could grow.
        parser.StartDoctypeDeclHandler = _refuse_doctype
        size = 0
        with self._archive.open(entry) as part:
            while piece := part.read(_READ_BYTES):
                size += len(piece)
                if size > most:
                    raise Rejected(
                        Issue.UNREADABLE,
                        f"is a workbook that holds more than {most >> 20:,} MB: save its sheet of candidates as CSV "
                        "UTF-8, and drop that file",
                    )
                parser.Parse(piece, False)
                if size - parser.CurrentByteIndex > _MAX_TAG or sum(map(len, reader.texts)) > _MAX_TAG:
                    raise Damaged("an endless tag or text")
                yield
        parser.Parse(b"", True)
        yield

    def elements(self, name: str, *tags: str) -> list[tuple[str, Attributes]]:
        """The elements of a small part with these names (without prefix), in their order."""
        reader = _Elements(tags)
        for _ in self.parse(name, reader, _MAX_PART):
            pass
        return reader.found


class _Elements:
    """Collects the elements of a part that have one of some names."""

    def __init__(self, tags: tuple[str, ...]) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.texts: list[str] = []
        self.found: list[tuple[str, Attributes]] = []
        self._tags = tags

    def _start(self, tag: str, attributes: Attributes) -> None:
        name = local(tag)
        if name in self._tags:
            if len(self.found) >= _MAX_ELEMENTS:
                raise Damaged("too many elements")
            self.found.append((name, attributes))


def _refuse_doctype(*_: object) -> None:
    raise Damaged("a document type")


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]
