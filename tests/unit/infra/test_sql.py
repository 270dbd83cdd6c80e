"""SQL over the scored files: what is taken as a query, what DuckDB answers, and what Athena is asked."""

import gzip
import io
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import duckdb
import pytest
from botocore.stub import Stubber

from infra import ROOT, CommandError
from infra.build.scored_columns import ALL, STORED
from infra.commands import athena, local_sql, sql
from infra.commands.answer import MOST_ROWS, Answer, as_table, write_csv
from infra.commands.query import question, refused
from infra.stacks import current
from jobchange.store.lake_layout import scored_part_key
from jobchange.store.scored_files import COLUMNS

EXAMPLES = re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / "sql.md").read_text(encoding="utf-8"), flags=re.DOTALL)
ROW = {
    **dict.fromkeys(COLUMNS, ""),
    "_row": "1",
    "enrollee_id": "7",
    "city": "city_1",
    "city_development_index": "0.9",
    "experience": ">20",
    "last_new_job": "1",
    "training_hours": "5",
    "probability": "0.5",
    "will_change": "true",
    "model_version": "v1",
}


def part(folder: Path, file_id: str, *rows: dict[str, str], day: str = "2026-11-20", names: Any = COLUMNS) -> str:
    """A scored part on disk, under its key."""
    path = folder / scored_part_key(day, file_id, 1)
    path.parent.mkdir(parents=True)
    lines = [",".join(names), *(",".join((ROW | row)[name] for name in names) for row in rows)]
    path.write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode()))
    return str(path)


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Any]:
    """Asks a database of some parts."""
    with ExitStack() as stack:
        databases: dict[tuple[str, ...], duckdb.DuckDBPyConnection] = {}

        def answer(query: str, *parts: str) -> list[tuple[str, ...]]:
            if parts not in databases:
                folder = tmp_path / f"database {len(databases)}"
                folder.mkdir()
                databases[parts] = stack.enter_context(local_sql.load(list(parts), folder))
            return list(local_sql.answer(databases[parts], query).rows)

        yield answer


@pytest.mark.parametrize(
    "text",
    ["select 1", " SELECT 1 ; ", "with x as (select 1) select * from x", "(select 1)", "-- why\n/* so */ values 1"],
)
def test_a_question_is_taken_without_its_semicolon(text: str) -> None:
    assert question(text) == text.strip().rstrip("; ")


@pytest.mark.parametrize(
    "text",
    [
        "drop table scored",
        "insert into scored select * from scored",
        "copy scored to 'x'",
        "/* select */ delete from scored",
        "selection",
        "attach 'x'",
    ],
)
def test_only_a_question_is_taken(text: str) -> None:
    with pytest.raises(CommandError, match="SQL can only read here"):
        question(text)


def test_nothing_asked_is_answered_by_an_example() -> None:
    with pytest.raises(CommandError, match="give a query: make sql QUERY="):
        question(" ; ")


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ('Binder Error: Referenced column "provability" not found in FROM clause!', "Did you mean probability?"),
        ("COLUMN_NOT_FOUND: line 1:8: Column 'provability' cannot be resolved or", "Did you mean probability?"),
        ("COLUMN_NOT_FOUND: line 1:8: Column 's.citty' cannot be resolved", "Did you mean city?"),
        ("COLUMN_NOT_FOUND: line 1:8: Column 'zzz' cannot be resolved", "The columns are day, file_id, row,"),
        ("Catalog Error: Table with name scord does not exist!", "There is one table: scored."),
        ("TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.jobchange.scord' does not exist", "There is one table"),
        ("Query cancelled! : Bytes scanned limit was exceeded", "Ask for fewer days"),
    ],
)
def test_a_query_that_fails_is_answered_by_how_to_mend_it(said: str, advice: str) -> None:
    text = str(refused(said))

    assert said in text
    assert advice in text


def test_the_columns_are_those_of_the_parts_with_their_place(ask: Any, tmp_path: Path) -> None:
    one = part(tmp_path, "f1", {})

    assert (
        dict(ask("select column_name, lower(data_type) from duckdb_columns() where table_name = 'scored'", one)) == ALL
    )
    assert list(STORED)[1:] == list(COLUMNS)[1:]
    assert ask("select day, file_id, row, gender, experience, last_new_job, will_change from scored", one) == [
        ("2026-11-20", "f1", "1", "", ">20", "1", "true")
    ]
    assert ask("select count(*) from scored where gender is null and target is null", one) == [("1",)]


