"""What a file is that isn't CSV, known by its first bytes or by the names in a zip, and how to get a CSV out of it."""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Format:
    """What a file is, as a noun with its article, and what its sender can do."""

    what: str
    advice: str

    @property
    def predicate(self) -> str:
        """What is wrong and what to do: a sentence of which the file's name is the subject."""
        return f"is {self.what}, not comma-separated text: {self.advice}"

    def in_gzip(self) -> Self:
        """The same, found in a gzip."""
        return type(self)(f"a gzip of {self.what}", self.advice)


ZIP = b"PK\x03\x04"

_UNPACK = "unpack it and drop the CSV file inside"
_COMPRESS = "unpack it, or compress it with gzip, and drop it again"
_IN_EXCEL = "open it in Excel, choose Save as, CSV UTF-8, and drop that file"
_IN_CALC = "open it in LibreOffice, choose Save as, Text CSV, UTF-8, and drop that file"
_EXPORT = "export it as CSV UTF-8 and drop that file"
_DATA_ITSELF = "drop the data itself, as CSV UTF-8"
_IN_WORD = "copy its table into a spreadsheet, save that as CSV UTF-8, and drop that file"
_WITH_ITS_PROGRAM = "open it in {}, export it as CSV UTF-8, and drop that file"
_IN_PYTHON = "load it in Python, write it with pandas' to_csv, and drop that file"
_IN_R = "load it in R, write it with write.csv and row.names = FALSE, and drop that file"
_EXPORT_TABLE = "export its table of candidates as CSV UTF-8 and drop that file"

_PICTURE = Format("a picture", _DATA_ITSELF)
_R = Format("a data file of R", _IN_R)
_STATA = Format("a data set of Stata", _WITH_ITS_PROGRAM.format("Stata"))
_SPSS = Format("a data set of SPSS", _WITH_ITS_PROGRAM.format("SPSS"))
_OLD_WORKBOOK = Format("an old Excel workbook (.xls)", _IN_EXCEL)
_SQLITE = Format("an SQLite database", _EXPORT_TABLE)
_ACCESS = Format("an Access database", _EXPORT_TABLE)
_OPEN_DOCUMENT = Format("an OpenDocument spreadsheet", _IN_CALC)
_ZIPPED_WORKBOOK = Format("a zip archive", "unpack it and drop the workbook inside")
_EMPTY_ZIP = Format("a zip archive without a CSV file in it", "export the candidates as CSV UTF-8 and drop that file")
GZIP_IN_GZIP = Format("compressed twice", "compress it once, and drop it again")

_BINARY: tuple[tuple[bytes, Format], ...] = (
    (rb"%PDF-\d", Format("a PDF document", "ask for the data behind it as CSV")),
    (rb"PAR1[^\t\n\r -~]", Format("a Parquet file", _EXPORT)),
    (rb"Obj\x01", Format("an Avro file", _EXPORT)),
    (rb"ORC[^\t\n\r -~]", Format("an ORC file", _EXPORT)),
    (rb"ARROW1\0\0|FEA1[^\t\n\r -~]", Format("a Feather or Arrow file", _EXPORT)),
    (rb"\$FL[23]@\(#\)", _SPSS),
    (rb"<stata_dta>|[\x69\x6c\x6e\x6f\x71-\x73][\x01\x02]\x01\0", _STATA),
    (
        rb"\0{12}\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\0",
        Format("a data set of SAS", _WITH_ITS_PROGRAM.format("SAS")),
    ),
    (rb"RD[AX][23]\n[AX]\n|X\n\0\0\0[\x02\x03]", _R),
    (rb"\x80[\x02-\x05][\x80-\xff(\]}cX\x8c]", Format("a Python pickle", _IN_PYTHON)),
    (rb"\x89HDF\r\n\x1a\n", Format("an HDF5 file", _EXPORT)),
    (rb"SQLite format 3\0", _SQLITE),
    (rb"\0\x01\0\0Standard (?:Jet|ACE) DB", _ACCESS),
    (rb"BZh[1-9]1AY&SY", Format("a file compressed with bzip2", _COMPRESS)),
    (rb"\xfd7zXZ\0", Format("a file compressed with xz", _COMPRESS)),
    (rb"\x28\xb5\x2f\xfd", Format("a file compressed with zstd", _COMPRESS)),
    (rb"\x04\x22\x4d\x18", Format("a file compressed with lz4", _COMPRESS)),
    (rb"PK\x05\x06", _EMPTY_ZIP),
    (rb"7z\xbc\xaf\x27\x1c", Format("a 7z archive", _UNPACK)),
    (rb"Rar!\x1a\x07", Format("a RAR archive", _UNPACK)),
    (rb".{257}ustar[\0 ]", Format("a tar archive", _UNPACK)),
    (rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a.{4}[\0-\xff]{2}\0|RIFF.{4}WEBP|II\*\0|MM\0\*", _PICTURE),
    (rb"\x09\x08[\x08\x10]\0\0[\x05\x06]", _OLD_WORKBOOK),
)
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), found) for pattern, found in _BINARY)

