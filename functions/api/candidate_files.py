"""Candidates in a file that is sent to be scored at once: read as the lake's files are, row by row."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from jobchange import contract
from jobchange.contract import Issue, Severity
from jobchange.contract.candidate import MAX_BYTES, MAX_CANDIDATES, ReadCandidate
from jobchange.contract.reader import explanation
from jobchange.errors import TooLarge, Unprocessable
from schemas.predictions import FileNote, OtherColumns, RefusedRow, RowIssue

TYPES = ("text/csv", "application/gzip")
"""What a file may be sent as. What it is shows in its bytes."""
REQUEST: dict[str, Any] = {
    "requestBody": {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in TYPES}}
}
"""The part of the route's description that says so."""

_MAX_TEXT = 4 * MAX_BYTES
"""Bytes of text that a gzip may hold."""


class FileRoute(APIRoute):
    """A route for requests whose body is such a file; others go on to the next route."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child = super().matches(scope)
        types = (value for name, value in scope["headers"] if name == b"content-type")
        sent = next(types, b"").decode("latin-1").partition(";")[0].strip().lower()
        return (match, child) if sent in TYPES else (Match.NONE, {})


@dataclass
class CandidateFile:
    """The candidates of a file with their row numbers, the rows that are refused, and what else there is to say; and
    the columns of all rows that the contract doesn't know, which are given back and nothing else."""

    rows: list[int] = field(default_factory=list)
    candidates: list[ReadCandidate] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    notes: list[FileNote] = field(default_factory=list)
    others: OtherColumns | None = None


async def candidates_of(request: Request) -> CandidateFile:
    """A dependency: the candidates of the file in a request's body.

    Raises Unprocessable for a file that can't be used, and TooLarge for one with too many rows.
    """
    # Imported here: no other route needs them.
    from jobchange.reading.rejected import Rejected
    from jobchange.reading.table import Table, rows

    found, noted = CandidateFile(), Counter[tuple[Issue, str | None]]()
    try:
        table = Table(BytesIO(await request.body()), max_text=_MAX_TEXT)
        others = OtherColumns(names=[*table.layout.unexpected.values()], rows=[])
        for row in rows(table):
            if row.number > MAX_CANDIDATES:
                raise TooLarge(
                    f"The file has more than {MAX_CANDIDATES:,} rows. Send it in pieces, or drop it into the lake: "
                    "POST /uploads."
                )
            others.rows.append(row.others)
            if row.values is None:
                found.refused.append(RefusedRow(row=row.number, issues=[*map(_issue, row.issues)]))
                continue
            found.rows.append(row.number)
            found.candidates.append(_candidate(row.values))
            if row.issues:
                noted.update((each.issue, each.column) for each in row.issues)
    except Rejected as rejected:
        raise Unprocessable(f"The file {rejected.predicate}.") from None
    if not found.rows and not found.refused:
        raise Unprocessable("The file has a header but no rows: check that the export finished, and send it again.")
    noted.update({(Issue.HEADER_REPAIRED, name): 0 for name, _ in table.layout.repaired})
    noted.update({(Issue.UNEXPECTED_COLUMN, name): 0 for name in others.names})
    found.notes = [*_notes(noted)]
    found.others = others if others.names else None
    return found


def notes_of(inconsistent: Iterable[bool]) -> list[FileNote]:
    """What is to be said of candidates that aren't in a file and can be scored, as it would be of a file; of each,
    whether its values contradict each other."""
    count = sum(inconsistent)
    return [*_notes({(Issue.INCONSISTENT, "city_development_index"): count})] if count else []


def _candidate(values: Mapping[str, Any]) -> ReadCandidate:
    return ReadCandidate(values[contract.IDENTIFIER], {column.name: values[column.name] for column in contract.STORED})


def _issue(issue: Any) -> RowIssue:
    column = contract.BY_NAME.get(issue.column)
    missing = "empty" if column is not None and column.nullable else None
    read_as = issue.meant if issue.issue.severity is Severity.ERROR else None
    message = explanation(issue.issue, column, read_as, missing=missing)
    return RowIssue(type=issue.issue, column=issue.column, value=issue.value, message=message)


def _notes(noted: Mapping[tuple[Issue, str | None], int]) -> Iterator[FileNote]:
    for (issue, column), count in sorted(noted.items(), key=lambda each: (-each[1], each[0][0])):
        yield FileNote(type=issue, column=column, rows=count, message=issue.sentence)