def test_parts_of_another_contract_and_without_rows_are_read_by_the_names_of_their_columns(
    ask: Any, tmp_path: Path
) -> None:
    fewer = [name for name in reversed(COLUMNS) if name != "gender"]
    parts = [
        part(tmp_path, "old", {"city": "city_2"}, names=fewer),
        part(tmp_path, "empty"),
        part(tmp_path, "new", {"gender": "Female"}),
    ]

    query = "select file_id, city, gender, probability from scored order by file_id"
    assert ask(query, *parts) == [("new", "city_1", "Female", "0.5"), ("old", "city_2", "", "0.5")]
    assert ask(query, parts[0]) == [("old", "city_2", "", "0.5")]
    assert ask(query, parts[1]) == []


def test_integers_divide_as_integers_as_on_athena(ask: Any, tmp_path: Path) -> None:
    assert ask("select 7 / 2, 7.0 / 2", part(tmp_path, "f1", {})) == [("3", "3.5")]


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_csv('{outside}')",
        "select * from read_text('{outside}')",
        "select * from '{outside}'",
        "select * from glob('/*')",
        "select * from scored; copy scored to '{written}'",
        "copy scored to '{written}'",
        "copy (select 1) to '{written}'",
        "export database '{written}'",
        "attach '{written}'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "select * from scored; set lock_configuration = false",
        "with x as (select 1) delete from scored",
        "drop table scored",
    ],
)
def test_a_query_neither_reads_nor_writes_anything_beside_the_copy(ask: Any, tmp_path: Path, query: str) -> None:
    one, outside, written = part(tmp_path, "f1", {}), tmp_path / "outside.csv", tmp_path / "written"
    outside.write_text("a,b\n1,2\n")

    with pytest.raises(CommandError):
        ask(query.format(outside=outside, written=written), one)

    assert not written.exists()
    assert ask("select count(*) from scored", one) == [("1",)]


@pytest.mark.parametrize("setting", ["enable_external_access", "lock_configuration", "integer_division"])
def test_the_database_cannot_be_unlocked(tmp_path: Path, setting: str) -> None:
    with (
        local_sql.load([part(tmp_path, "f1", {})], tmp_path) as database,
        pytest.raises(duckdb.Error, match=r"configuration|external access"),
    ):
        database.execute(f"set {setting} = {setting == 'enable_external_access'}")


def test_there_are_ten_examples() -> None:
    assert len(EXAMPLES) == 10


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_finds_what_it_asks_for(ask: Any, tmp_path: Path, example: str) -> None:
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    candidates = [{"_row": str(n), "enrollee_id": str(n), "probability": f"0.{n:02}"} for n in range(1, 31)]
    parts = [
        part(tmp_path, "f1", *candidates, day=today),
        part(tmp_path, "f2", {"model_version": "v2", "will_change": "false", "probability": "0.9"}, day="2026-01-31"),
    ]

    assert ask(question(example), *parts)


def test_the_examples_ask_about_this_month_and_by_percent(ask: Any, tmp_path: Path) -> None:
    old = part(tmp_path, "f1", {}, {"model_version": "v2"}, {"model_version": "v2"}, {}, day="2020-01-31")

    assert ask(EXAMPLES[0], old) == []
    assert ask(EXAMPLES[5], old) == [("v1", "2", "50.0"), ("v2", "2", "50.0")]


def test_a_table_shows_the_first_rows_and_says_that_there_are_more() -> None:
    many = as_table(Answer(("n",), iter([(str(n),) for n in range(MOST_ROWS + 1)])))
    all_of_them = as_table(Answer(("n", "city"), iter([("1", "a"), ("20", "")])))

    assert many.endswith("There are more than these 1,000 rows. FORMAT=csv prints all.")
    assert f"\n{MOST_ROWS - 1}\n" in many
    assert all_of_them == "n   city\n--  ----\n1   a\n20"
    assert as_table(Answer(("n",), iter([]))) == "n\n-\n\nNo rows."


