"""From the bytes of a dropped file to text that can be cut into lines: unpacking, encodings, and what isn't text."""

import codecs
import zlib
from collections.abc import Iterator
from typing import IO, Protocol

from jobchange.contract import Issue

MAX_TEXT = 4 << 30
"""Bytes of unpacked text in one file: four times what ten million rows have, and the end of a gzip bomb."""

HEAD = 1 << 16
"""Bytes in which a file shows its encoding, its line ends and its whole header."""

_GZIP = b"\x1f\x8b"

_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF document", "ask for the data behind it as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "open it in Excel, choose Save as, CSV UTF-8, and drop that file"),
    (b"PAR1", "a Parquet file", "export it as CSV UTF-8 and drop that file"),
    (b"BZh", "compressed with bzip2", "unpack it, or compress it with gzip, and drop it again"),
    (b"\xfd7zXZ", "compressed with xz", "unpack it, or compress it with gzip, and drop it again"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it, or compress it with gzip, and drop it again"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it and drop the CSV file inside"),
    (b"Rar!", "a RAR archive", "unpack it and drop the CSV file inside"),
    (b"\x89PNG", "a picture", "drop the data itself, as CSV UTF-8"),
    (b"\xff\xd8\xff", "a picture", "drop the data itself, as CSV UTF-8"),
    (_GZIP, "compressed twice", "compress it once, and drop it again"),
)


class Rejected(Exception):
    """The file is refused as a whole, for `issue`. `predicate` says what is wrong and what to do: a sentence of which
    the file's name is the subject. `columns` are the contract's columns it is about, if it is about columns."""

    def __init__(self, issue: Issue, predicate: str, columns: tuple[str, ...] = ()) -> None:
        super().__init__(predicate)
        self.issue = issue
        self.predicate = predicate
        self.columns = columns


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
    ASCII's characters; the first piece holds `HEAD` bytes or the whole text. `content` gets the unpacked bytes.

    Raises:
        Rejected: the file isn't text, can't be unpacked or decoded, or is larger than `MAX_TEXT`.
    """
    raw = _read(source, chunk_bytes)
    head = next(raw, b"")
    packed = _with_head(raw, head, len(_GZIP))
    first = next(packed, b"")
    unpacked = _unpack(first, packed, chunk_bytes) if first.startswith(_GZIP) else _prepend(first, packed)
    yield from _decode(_counted(unpacked, content))


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
    """The content of a gzip of one or more members; zeros after the last one are padding."""
    member = zlib.decompressobj(wbits=31)
    try:
        for piece in _prepend(first, rest):
            packed = piece
            while packed:
                if member.eof:
                    if not packed.strip(b"\0"):
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


def _counted(unpacked: Iterator[bytes], content: Digest) -> Iterator[bytes]:
    size = 0
    for piece in unpacked:
        size += len(piece)
        if size > MAX_TEXT:
            raise Rejected(
                Issue.UNREADABLE,
                f"holds more than {MAX_TEXT >> 30} GB of text: split it and drop the pieces",
            )
        content.update(piece)
        yield piece


def _decode(unpacked: Iterator[bytes]) -> Iterator[bytes]:
    headed = _with_head(unpacked, b"", HEAD)
    head = next(headed)
    _refuse_other_formats(head)
    encoding = _utf_16(head)
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


def _refuse_other_formats(head: bytes) -> None:
    for signature, what, advice in _SIGNATURES:
        if head.startswith(signature):
            raise Rejected(Issue.UNREADABLE, f"is {what}, not comma-separated text: {advice}")
    if head.startswith(b"PK\x03\x04"):
        if b"[Content_Types].xml" in head or b"xl/" in head:
            raise Rejected(
                Issue.UNREADABLE,
                "is an Excel workbook: open it in Excel, choose Save as, CSV UTF-8, and drop that file",
            )
        raise Rejected(Issue.UNREADABLE, "is a zip archive: unpack it and drop the CSV file inside")
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:200].lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta", b"<head")):
        raise Rejected(
            Issue.UNREADABLE,
            "is a web page, perhaps a sign-in form: sign in, export again, and drop that file",
        )
    if start.startswith((b"{", b"[")):
        raise Rejected(Issue.UNREADABLE, "is JSON, not comma-separated text: export it as CSV UTF-8 and drop that file")


_CONTROL = bytes({*range(32)} - {*b"\t\n\r\f\v\x1a"}) + b"\x7f"


def _refuse_binary(head: bytes) -> None:
    # A damaged text has a few control characters; a program's own format has one byte in ten.
    if len(head) - len(head.translate(None, _CONTROL)) > max(8, len(head) // 20):
        raise Rejected(
            Issue.UNREADABLE, "isn't text but some program's own format: export it as CSV UTF-8 and drop that file"
        )
