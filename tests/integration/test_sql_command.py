"""make sql over the lake: what is scored is what is found."""

import pytest

from infra import CommandError
from infra.commands import local_sql, sql
from infra.stacks import current
from jobchange.aws import clients
from jobchange.settings import settings
from jobchange.store import scored_files, scoring_state
from tests.support.dropped_files import file, row
from tests.support.system import drop, score

pytestmark = pytest.mark.usefixtures("champion")


@pytest.fixture(autouse=True)
def _stack_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring_state, "BATCH_ROWS", 4)
    monkeypatch.setattr(current, "s3", clients.s3)
    monkeypatch.setattr(current, "resources", lambda: {"LakeBucket": settings().lake_bucket})


def found(query: str) -> list[tuple[str, ...]]:
    with local_sql.asked(query) as answer:
        return list(answer.rows)


def test_every_scored_row_is_found_once_with_what_the_file_says_and_its_rank() -> None:
    first = drop("a.csv", file(*(row(number, training_hours=str(9 * number)) for number in range(1, 15))))
    second = drop("b.csv", file(row(7, gender=""), row(8, training_hours="0"), row(9)))
    score()

    assert found("select file_id, count(*), count(distinct row) from scored group by file_id order by 2") == [
        (second, "2", "2"),
        (first, "14", "14"),
    ]
    ranked = found(f"select row from scored where file_id = '{first}' order by probability desc, row")
    assert [int(each) for (each,) in ranked] == list(scored_files.rows_by_rank(first, 0, 14))
    assert found(f"select row, enrollee_id, city, gender from scored where file_id = '{second}' order by row") == [
        ("1", "7", "city_103", ""),
        ("3", "9", "city_103", "Male"),
    ]
    assert found(f"select distinct day, training_hours * 2 from scored where row = 3 and file_id = '{first}'") == [
        (scoring_state.get(first).day, "54")
    ]


def test_where_nothing_was_scored_it_is_said_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match=r"no file has been scored yet\. Drop one: make drop FILE="):
        sql.main(["select 1"])
    assert capsys.readouterr().out == ""


def test_a_table_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    drop("a.csv", file(row(1), row(2)))
    score()

    sql.main(["select count(*) as candidates from scored"])

    assert capsys.readouterr().out == "candidates\n----------\n2\n"