def test_csv_has_all_rows() -> None:
    output = io.StringIO()

    write_csv(Answer(("n", "text"), iter([(str(n), 'a,"b') for n in range(MOST_ROWS + 1)])), output)

    lines = output.getvalue().splitlines()
    assert lines[:2] == ["n,text", '0,"a,""b"']
    assert len(lines) == MOST_ROWS + 2


def test_the_help_names_every_column_and_what_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        sql.main(["--help"])

    said = " ".join(capsys.readouterr().out.split())
    assert all(f"{name} {type_}" in said for name, type_ in ALL.items())
    assert "scored only by the API or on the page aren't in it" in said


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """AWS with a stack, whose Athena answers what it is given."""
    client = boto3.client("athena", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
    monkeypatch.setattr(current, "athena", lambda: client)
    monkeypatch.setattr(current, "resources", lambda: {"SqlWorkGroup": "jobchange", "SqlDatabase": "jobchange"})
    monkeypatch.setattr(current, "stack", lambda: current.TARGETS["aws"]("jobchange"))
    monkeypatch.setattr(athena, "_PAUSE_SECONDS", 0)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def started(stub: Stubber, query: str) -> None:
    expected = {"QueryString": query, "WorkGroup": "jobchange", "QueryExecutionContext": {"Database": "jobchange"}}
    stub.add_response("start_query_execution", {"QueryExecutionId": "q1"}, expected)


def state(stub: Stubber, state: str, **status: str) -> None:
    execution = {"Status": {"State": state, **status}, "Statistics": {"DataScannedInBytes": 12_300_000}}
    stub.add_response("get_query_execution", {"QueryExecution": execution}, {"QueryExecutionId": "q1"})


def page(stub: Stubber, rows: list[list[str | None]], token: str | None = None, after: str | None = None) -> None:
    data = [{"Data": [{} if cell is None else {"VarCharValue": cell} for cell in row]} for row in rows]
    columns = [{"Name": name, "Type": "varchar"} for name in ("city", "n")]
    answer: dict[str, Any] = {"ResultSet": {"Rows": data, "ResultSetMetadata": {"ColumnInfo": columns}}}
    stub.add_response(
        "get_query_results",
        answer | ({"NextToken": token} if token else {}),
        {"QueryExecutionId": "q1"} | ({"NextToken": after} if after else {}),
    )


def test_athena_is_asked_in_the_stacks_workgroup_and_all_pages_are_shown(
    stub: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    started(stub, "select city, n from scored")
    state(stub, "QUEUED")
    state(stub, "RUNNING")
    state(stub, "SUCCEEDED")
    page(stub, [["city", "n"], ["city_1", "7"]], token="more")
    page(stub, [["city", None]], after="more")

    sql.main(["select city, n from scored;", "--format", "csv"])

    shown = capsys.readouterr()
    assert shown.out == "city,n\ncity_1,7\ncity,\n"
    assert shown.err == "Athena is answering ...\nAthena read 12.3 MB.\n"


def test_what_athena_refuses_at_once_is_said(stub: Stubber) -> None:
    stub.add_client_error("start_query_execution", "InvalidRequestException", "line 1:8: mismatched input 'form'")

    with pytest.raises(CommandError, match=r"can't be answered\.\nline 1:8: mismatched input 'form'"):
        sql.main(["select form scored"])


def test_what_athena_fails_at_is_said_with_advice(stub: Stubber) -> None:
    started(stub, "select provability from scored")
    state(stub, "FAILED", StateChangeReason="COLUMN_NOT_FOUND: line 1:8: Column 'provability' cannot be resolved")

    with pytest.raises(CommandError, match=r"Did you mean probability\?"):
        sql.main(["select provability from scored"])


def test_a_query_that_takes_too_long_is_stopped(stub: Stubber, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(athena, "_PATIENCE_SECONDS", 0)
    started(stub, "select 1")
    stub.add_response("stop_query_execution", {}, {"QueryExecutionId": "q1"})

    with pytest.raises(CommandError, match="stopped before it was answered"):
        sql.main(["select 1"])


def test_a_stack_without_sql_says_so(stub: Stubber, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    monkeypatch.setattr(current, "resources", lambda: {"LakeBucket": "b"})

    with pytest.raises(CommandError, match="deployed without SQL"):
        sql.main(["select 1"])
