"""What make drop fetches and shows of a file that was scored."""

import csv
from pathlib import Path

import pytest

from infra.commands import drop as command
from infra.stacks import current
from jobchange.aws import clients
from jobchange.settings import settings
from jobchange.store import files, lake, scored_files
from jobchange.store.lake_layout import ranking_key
from tests.support.dropped_files import file, row
from tests.support.system import drop, score

pytestmark = pytest.mark.usefixtures("champion")


def test_the_ranked_candidates_are_fetched_beside_the_file_and_the_ten_highest_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id = drop("who.csv", file(*(row(number, training_hours=str(9 * number)) for number in range(1, 31))))
    score()
    monkeypatch.setattr(current, "s3", clients.s3)
    monkeypatch.setattr(current, "resources", lambda: {"LakeBucket": settings().lake_bucket})

    fetched = command.fetch(files.get(file_id), tmp_path)

    assert fetched == tmp_path / "who.scored.csv"
    assert fetched.read_bytes() == lake.get(ranking_key(file_id, scored_files.RANKED))
    shown = command.highest(fetched).splitlines()
    assert shown[0].split() == ["rank", "row", "candidate", "city", "experience", "probability", "will", "change"]
    assert len(shown) == 2 + 10
    highest = scored_files.rows_by_rank(file_id, 0, 10)
    assert [line.split()[:3] for line in shown[2:]] == [
        [str(rank), str(number), str(number)] for rank, number in enumerate(highest, 1)
    ]


def test_the_columns_that_only_the_dropped_file_has_stand_beside_its_scored_candidates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header, *lines = (
        file(*(row(number, training_hours=str(9 * number)) for number in range(1, 31))).decode().splitlines()
    )
    people = [f"Person {number}" for number in range(1, 31)]
    people[4] = "=SUM(A1)"
    named = [f"{line},{who},1" for line, who in zip(lines, people, strict=True)]
    named.insert(2, "malformed")
    dropped = tmp_path / "names.csv"
    dropped.write_text("\n".join([f"{header},name,rank", *named]) + "\n", encoding="utf-8")
    file_id = drop("names.csv", dropped.read_bytes())
    score()
    monkeypatch.setattr(current, "s3", clients.s3)
    monkeypatch.setattr(current, "resources", lambda: {"LakeBucket": settings().lake_bucket})
    scored = command.fetch(files.get(file_id), tmp_path)
    before = scored.read_text(encoding="utf-8").splitlines()

    command.add_own_columns(scored, dropped)

    after = scored.read_text(encoding="utf-8").splitlines()
    assert after[0] == f"{before[0]},name"
    assert [line.rpartition(",")[0] for line in after] == before
    found = {int(each["enrollee_id"]): each["name"] for each in csv.DictReader(after)}
    assert found == {at: f"Person {at}" if at != 5 else "'=SUM(A1)" for at in range(1, 31)}


@pytest.mark.parametrize("dropped", ["x.csv", "x.csv.gz", "x", "x.gz"])
def test_the_scored_file_has_the_name_of_what_was_dropped(dropped: str) -> None:
    assert scored_files.name(dropped) == "x.scored.csv"
