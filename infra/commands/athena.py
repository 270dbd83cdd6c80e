"""SQL on AWS: Athena over the lake itself, in the stack's own workgroup."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from infra import CommandError
from infra.commands.answer import Answer
from infra.commands.query import refused
from infra.stacks import current

_PAUSE_SECONDS: Final = 0.5
_PATIENCE_SECONDS: Final = 900


@contextmanager
def asked(query: str) -> Iterator[Answer]:
    """The answer to a query; a query that nobody waits for any more is stopped."""
    names, client = current.resources(), current.athena()
    if "SqlWorkGroup" not in names:
        raise CommandError("this stack was deployed without SQL (SqlScanBytes=0). Deploy it with another value.")
    try:
        started = client.start_query_execution(
            QueryString=query,
            WorkGroup=names["SqlWorkGroup"],
            QueryExecutionContext={"Database": names["SqlDatabase"]},
        )
    except client.exceptions.InvalidRequestException as error:
        raise refused(error.response["Error"]["Message"]) from None
    print("Athena is answering ...", file=sys.stderr)
    identifier = started["QueryExecutionId"]
    try:
        _wait(client, identifier)
    except (KeyboardInterrupt, TimeoutError):
        client.stop_query_execution(QueryExecutionId=identifier)
        raise CommandError("the query was stopped before it was answered.") from None
    yield _answer(client, identifier)


def _wait(client: Any, identifier: str) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        execution = client.get_query_execution(QueryExecutionId=identifier)["QueryExecution"]
        status = execution["Status"]
        if status["State"] == "SUCCEEDED":
            read = execution.get("Statistics", {}).get("DataScannedInBytes", 0)
            print(f"Athena read {read / 1e6:,.1f} MB.", file=sys.stderr)
            return
        if status["State"] in ("FAILED", "CANCELLED"):
            raise refused(status.get("StateChangeReason") or "The query was cancelled.")
        time.sleep(_PAUSE_SECONDS)
    raise TimeoutError


def _answer(client: Any, identifier: str) -> Answer:
    pages = iter(client.get_paginator("get_query_results").paginate(QueryExecutionId=identifier))
    first = next(pages)
    columns = tuple(each["Name"] for each in first["ResultSet"]["ResultSetMetadata"]["ColumnInfo"])
    return Answer(columns, _rows(first, pages))


def _rows(first: Any, others: Iterator[Any]) -> Iterator[tuple[str, ...]]:
    # The first row of the first page is the header.
    yield from _texts(first["ResultSet"]["Rows"][1:])
    for page in others:
        yield from _texts(page["ResultSet"]["Rows"])


def _texts(rows: list[Any]) -> Iterator[tuple[str, ...]]:
    return (tuple(cell.get("VarCharValue", "") for cell in row["Data"]) for row in rows)
