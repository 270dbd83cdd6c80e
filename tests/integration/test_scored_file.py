"""The scored file: each good row once, as people know it, ranked and in order, whatever is interrupted or erased."""

import csv
import gzip
import io
import random
from collections.abc import Iterator
from typing import Any

import pytest

from data.generate import generate
from jobchange import contract
from jobchange.aws import clients
from jobchange.documents.csv_lines import FORMULA
from jobchange.operations import replay
from jobchange.privacy import erasure, erasure_requests
from jobchange.scoring import ranking
from jobchange.settings import settings
from jobchange.store import files, lake, prediction_counts, predictions, scored_files, scoring_state, suppression_list
from jobchange.store.lake_layout import SCORED, ranking_key, scored_prefix
from jobchange.store.tables import FileRow, PredictionRow
from tests.support.dropped_files import file, row
from tests.support.interruptions import Killed, killed_after, let_the_lock_expire
from tests.support.system import drop, everything, recover, score, validate_replays

pytestmark = pytest.mark.usefixtures("champion")

ID = 1_234_567_890
ROWS = 40


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PART_ROWS", "16")
    monkeypatch.setattr(scoring_state, "BATCH_ROWS", 8)
    monkeypatch.setattr(ranking, "CHUNK_ROWS", 15)
    monkeypatch.setattr(ranking, "_PIECE_ROWS", 4)
    monkeypatch.setattr(erasure, "WAIT_SECONDS", 0)
    settings.cache_clear()
    yield
    settings.cache_clear()


def body(erased: int = 0) -> bytes:
    """A generated file, one row of which is that of `ID`."""
    lines = "".join(generate(ROWS, seed=3)).splitlines()
    if erased:
        lines[erased] = ",".join([str(ID), *lines[erased].split(",")[1:]])
    return "\n".join([*lines, ""]).encode()


def scored(file_id: str) -> dict[str, bytes]:
    """Everything under scored/ of a file, unpacked, by key."""
    keys = [key for key in lake.keys(SCORED) if file_id in key]
    return {key: gzip.decompress(lake.get(key)) if key.endswith(".gz") else lake.get(key) for key in keys}


def table(file_id: str, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(lake.get(ranking_key(file_id, name)).decode())))


def versions() -> int:
    """How many versions under scored/ aren't the current ones."""
    listed = clients.s3().list_object_versions(Bucket=settings().lake_bucket, Prefix=SCORED)
    return sum(not each["IsLatest"] for each in listed.get("Versions", []))


def test_each_good_row_is_in_it_once_with_what_the_file_and_the_model_say_of_it(champion: str) -> None:
    dropped = body()
    name = drop("a.csv", dropped)
    score()

    ranked, in_order = table(name, scored_files.RANKED), table(name, scored_files.IN_ORDER)
    assert list(ranked[0]) == ["rank", *scored_files.COLUMNS]
    assert [int(each["_row"]) for each in in_order] == list(range(1, ROWS + 1))
    originals = list(csv.DictReader(io.StringIO(dropped.decode())))
    for each, original in zip(in_order, originals, strict=True):
        for column in contract.NAMES:
            assert each[column] == original[column].removesuffix(".0") or column == "city_development_index"
    stored = {int(each.row): each for each in PredictionRow.scan()}
    assert len(stored) == ROWS
    for each in in_order:
        prediction = stored[int(each["_row"])]
        assert float(each["probability"]) == float(prediction.probability)
        assert each["will_change"] == str(prediction.will_change).lower()
        assert each["model_version"] == champion
    assert sorted(in_order, key=lambda each: (-float(each["probability"]), int(each["_row"]))) == ranked
    assert [int(each["rank"]) for each in ranked] == list(range(1, ROWS + 1))
    assert scored_files.rows_by_rank(name, 0, 1000) == tuple(int(each["_row"]) for each in ranked)
    assert scored_files.rows_by_rank(name, ROWS, 5) == ()
    assert files.get(name).will_change == sum(each["will_change"] == "true" for each in ranked)


def test_equals_are_ranked_in_the_order_of_their_rows() -> None:
    name = drop("a.csv", file(*(row(number) for number in range(1, 31))))
    score()

    assert scored_files.rows_by_rank(name, 0, 30) == tuple(range(1, 31))


def test_no_cell_of_it_is_a_formula() -> None:
    name = drop("a.csv", file(row(1, city_development_index="+0.92"), row(2, city_development_index="0.92")))
    score()

    for text in scored(name).values():
        if b"," in text:
            assert not any(cell.startswith(FORMULA) for line in csv.reader(io.StringIO(text.decode())) for cell in line)


def test_no_level_of_the_contract_is_a_formula() -> None:
    assert not any(level.startswith(FORMULA) for column in contract.COLUMNS for level in column.levels)
    signed = [column.name for column in contract.COLUMNS if column.numeric and (column.minimum is None)]
    assert signed == []


def test_its_parts_are_in_the_folder_of_the_predictions_day_and_the_ranking_is_beside_the_days() -> None:
    name = drop("a.csv", body())
    score()

    day = scoring_state.get(name).day
    parts = [f"{scored_prefix(day, name)}part-{first:010}.csv.gz" for first in (1, 9, 17, 25, 33)]
    ranked = [ranking_key(name, each) for each in ("ranked.csv", "rows-by-rank.bin", "rows.csv")]
    assert list(scored(name)) == [*parts, *ranked]
    assert scored_files.is_ranked(name)
    assert not scored_files.is_ranked("f" * 32)


