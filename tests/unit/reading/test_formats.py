"""A file that isn't CSV is named for what it is, with the way to get a CSV out of it."""

import bz2
import gzip
import io
import json
import lzma
import pickle
import random
import sqlite3
import struct
import tarfile
import zlib

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from jobchange import contract
from jobchange.contract import Issue
from jobchange.reading import formats
from tests.support.dropped_files import HEADER, drop, file, row
from tests.support.workbooks import workbook, zipped

CSV = file(row(1), row(2))
BINARY = bytes(range(256)) * 4
EXCEL = "open it in Excel, choose Save as, CSV UTF-8, and drop that file"
CALC = "open it in LibreOffice, choose Save as, Text CSV, UTF-8, and drop that file"
EXPORT = "export it as CSV UTF-8 and drop that file"
TABLE = "export its table of candidates as CSV UTF-8 and drop that file"
UNPACK = "unpack it and drop the CSV file inside"
COMPRESS = "unpack it, or compress it with gzip, and drop it again"
DATA = "drop the data itself, as CSV UTF-8"
WORD = "copy its table into a spreadsheet, save that as CSV UTF-8, and drop that file"
WEB = "sign in, export again, and drop that file"
ATTACHMENT = "save its attachment and drop that"
R = "load it in R, write it with write.csv and row.names = FALSE, and drop that file"


def _tar(format_: int = tarfile.USTAR_FORMAT) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=format_) as writer:
        entry = tarfile.TarInfo("candidates.csv")
        entry.size = len(CSV)
        writer.addfile(entry, io.BytesIO(CSV))
    return archive.getvalue()


def _sqlite() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE candidates (enrollee_id INTEGER)")
    return connection.serialize()


def _ole2(stream: str, first: bytes = b"") -> bytes:
    """The header of an OLE2 file, its first sector, and a directory with one stream."""
    directory = stream.encode("utf-16-le").ljust(64, b"\0") + bytes(64)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + first.ljust(512, b"\0") + directory + bytes(400)