_OLE2 = b"\xd0\xcf\x11\xe0"
_IN_OLE2: tuple[tuple[str, Format], ...] = (
    (
        "EncryptedPackage",
        Format(
            "an Office document with a password",
            "open it in Excel, remove the password under File, Info, Protect Workbook, choose Save as, CSV UTF-8, and "
            "drop that file",
        ),
    ),
    ("WordDocument", Format("an old Word document", _IN_WORD)),
    ("PowerPoint Document", Format("an old PowerPoint presentation", _DATA_ITSELF)),
    ("__properties_version1.0", Format("an e-mail of Outlook", "save its attachment and drop that")),
    ("Workbook", _OLD_WORKBOOK),
)
_SOME_OLE2 = Format("an old Excel workbook or another old Office document", _IN_EXCEL)


def of(head: bytes) -> Format | None:
    """What a file is that begins with these bytes (64 KB, or the whole file); None for a zip (see `of_zip`), and for
    what may be a CSV."""
    for pattern, found in _PATTERNS:
        if pattern.match(head):
            return found
    if head.startswith(_OLE2):
        return _of_ole2(head)
    return None


def _of_ole2(head: bytes) -> Format:
    # The names of its streams are in UTF-16; they may also stand behind the head.
    for name, found in _IN_OLE2:
        if name.encode("utf-16-le") in head:
            return found
    # A workbook's own first bytes, in the first sector.
    return _OLD_WORKBOOK if head[512:514] == b"\x09\x08" else _SOME_OLE2


_MIMETYPES = {
    "spreadsheet": _OPEN_DOCUMENT,
    "text": Format("an OpenDocument text", _IN_WORD),
    "presentation": Format("an OpenDocument presentation", _DATA_ITSELF),
}
_BY_NAME: tuple[tuple[str, Format], ...] = (
    (r"xl/workbook\.bin", Format("a binary Excel workbook (.xlsb)", _IN_EXCEL)),
    (r"word/", Format("a Word document", _IN_WORD)),
    (r"ppt/", Format("a PowerPoint presentation", _DATA_ITSELF)),
    (
        r"Index/.*\.iwa|Index\.zip|buildVersionHistory\.plist",
        Format(
            "a document of Apple's Numbers, Pages or Keynote",
            "open it in Numbers, choose File, Export To, CSV, and drop that file",
        ),
    ),
)


def of_zip(names: Collection[str], mimetype: str, *, whole: bool = True) -> Format | None:
    """What a zip is, by the names in it and by the content of its entry `mimetype`, if it has one; None for an Excel
    workbook. `whole`: these are all its names."""
    if mimetype.startswith("application/vnd.oasis.opendocument."):
        kind = mimetype.removeprefix("application/vnd.oasis.opendocument.").partition("-")[0].strip()
        return _MIMETYPES.get(kind, Format("an OpenDocument file", _DATA_ITSELF))
    for pattern, found in _BY_NAME:
        if any(re.match(pattern, name) for name in names):
            return found
    if any(name.startswith("xl/") for name in names):
        return None
    plain = [name.lower() for name in names]
    if whole and not any(name.endswith((".csv", ".tsv", ".txt", ".csv.gz")) for name in plain):
        return _ZIPPED_WORKBOOK if any(name.endswith((".xlsx", ".xlsm")) for name in plain) else _EMPTY_ZIP
    return Format("a zip archive", _UNPACK)


