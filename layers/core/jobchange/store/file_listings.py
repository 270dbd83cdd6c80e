"""Files listed: newest first, by the time of their upload, by upload form, and those that are being validated."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from jobchange import times
from jobchange.store import cursors, lake_layout
from jobchange.store.files import VALIDATING, File, from_row
from jobchange.store.tables import FileRow

_FIRST_YEAR = "2020"
"""No stack has older files. A listing that goes to its end asks each year since then, one query each."""
_NO_END = "~"
"""Follows every instant."""
_LONGEST_UPLOAD = timedelta(days=1)
"""From the making of a form to the end of what is sent with it."""


def validating_since(instant: str) -> Iterator[str]:
    """The files first claimed before an instant (RFC 3339) and still not validated, oldest first; never a scan."""
    for row in FileRow.validating_index.query(VALIDATING, FileRow.claimed_at < instant):
        yield row.file_id


def iter_file_ids(cursor: str | None) -> Iterator[tuple[str, str]]:
    """The id of every file, newest first, each with the cursor from which to go on after it."""
    query = ["everything"]
    before, before_id = cursors.decode(query, cursor, times.is_text, str.isalnum) if cursor else ("", "")
    for row in _newest_first(before, before_id):
        yield row.file_id, cursors.encode(query, [row.uploaded_at, row.file_id])


def list_newest(
    *, limit: int, cursor: str | None = None, start: str = "", end: str = ""
) -> tuple[list[File], str | None]:
    """Files newest first, and the cursor of the next page (None after the last one); of all, or of those uploaded from
    `start` to before `end`."""
    query = ["files", start, end]
    before, before_id = cursors.decode(query, cursor, times.is_text, str.isalnum) if cursor else (end, "")
    rows = list(islice(_newest_first(before, before_id, start=start), limit + 1))
    files = [from_row(row) for row in rows[:limit]]
    if len(rows) <= limit:
        return files, None
    last = rows[limit - 1]
    return files, cursors.encode(query, [last.uploaded_at, last.file_id])


def list_uploaded_between(start: str, end: str, *, limit: int) -> list[File]:
    """The files uploaded from `start` to before `end`, newest first; of more than `limit` the newest. One range query a
    year, of nothing but the range."""
    return [from_row(row) for row in islice(_newest_first(end, "", start=start), limit)]


def list_of_upload(upload_id: str, *, limit: int) -> list[File]:
    """The files that came by one upload form, the first one first. Mostly one; none until it is
    there, and one more for each time that the form was sent again.

    The upload's id holds when it began, so what was dropped between then and its end is read, and no more.
    """
    begun = datetime.fromtimestamp(int(upload_id[1:12], 16) / 1000, UTC)
    first, last = times.text(begun), times.text(begun + _LONGEST_UPLOAD)
    found: list[FileRow] = []
    for year in sorted({first[:4], last[:4]}):
        rows = FileRow.by_year.query(
            year,
            range_key_condition=FileRow.uploaded_at.between(first, last),
            filter_condition=FileRow.key.startswith(lake_layout.upload_key(upload_id, "")),
        )
        found += islice(rows, limit - len(found))
    return [from_row(row) for row in found]


def _newest_first(before: str, before_id: str, *, start: str = "") -> Iterator[FileRow]:
    """The files from `start` on that come after a position, newest first; one range query a year, of nothing else."""
    first, last = start or _FIRST_YEAR, before or _NO_END
    if first > last:
        # DynamoDB refuses such a range.
        return
    for year in _years(last, first):
        rows: Iterator[FileRow] = FileRow.by_year.query(
            year, FileRow.uploaded_at.between(first, last), scan_index_forward=False
        )
        yield from cursors.newest_first(rows, lambda row: (row.uploaded_at, row.file_id), (last, before_id))


def _years(last: str, first: str) -> Iterator[str]:
    """The years of two instants and all between them, the last one first, as far as there can be files."""
    newest, oldest = min(last, times.now()), max(first, _FIRST_YEAR)
    return map(str, range(int(newest[:4]), int(oldest[:4]) - 1, -1))
