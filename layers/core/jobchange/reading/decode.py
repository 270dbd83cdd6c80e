"""From the bytes of a dropped file to text that can be cut into lines: unpacking, encodings, and what isn't text.

Workbooks are read as text too (`zipped`); other `formats` are named.
"""

import codecs
import re
import zlib
from collections.abc import Iterator
from typing import IO, Protocol

from jobchange.contract import Issue
from jobchange.reading import formats, zipped
from jobchange.reading.formats import GZIP_IN_GZIP, Format
from jobchange.reading.rejected import Rejected

MAX_TEXT = 4 << 30
"""Bytes of unpacked text in one file: four times what ten million rows have, and the end of a gzip bomb."""

HEAD = 1 << 16
"""Bytes in which a file shows its encoding, its line ends and its whole header."""

_GZIP = b"\x1f\x8b"
_PADDING = b"\0 \t\r\n\x1a"
"""What may stand behind a gzip: tapes are filled with zeros, and people and programs add a line end."""


class Digest(Protocol):
    """A running hash, as `hashlib` makes them."""

    def update(self, data: bytes, /) -> None: ...


def text_of(raw: bytes) -> str:
    """The text of a few bytes of the file: UTF-8, or else Windows-1252, which is what spreadsheets write where they
    don't write UTF-8. Never raises: Latin-1, the last resort, has a character for each byte."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def pieces(source: IO[bytes], content: Digest, chunk_bytes: int) -> Iterator[bytes]:
    """The file's text in pieces, unpacked, without its byte order mark, in an encoding that has ASCII's bytes for
    ASCII's characters; the first piece holds `HEAD` bytes or the whole text. A workbook's text is its first sheet.
    `content` gets the unpacked bytes of the file.

    Raises:
        Rejected: the file is neither text nor a workbook, can't be unpacked or decoded, or is larger than `MAX_TEXT`.
    """
    raw = _read(source, chunk_bytes)
    head = next(raw, b"")
    packed = _with_head(raw, head, len(_GZIP))
    first = next(packed, b"")
    in_gzip = first.startswith(_GZIP)
    unpacked = _unpack(first, packed, chunk_bytes) if in_gzip else _prepend(first, packed)
    yield from _text(_digested(_limited(unpacked), content), in_gzip)


def _read(source: IO[bytes], chunk_bytes: int) -> Iterator[bytes]:
    while piece := source.read(chunk_bytes):
        yield piece


def _prepend(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _with_head(rest: Iterator[bytes], first: bytes, size: int) -> Iterator[bytes]:
    """The same bytes, the first piece at least `size` long if there are as many."""
    head = bytearray(first)
    for piece in rest:
        head += piece
        if len(head) >= size:
            break
    yield bytes(head)
    yield from rest


def _unpack(first: bytes, rest: Iterator[bytes], chunk_bytes: int) -> Iterator[bytes]:
    """The content of a gzip of one or more members; padding may follow each."""
    member = zlib.decompressobj(wbits=31)
    try:
        for piece in _prepend(first, rest):
            packed = piece
            while packed:
                if member.eof:
                    packed = packed.lstrip(_PADDING)
                    if not packed:
                        break
                    member = zlib.decompressobj(wbits=31)
                text = member.decompress(packed, chunk_bytes)
                while text:
                    yield text
                    text = member.decompress(member.unconsumed_tail, chunk_bytes)
                packed = member.unused_data
    except zlib.error as error:
        raise Rejected(Issue.UNREADABLE, "is a damaged gzip: compress the original file again and drop that") from error
    if not member.eof:
        raise Rejected(
            Issue.UNREADABLE, "is a gzip that ends early, as after an upload that broke off: drop the whole file again"
        )


def _limited(pieces: Iterator[bytes]) -> Iterator[bytes]:
    return bounded(pieces, MAX_TEXT, f"holds more than {MAX_TEXT >> 30} GB of text: split it and drop the pieces")


def bounded(pieces: Iterator[bytes], most: int, predicate: str) -> Iterator[bytes]:
    """The same bytes; more than `most` are refused with a predicate (see `Rejected`)."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise Rejected(Issue.UNREADABLE, predicate)
        yield piece


def _digested(unpacked: Iterator[bytes], content: Digest) -> Iterator[bytes]:
    for piece in unpacked:
        content.update(piece)
        yield piece


def _text(unpacked: Iterator[bytes], in_gzip: bool) -> Iterator[bytes]:
    headed = _with_head(unpacked, b"", HEAD)
    head = next(headed)
    if head.startswith(formats.ZIP):
        yield from _with_head(_limited(zipped.text(_prepend(head, headed))), b"", HEAD)
        return
    found = GZIP_IN_GZIP if head.startswith(_GZIP) else formats.of(head)
    if found:
        raise _refusal(found, in_gzip)
    encoding = _utf_16(head)
    # The first characters show the format; where the last of them was cut in two is of no account.
    found = formats.of_text(head.decode(encoding or "utf-8-sig", "replace"), whole=len(head) < HEAD)
    if found:
        raise _refusal(found, in_gzip)
    if encoding is None:
        _refuse_binary(head)
        yield head.removeprefix(codecs.BOM_UTF8)
        yield from headed
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in _prepend(head, headed):
            yield decoder.decode(piece).encode()
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise Rejected(
            Issue.ENCODING, "begins as UTF-16 but isn't: save it again as CSV UTF-8 and drop that file"
        ) from error


def _refusal(found: Format, in_gzip: bool) -> Rejected:
    return Rejected(Issue.UNREADABLE, (found.in_gzip() if in_gzip and found is not GZIP_IN_GZIP else found).predicate)


def _utf_16(head: bytes) -> str | None:
    """The encoding of a text in UTF-16, by its byte order mark or by the zeros beside ASCII's characters."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise Rejected(Issue.ENCODING, "is UTF-32: save it again as CSV UTF-8 and drop that file")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = head[:64]
    if len(sample) >= 4:
        if not any(sample[1::2]) and all(sample[0::2]):
            return "utf-16-le"
        if not any(sample[0::2]) and all(sample[1::2]):
            return "utf-16-be"
    return None


_CONTROL = bytes({*range(32)} - {*b"\t\n\r\f\v\x1a"}) + b"\x7f"


_WIDE = re.compile(rb"(?:[\t\r\n -~]\0){8,}")
"""Text in UTF-16: what some shells append to a file, whatever its encoding is."""


def _refuse_binary(head: bytes) -> None:
    # A damaged text has a few control characters; a program's own format has one byte in ten.
    text = _WIDE.sub(b"", head) if b"\0" in head else head
    if len(text) - len(text.translate(None, _CONTROL)) > max(8, len(text) // 20):
        raise Rejected(
            Issue.UNREADABLE, "isn't text but some program's own format: export it as CSV UTF-8 and drop that file"
        )