_WEB_PAGE = Format("a web page, perhaps a sign-in form", "sign in, export again, and drop that file")
_WEB_TABLE = Format("a web page with a table, whatever its name ends in", _IN_EXCEL)
_VCARD = Format("a vCard or calendar file", "export the candidates as CSV UTF-8 and drop that file")
_MAIL = Format("an e-mail", "save its attachment and drop that")
_MAIL_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]*):[ \t]")


def of_text(head: str, *, whole: bool) -> Format | None:
    """What a text is that begins so; None for what may be a CSV. `whole`: this is all of it."""
    text = head.lstrip()
    start = text[:100].lower()
    if start.startswith("{\\rtf"):
        return Format("a rich text document (RTF)", "save it as plain text, in UTF-8, and drop that file")
    if re.match(r"<(\?xml|!doctype|html|head|meta|body|table|svg|office:document|workbook)[\s>]|<!--", start):
        return _of_markup(text.lower())
    if start.startswith(("begin:vcard", "begin:vcalendar")):
        return _VCARD
    if re.match(r"mime-version:.*\r?\nx-document-type: workbook", start):
        return Format("a web archive made by Excel", _IN_EXCEL)
    if _is_mail(text):
        return _MAIL
    if re.match(r"%yaml|---[ \t]*\r?\n(- |[\w\"'-]+:)", start):
        return Format("YAML", _EXPORT)
    if start.startswith(("{", "[")):
        return _of_json(text, whole)
    return None


def _of_markup(text: str) -> Format:
    if "urn:schemas-microsoft-com:office:spreadsheet" in text or 'progid="excel.sheet"' in text:
        return Format("an XML spreadsheet of Excel, whatever its name ends in", _IN_EXCEL)
    if "<office:document" in text:
        return _OPEN_DOCUMENT
    if re.search(r"<(!doctype\s+html|html|head|meta|body|table)[\s>]", text):
        return _WEB_TABLE if re.search(r"<table[\s>]", text) else _WEB_PAGE
    return _PICTURE if "<svg" in text[:1000] else Format("an XML document", _EXPORT)


def _is_mail(text: str) -> bool:
    """Whether a text begins as an e-mail: with fields, among them who wrote it, and one that only machines write."""
    fields: set[str] = set()
    for line in text.splitlines():
        field = _MAIL_FIELD.match(line)
        if field:
            fields.add(field[1].lower())
        elif not fields or not line.startswith((" ", "\t")):
            break
    return "from" in fields and not fields.isdisjoint({"received", "message-id", "mime-version", "return-path"})


def _of_json(text: str, whole: bool) -> Format | None:
    """JSON, or one JSON value a line; None where the text only begins with a bracket, as a cell may."""
    found = Format("JSON", _EXPORT)
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as error:
        # Cut off by the end of the head, and right until there.
        cut = error.pos >= len(text) - 1 or error.msg.startswith("Unterminated string")
        return found if cut and not whole else None
    except RecursionError:
        return found
    rest = text[end:].lstrip(" \t")
    if not rest.strip():
        return found
    return Format("JSON Lines", _EXPORT) if re.match(r"\r?\n\s*[{\[]", rest) else None


def local_names(head: bytes) -> tuple[Sequence[str], str]:
    """The names of the entries of a zip as far as its head has them, and the content of its entry `mimetype`,
    which OpenDocument puts first and stores as it is."""
    names, mimetype = [], ""
    at = 0
    while at >= 0:
        size, extra = (int.from_bytes(head[at + here : at + here + 2], "little") for here in (26, 28))
        name = head[at + 30 : at + 30 + size].decode("utf-8", "replace")
        names.append(name)
        if name == "mimetype":
            stored = int.from_bytes(head[at + 18 : at + 22], "little")
            begin = at + 30 + size + extra
            mimetype = head[begin : begin + min(stored, 100)].decode("ascii", "replace")
        at = head.find(ZIP, at + 30)
    return names, mimetype