def _png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    body = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\0\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", body) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _open_document(kind: str) -> bytes:
    return zipped({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": "<a/>", "styles.xml": ""})


HTML = "<html><head><title>Export</title></head><body>{}</body></html>"
SPREADSHEET_ML = (
    '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>'
)
MAIL = (
    "Received: from a by b\r\n\tfor c; Fri, 2 Jan 2026 08:00:00 +0000\r\nFrom: a@b.example\r\nSubject: candidates\r\n"
    "MIME-Version: 1.0\r\n\r\nenrollee_id,city\r\n"
)
JSON_ROWS = [{"enrollee_id": number, "city": "city_103", "note": "x [y] {z}"} for number in range(5000)]

NAMED: dict[str, tuple[bytes, str, str]] = {
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "a PDF document", "ask for the data behind it as CSV"),
    "xls": (_ole2("Workbook"), "an old Excel workbook (.xls)", EXCEL),
    "xls with its directory far away": (
        _ole2("", b"\x09\x08\x10\0\0\6\5\0"),
        "an old Excel workbook (.xls)",
        EXCEL,
    ),
    "xls before OLE2": (b"\x09\x08\x08\0\0\x05\x10\0" + BINARY, "an old Excel workbook (.xls)", EXCEL),
    "some OLE2": (_ole2(""), "an old Excel workbook or another old Office document", EXCEL),
    "encrypted xlsx": (
        _ole2("EncryptedPackage"),
        "an Office document with a password",
        "open it in Excel, remove the password under File, Info, Protect Workbook, choose Save as, CSV UTF-8, and "
        "drop that file",
    ),
    "doc": (_ole2("WordDocument"), "an old Word document", WORD),
    "ppt": (_ole2("PowerPoint Document"), "an old PowerPoint presentation", DATA),
    "msg": (_ole2("__properties_version1.0"), "an e-mail of Outlook", ATTACHMENT),
    "xlsb": (
        zipped({"[Content_Types].xml": "", "xl/workbook.bin": BINARY}),
        "a binary Excel workbook (.xlsb)",
        EXCEL,
    ),
    "docx": (zipped({"[Content_Types].xml": "", "word/document.xml": ""}), "a Word document", WORD),
    "pptx": (zipped({"[Content_Types].xml": "", "ppt/presentation.xml": ""}), "a PowerPoint presentation", DATA),
    "ods": (_open_document("spreadsheet"), "an OpenDocument spreadsheet", CALC),
    "ots": (_open_document("spreadsheet-template"), "an OpenDocument spreadsheet", CALC),
    "odt": (_open_document("text"), "an OpenDocument text", WORD),
    "odp": (_open_document("presentation"), "an OpenDocument presentation", DATA),
    "odg": (_open_document("graphics"), "an OpenDocument file", DATA),
    "fods": (b'<?xml version="1.0"?>\n<office:document xmlns:office="x"/>', "an OpenDocument spreadsheet", CALC),
    "numbers": (
        zipped({"Index/Document.iwa": BINARY, "Index/Tables/DataList.iwa": BINARY, "preview.jpg": BINARY}),
        "a document of Apple's Numbers, Pages or Keynote",
        "open it in Numbers, choose File, Export To, CSV, and drop that file",
    ),
    "zip": (zipped({"march/candidates.CSV": CSV}), "a zip archive", UNPACK),
    "zip of a workbook": (
        zipped({"march.xlsx": workbook([["a"]])}),
        "a zip archive",
        "unpack it and drop the workbook inside",
    ),
    "zip of pictures": (
        zipped({"a.png": _png()}),
        "a zip archive without a CSV file in it",
        "export the candidates as CSV UTF-8 and drop that file",
    ),
    "empty zip": (
        zipped({}),
        "a zip archive without a CSV file in it",
        "export the candidates as CSV UTF-8 and drop that file",
    ),
    "tar": (_tar(), "a tar archive", UNPACK),
    "GNU tar": (_tar(tarfile.GNU_FORMAT), "a tar archive", UNPACK),
    "tar.gz": (gzip.compress(_tar()), "a gzip of a tar archive", UNPACK),
    "pdf.gz": (gzip.compress(b"%PDF-1.7\n"), "a gzip of a PDF document", "ask for the data behind it as CSV"),
    "zip.gz": (gzip.compress(zipped({"a.csv": CSV})), "a zip archive", UNPACK),
    "csv.gz.gz": (gzip.compress(gzip.compress(CSV)), "compressed twice", "compress it once, and drop it again"),
    "SQLite": (_sqlite(), "an SQLite database", TABLE),
    "Access": (b"\0\1\0\0Standard ACE DB\0" + BINARY, "an Access database", TABLE),
    "Parquet": (b"PAR1\x15\x04\x15" + BINARY + b"PAR1", "a Parquet file", EXPORT),
    "Avro": (b"Obj\x01\x04\x14avro.codec" + BINARY, "an Avro file", EXPORT),
    "ORC": (b"ORC\x08\x03\x10" + BINARY, "an ORC file", EXPORT),
    "Arrow": (b"ARROW1\0\0\xff\xff\xff\xff" + BINARY, "a Feather or Arrow file", EXPORT),
    "Feather 1": (b"FEA1\0\0\0\0" + BINARY, "a Feather or Arrow file", EXPORT),
    "sav": (
        b"$FL2@(#) SPSS DATA FILE MS Windows" + BINARY,
        "a data set of SPSS",
        "open it in SPSS, export it as CSV UTF-8, and drop that file",
    ),
    "dta": (
        b"<stata_dta><header><release>118</release>" + BINARY,
        "a data set of Stata",
        "open it in Stata, export it as CSV UTF-8, and drop that file",
    ),
    "old dta": (
        b"\x72\x02\x01\0\x0e\0" + BINARY,
        "a data set of Stata",
        "open it in Stata, export it as CSV UTF-8, and drop that file",
    ),
    "sas7bdat": (
        bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011") + BINARY,
        "a data set of SAS",
        "open it in SAS, export it as CSV UTF-8, and drop that file",
    ),
    "rds": (gzip.compress(b"X\n\0\0\0\x03\0\x04\x03\x01" + BINARY), "a gzip of a data file of R", R),
    "RData": (gzip.compress(b"RDX3\nX\n\0\0\0\x03" + BINARY), "a gzip of a data file of R", R),
    "HDF5": (b"\x89HDF\r\n\x1a\n" + BINARY, "an HDF5 file", EXPORT),
    "bzip2": (bz2.compress(CSV), "a file compressed with bzip2", COMPRESS),
    "xz": (lzma.compress(CSV), "a file compressed with xz", COMPRESS),
    "zstd": (b"\x28\xb5\x2f\xfd\x24\x10" + BINARY, "a file compressed with zstd", COMPRESS),
    "lz4": (b"\x04\x22\x4d\x18\x64\x40\xa7" + BINARY, "a file compressed with lz4", COMPRESS),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\4" + BINARY, "a 7z archive", UNPACK),
    "RAR": (b"Rar!\x1a\x07\x01\0" + BINARY, "a RAR archive", UNPACK),
    "PNG": (_png(), "a picture", DATA),
    "JPEG": (b"\xff\xd8\xff\xe0\0\x10JFIF\0" + BINARY, "a picture", DATA),
    "GIF": (b"GIF89a\x01\0\x01\0\x80\0\0" + BINARY, "a picture", DATA),
    "WebP": (b"RIFF\x24\0\0\0WEBPVP8 " + BINARY, "a picture", DATA),
    "TIFF": (b"II*\0\x08\0\0\0" + BINARY, "a picture", DATA),
    "big-endian TIFF": (b"MM\0*\0\0\0\x08" + BINARY, "a picture", DATA),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "a picture", DATA),
    "RTF": (
        b"{\\rtf1\\ansi\\ansicpg1252\\cocoartf2639\n\\f0 enrollee_id,city\\\n1,city_103}",
        "a rich text document (RTF)",
        "save it as plain text, in UTF-8, and drop that file",
    ),
    "web page": (b"\n<!DOCTYPE html>" + HTML.format("Sign in").encode(), "a web page, perhaps a sign-in form", WEB),
    "XHTML": (
        b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html/>',
        "a web page, perhaps a sign-in form",
        WEB,
    ),
    "HTML as xls": (
        HTML.format("<table><tr><td>enrollee_id</td></tr></table>").encode(),
        "a web page with a table, whatever its name ends in",
        EXCEL,
    ),
    "a bare table": (b"\xef\xbb\xbf<TABLE border=1><tr>", "a web page with a table, whatever its name ends in", EXCEL),
    "HTML in UTF-16": (HTML.format("").encode("utf-16"), "a web page, perhaps a sign-in form", WEB),
    "mht": (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n\r\n", "a web archive made by Excel", EXCEL),
    "XML spreadsheet": (
        SPREADSHEET_ML.encode(),
        "an XML spreadsheet of Excel, whatever its name ends in",
        EXCEL,
    ),
    "XML": (b'<?xml version="1.0"?>\n<candidates><candidate/></candidates>', "an XML document", EXPORT),
    "JSON": (json.dumps(JSON_ROWS[:3], indent=1).encode(), "JSON", EXPORT),
    "long JSON": (json.dumps(JSON_ROWS).encode(), "JSON", EXPORT),
    "JSON object": (b'{"rows": []}\n', "JSON", EXPORT),
    "deep JSON": (b"[" * 100_000, "JSON", EXPORT),
    "JSON Lines": ("\n".join(map(json.dumps, JSON_ROWS)).encode(), "JSON Lines", EXPORT),
    "YAML": (b"---\n- enrollee_id: 1\n  city: city_103\n", "YAML", EXPORT),
    "eml": (MAIL.encode(), "an e-mail", ATTACHMENT),
    "vCard": (
        b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:x\r\n",
        "a vCard or calendar file",
        TABLE.replace("its table of", "the"),
    ),
} | {
    f"pickle {protocol}": (
        pickle.dumps([{"enrollee_id": 1}] * 9, protocol),
        "a Python pickle",
        "load it in Python, write it with pandas' to_csv, and drop that file",
    )
    for protocol in range(2, 6)
}


@pytest.mark.parametrize("kind", NAMED)
@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
def test_each_format_is_named_with_the_way_to_a_csv(kind: str, chunk_bytes: int) -> None:
    data, what, advice = NAMED[kind]

    findings = drop(data, name="x.csv", chunk_bytes=chunk_bytes).findings

    assert (findings.fatal, findings.reason) == (
        Issue.UNREADABLE,
        f"x.csv is {what}, not comma-separated text: {advice}.",
    )


def test_a_zip_that_is_cut_off_is_named_by_what_is_left_of_it() -> None:
    for data, what in ((zipped({"a.csv": BINARY * 9}), "zip archive"), (workbook([["a"] * 99]), "Excel workbook")):
        findings = drop(data[:-60], name="x.csv").findings
        assert findings.reason == f"x.csv is a damaged {what}: export it again, and drop the whole file."


def test_a_zip_tells_its_entries_wherever_they_are() -> None:
    far: dict[str, bytes | str | None] = {
        "[Content_Types].xml": "",
        "docProps/thumbnail.jpeg": random.Random(1).randbytes(200_000),
        "word/document.xml": "",
    }

    assert "is a Word document" in (drop(zipped(far)).findings.reason or "")


@pytest.mark.parametrize("tail", [b"\n", b"\r\n", b"\0" * 512, b" \n\0\t\x1a" * 300])
@pytest.mark.parametrize("chunk_bytes", [1, 7, 1 << 20])
def test_a_gzip_with_padding_behind_it_is_as_good(tail: bytes, chunk_bytes: int) -> None:
    packed = gzip.compress(CSV[:50]) + tail + gzip.compress(CSV[50:]) + tail

    assert drop(packed, chunk_bytes=chunk_bytes).outputs == drop(CSV).outputs


def test_a_gzip_with_anything_else_behind_it_is_damaged() -> None:
    findings = drop(gzip.compress(CSV) + b"\nenrollee_id\n", name="x.csv").findings

    assert findings.reason == "x.csv is a damaged gzip: compress the original file again and drop that."


TRAPS = [
    *("PAR1", "ORC", "BZh9", "Rar!", "GIF89a", "%PDF", "PK", "II*", "RIFF", "Obj", "FEA1", "$FL2", "RDX3", "7z"),
    *("SQLite format 3", "[1]", "[", "{", "{id}", "[enrollee]", '["a"]', '{"a": 1}', "---", "<b>", "<10", "From: x"),
    *("BEGIN", "%", "\\rtf", "ustar", "X", "ID", "ARROW1", "\xff\xd8\xff", "€\x04"),
]


@pytest.mark.large
@settings(max_examples=500, deadline=None)
@given(
    st.permutations(contract.NAMES),
    st.lists(st.tuples(st.sampled_from(TRAPS) | st.text(max_size=300), st.integers(0, 14)), max_size=4),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.binary(max_size=2000),
)
@example(contract.NAMES, [("<10", 0)], ",", "\n", False, "utf-8", b"")
@example(contract.NAMES, [("[1]", 0)], ",", "\n", False, "utf-8", b"")
def test_a_csv_with_a_good_header_is_never_mistaken_for_another_format(
    names: list[str],
    others: list[tuple[str, int]],
    separator: str,
    newline: str,
    quoted: bool,
    encoding: str,
    rows: bytes,
) -> None:
    cells = [*names]
    for other, place in others:
        cells.insert(place, " ".join(other.split()))
    assume(not any(cell.startswith(("{\\rtf", "<!--", "BEGIN:VC")) for cell in cells))
    line = separator.join('"' + cell.replace('"', '""') + '"' if quoted else cell for cell in cells)
    text = line.encode(encoding, "replace") + newline.encode(encoding).removeprefix(b"\xff\xfe")

    for head in (text, (text + rows)[: 1 << 16]):
        assert formats.of(head) is None
        assert formats.of_text(head.decode(encoding, "replace").removeprefix("\ufeff"), whole=True) is None
        assert not head.startswith(formats.ZIP)


def test_every_format_is_tested() -> None:
    tested = {what.removeprefix("a gzip of ") for _, what, _ in NAMED.values()}

    assert {found.what for _, found in (*formats._BINARY, *formats._BY_NAME, *formats._IN_OLE2)} <= tested


def test_a_line_of_brackets_is_no_json() -> None:
    for first in ("[1]", "[enrollee_id]", "{x}", "[2026]\nenrollee_id", "[]"):
        assert formats.of_text(f"{first},{HEADER}\n", whole=True) is None