@pytest.mark.parametrize("seed", range(4))
def test_after_any_kills_it_is_the_same_byte_for_byte(seed: int) -> None:
    chance = random.Random(seed)
    undisturbed = drop("a.csv", body())
    score()
    expected = {key.replace(undisturbed, "it"): text for key, text in scored(undisturbed).items()}
    raw = {key: lake.get(key) for key in lake.keys(SCORED)}
    again = drop("b.csv", body() + b"x\n")

    kills = 0
    while files.summary(again).status != "SCORED":
        try:
            with killed_after(chance.randint(0, 3) + 2 * kills):
                score()
        except Killed:
            kills += 1
            FileRow(again, files.SUMMARY).update([FileRow.lease.remove()])
        assert kills < 150

    assert kills > 3
    assert {key.replace(again, "it"): text for key, text in scored(again).items()} == expected
    compressed = {key.replace(again, undisturbed): lake.get(key) for key in lake.keys(SCORED) if again in key}
    assert compressed == raw


@pytest.mark.parametrize("erased", [1, 9, 30])
def test_an_erasure_takes_a_row_out_of_every_version_and_the_others_are_ranked_without_it(erased: int) -> None:
    name = drop("a.csv", body(erased))
    score()
    assert [key for key, text in everything().items() if key.startswith(SCORED) and str(ID).encode() in text]

    hash_ = erasure_requests.request(ID)
    recover()
    assert not scored_files.is_ranked(name)
    score()

    assert not [key for key, text in everything().items() if str(ID).encode() in text]
    assert versions() == 0
    receipt = erasure_requests.receipt(hash_)
    assert (receipt["status"], receipt["erased"]["scored"]) == ("COMPLETE", 1)
    ranked = table(name, scored_files.RANKED)
    assert [int(each["rank"]) for each in ranked] == list(range(1, ROWS))
    assert sorted(int(each["_row"]) for each in ranked) == [each for each in range(1, ROWS + 1) if each != erased]
    assert files.get(name).will_change == sum(each["will_change"] == "true" for each in ranked)


def test_who_is_erased_while_a_file_is_scored_is_in_no_version_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    name = drop("a.csv", body(10))
    save = predictions.save
    saved: list[Any] = []

    def while_saving(made: Any) -> None:
        save(made)
        saved.append(made)
        if len(saved) == 5:
            with monkeypatch.context() as patch:
                patch.setattr(predictions, "save", save)
                erasure_requests.request(ID)
                recover()

    monkeypatch.setattr(predictions, "save", while_saving)
    score()

    assert not [key for key, text in everything().items() if str(ID).encode() in text]
    assert len(table(name, scored_files.RANKED)) == ROWS - 1


def test_who_is_erased_while_a_batch_is_written_is_in_no_version_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    name = drop("a.csv", body(10))
    count = prediction_counts.count

    def then_erased(receipt: str, *arguments: Any, **named: Any) -> bool:
        if suppression_list.load().generation == 0:
            erasure_requests.request(ID)
        return count(receipt, *arguments, **named)

    monkeypatch.setattr(prediction_counts, "count", then_erased)
    score()
    recover()
    score()

    assert not [key for key, text in everything().items() if str(ID).encode() in text]
    assert versions() == 0
    assert len(table(name, scored_files.RANKED)) == ROWS - 1


def test_who_is_erased_while_the_ranking_is_made_is_in_no_version_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    name = drop("a.csv", body(10))
    rank = ranking._rank

    def then_erased(*arguments: Any) -> int | None:
        try:
            return rank(*arguments)
        finally:
            if suppression_list.load().generation == 0:
                erasure_requests.request(ID)
                recover()

    monkeypatch.setattr(ranking, "_rank", then_erased)
    score()

    assert not [key for key, text in everything().items() if str(ID).encode() in text]
    assert versions() == 0
    assert len(table(name, scored_files.RANKED)) == ROWS - 1


@pytest.mark.parametrize("seed", range(2))
def test_an_erasure_killed_after_any_call_leaves_nobodys_row_and_everybody_elses(seed: int) -> None:
    chance = random.Random(seed)
    name = drop("a.csv", body(20))
    score()
    erasure_requests.request(ID)

    kills = 0
    while True:
        try:
            with killed_after(chance.randint(0, 2) + 2 * kills):
                recover()
                score()
            break
        except Killed:
            kills += 1
            let_the_lock_expire()
        assert kills < 150

    assert kills > 5
    assert not [key for key, text in everything().items() if str(ID).encode() in text]
    assert versions() == 0
    assert len(table(name, scored_files.RANKED)) == ROWS - 1


def test_after_a_replay_it_is_the_replays() -> None:
    old = drop("a.csv", body())
    score()
    before = {key.replace(old, "it"): text for key, text in scored(old).items()}

    new = replay.request(old)
    validate_replays()
    score()
    assert scored(old)
    recover()

    assert scored(old) == {}
    assert {key.replace(new, "it"): text for key, text in scored(new).items()} == before
    assert not [key for key in everything() if key.startswith(SCORED) and old in key]
