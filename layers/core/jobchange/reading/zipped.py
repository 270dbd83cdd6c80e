"""A file that is a zip: an Excel workbook becomes the text of its first sheet, anything else is named."""

import errno
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO

from jobchange.contract import Issue
from jobchange.reading import formats, workbook
from jobchange.reading.formats import Format
from jobchange.reading.rejected import Rejected
from jobchange.reading.workbook_parts import DAMAGES

MAX_PACKED = 100 << 20
"""Bytes of a zip: a sheet as long as Excel allows has 60 MB, and a function has 512 MB of disk."""
MAX_ENTRIES = 10_000
"""Entries of a zip, whose list is held in memory; a workbook has some twenty."""

_DAMAGED = "is a damaged {}: export it again, and drop the whole file"


def text(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The first visible sheet of a workbook, as CSV in UTF-8, in pieces (see `workbook.text`); `pieces` are the bytes
    of the zip, and are kept on disk meanwhile.

    Raises:
        Rejected: it is no workbook, or one that can't be read.
    """
    with tempfile.TemporaryFile() as copy:
        head, fits = _spool(pieces, copy)
        local = formats.local_names(head)
        if not fits:
            other = formats.of_zip(*local, whole=False)
            raise _refusal(other) if other else _too_large(f"is a workbook of more than {MAX_PACKED >> 20} MB")
        try:
            with zipfile.ZipFile(copy) as archive:
                names = archive.namelist()
                other = formats.of_zip(names, local[1])
                if other is None:
                    yield from workbook.text(archive)
                    return
        except (*DAMAGES, OSError) as error:
            # The disk's own errors aren't the file's; a place before the beginning is.
            if isinstance(error, OSError) and error.errno != errno.EINVAL:
                raise
            other = formats.of_zip(*local, whole=False)
            raise Rejected(Issue.UNREADABLE, _DAMAGED.format("zip archive" if other else "Excel workbook")) from error
        raise _refusal(other)


def _spool(pieces: Iterator[bytes], copy: IO[bytes]) -> tuple[bytes, bool]:
    """Copy a zip to a file; returns its head, and whether it was small enough to be copied whole."""
    head = next(pieces, b"")
    size, entries, end = copy.write(head), head.count(_ENTRY), head[-3:]
    for piece in pieces:
        size += copy.write(piece)
        entries += (end + piece).count(_ENTRY)
        end = (end + piece)[-3:]
        if size > MAX_PACKED:
            return head, False
    if entries > MAX_ENTRIES:
        raise _too_large(f"is a zip archive of more than {MAX_ENTRIES:,} files")
    return head, True


_ENTRY = b"PK\x01\x02"
"""What begins an entry of the list at the end of a zip."""


def _refusal(found: Format) -> Rejected:
    return Rejected(Issue.UNREADABLE, found.predicate)


def _too_large(what: str) -> Rejected:
    return Rejected(Issue.UNREADABLE, f"{what}: save its sheet of candidates as CSV UTF-8, and drop that file")
