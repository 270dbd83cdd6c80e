"""SQL on this machine: DuckDB over a copy of the lake's scored parts, which is deleted afterwards."""

import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb

from infra import CommandError
from infra.build.scored_columns import FILE_OF_KEY, STORED, VIEW
from infra.commands.answer import Answer
from infra.commands.query import refused
from infra.stacks import current
from jobchange.store.lake_layout import SCORED
from jobchange.store.scored_files import COLUMNS

_PART: Final = re.compile(rf"{SCORED}(\d{{4}}-\d\d-\d\d)/[^/]+/part-\d+\.csv\.gz")
_AT_ONCE: Final = 16
_ROWS: Final = 10_000
"""Fetched at once from the database."""


@contextmanager
def asked(query: str) -> Iterator[Answer]:
    """The answer to a query; it can be read inside the `with` block."""
    with TemporaryDirectory(prefix="jobchange-sql-") as folder:
        parts = _fetch(Path(folder))
        if not parts:
            raise CommandError("no file has been scored yet. Drop one: make drop FILE=candidates.csv")
        with load(parts, Path(folder)) as database:
            yield answer(database, query)


@contextmanager
def load(parts: list[str], folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in a folder that has the scored parts as a table, and reads or writes nothing else from then on."""
    with duckdb.connect(str(folder / "scored.duckdb")) as database:
        # As on Athena.
        database.execute("SET integer_division = true")
        database.execute("SET TimeZone = 'UTC'")
        database.execute("SET temp_directory = $folder", {"folder": str(folder / "spilled")})
        # Parts that were written under another contract may have other columns.
        (header := folder / "header.csv").write_text(",".join(COLUMNS) + "\n")
        columns = ", ".join(f"{stored} AS {name}" for stored, name in zip(COLUMNS, STORED, strict=True))
        database.execute(
            f"""
            CREATE TABLE {VIEW} AS
            SELECT regexp_extract(filename, '/scored/([^/]+)/[^/]+/part-', 1) AS day,
                regexp_extract(filename, '{FILE_OF_KEY}', 1) AS file_id, {columns}
            FROM read_csv($files, types = $types, union_by_name = true, filename = true,
                header = true, delim = ',', quote = '', escape = '', nullstr = '')
            """,  # noqa: S608 - from the declaration # nosec B608
            {"files": [str(header), *parts], "types": dict(zip(COLUMNS, STORED.values(), strict=True))},
        )
        database.execute("SET enable_external_access = false")
        database.execute("SET lock_configuration = true")
        yield database


def _fetch(folder: Path) -> list[str]:
    """Copy all scored parts into a folder, under their keys; returns where they are."""
    bucket, client = current.resources()["LakeBucket"], current.s3()
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=SCORED)
    keys = [each["Key"] for page in pages for each in page.get("Contents", []) if _PART.fullmatch(each["Key"])]

    print(f"Copying {len(keys):,} scored parts ...", file=sys.stderr)

    def fetch(key: str) -> str:
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(client.get_object(Bucket=bucket, Key=key)["Body"].read())
        return str(path)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(fetch, keys))


def answer(database: duckdb.DuckDBPyConnection, query: str) -> Answer:
    """What the database answers to one query."""
    try:
        statements = database.extract_statements(query)
        if [each.type for each in statements] != [duckdb.StatementType.SELECT]:
            raise CommandError("SQL can only read here, with one query at a time.")
        found = database.execute(statements[0])
    except duckdb.Error as error:
        raise refused(str(error)) from None
    return Answer(tuple(column[0] for column in found.description or ()), _rows(found))


def _rows(found: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, ...]]:
    try:
        while rows := found.fetchmany(_ROWS):
            yield from (tuple(map(_text, row)) for row in rows)
    except duckdb.Error as error:
        raise refused(str(error)) from None


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
