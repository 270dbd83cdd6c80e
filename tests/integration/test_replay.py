"""A file is replayed under today's contract: its predictions replace the old ones, and no stale row is left."""

import random
from typing import Any

import pytest

from jobchange import contract
from jobchange.errors import Conflict, NotFound
from jobchange.operations import replay
from jobchange.privacy import erasure_requests
from jobchange.quality import schema
from jobchange.settings import settings
from jobchange.store import file_listings, files, lake, prediction_keys, suppression_list, withdrawals
from jobchange.store.files import RowCounts
from jobchange.store.lake_layout import part_key
from tests.integration.test_erasure import ID
from tests.support.dropped_files import file, row
from tests.support.interruptions import Killed, killed_after, let_the_lock_expire
from tests.support.system import (
    counters,
    drop,
    everything,
    received,
    recounted,
    recover,
    score,
    stored,
    take_step,
    validate_replays,
)

pytestmark = pytest.mark.usefixtures("champion")

BODY = file(*(row(number, training_hours=str(10 * number)) for number in range(1, 31)))


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("PART_ROWS", "8")
    monkeypatch.setattr(prediction_keys, "SEGMENT_ROWS", 4)
    monkeypatch.setattr(withdrawals, "CHUNK_ROWS", 8)
    settings.cache_clear()
    yield
    settings.cache_clear()


def stricter(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nobody trains for more than 200 hours."""
    from dataclasses import replace

    columns = tuple(replace(each, maximum=200) if each.name == "training_hours" else each for each in contract.COLUMNS)
    monkeypatch.setattr(contract, "VERSION", "later")
    monkeypatch.setattr(contract, "COLUMNS", columns)
    monkeypatch.setattr(contract, "BY_NAME", {each.name: each for each in columns})
    schema.schema.cache_clear()


@pytest.fixture(autouse=True)
def _schema_of_today() -> Any:
    yield
    schema.schema.cache_clear()


def consistent() -> None:
    assert counters() == {**dict.fromkeys(counters(), 0), **recounted()}


def replayed(file_id: str) -> str:
    new = replay.request(file_id)
    validate_replays()
    score()
    recover()
    return new


def test_after_a_change_of_the_contract_a_replay_replaces_all_predictions(monkeypatch: pytest.MonkeyPatch) -> None:
    old = drop("a.csv", BODY)
    score()
    assert len(stored(old)) == 30
    stricter(monkeypatch)

    new = replayed(old)

    assert stored(old) == {}
    assert stored(new) == {number: number for number in range(1, 21)}
    consistent()
    record, before = files.get(new), files.get(old)
    assert (record.replay_of, before.replayed_by) == (old, new)
    assert record.rows == RowCounts(total=30, good=20, bad=10, repaired=0)
    assert (record.status, record.scored) == ("SCORED", 20)
    assert before.rows.good == 30


def test_a_replay_that_is_rejected_leaves_no_prediction(monkeypatch: pytest.MonkeyPatch) -> None:
    old = drop("a.csv", BODY)
    score()
    monkeypatch.setattr("jobchange.quality.validate.MAX_ROWS", 10)

    new = replayed(old)

    assert files.get(new).status == "REJECTED"
    assert stored(old) == stored(new) == {}
    consistent()


def test_until_the_new_predictions_are_complete_the_old_ones_stay() -> None:
    old = drop("a.csv", BODY)
    score()

    replay.request(old)
    validate_replays()
    recover()

    assert len(stored(old)) == 30
    consistent()


def test_asking_twice_replays_once_and_a_replay_can_be_replayed() -> None:
    old = drop("a.csv", BODY)
    score()

    assert replay.request(old) == replayed(old)
    newest = replayed(str(files.get(old).replayed_by))
    again = drop("the same.csv", BODY)

    assert stored(newest) == {number: number for number in range(1, 31)}
    assert len([each for each in file_listings.list_newest(limit=10)[0] if each.name == "a.csv"]) == 3
    assert files.get(again).duplicate_of == newest
    consistent()


def test_a_replacement_that_is_always_short_of_time_gets_done_piece_by_piece() -> None:
    old = drop("a.csv", BODY)
    score()
    replay.request(old)
    validate_replays()
    score()

    steps = 0
    for message in received(settings().data_request_queue_url):
        take_step(message, seconds_left=1.0)
        steps += 1

    assert steps > 3
    assert stored(old) == {}
    consistent()


def test_a_file_that_is_not_finished_or_not_there_is_not_replayed() -> None:
    with pytest.raises(NotFound):
        replay.request("f" * 32)
    with pytest.raises(Conflict):
        replay.request(drop("a.csv", BODY))


@pytest.mark.parametrize("seed", range(2))
def test_a_replay_killed_after_any_call_and_delivered_again_ends_the_same(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    old = drop("a.csv", BODY)
    score()
    stricter(monkeypatch)

    new = replay.request(old)
    kills = 0
    while files.summary(old).status != "SCORED" or not _replaced(old):
        try:
            with killed_after(chance.randint(0, 2) + 3 * kills):
                validate_replays()
                score()
                recover()
        except Killed:
            kills += 1
            let_the_lock_expire()
            _lease_ends(new)
        assert kills < 150

    assert kills > 5
    assert stored(old) == {}
    assert stored(new) == {number: number for number in range(1, 21)}
    consistent()


def _replaced(file_id: str) -> bool:
    from jobchange.store.tables import FileRow

    return FileRow.get(file_id, files.SUMMARY).replaced_at is not None


def _lease_ends(file_id: str) -> None:
    from jobchange.store.tables import FileRow

    FileRow(file_id, files.SUMMARY).update([FileRow.lease.remove()])


def test_an_erasure_reaches_both_a_file_and_its_replay_and_a_replay_of_what_is_left_keeps_the_rows_numbers() -> None:
    old = drop("a.csv", file(row(1), row(ID), row(3)))
    score()
    new = replayed(old)

    hash_ = erasure_requests.request(ID)
    recover()
    newest = replayed(new)

    assert not [name for name, body in everything().items() if str(ID).encode() in body]
    assert erasure_requests.receipt(hash_)["status"] == "COMPLETE"
    assert stored(newest) == {1: 1, 3: 3}
    assert files.get(newest).rows == RowCounts(total=3, good=2, bad=0, repaired=0)
    assert (files.get(newest).redacted, files.get(newest).criticality) == (1, "ok")
    assert lake.get(part_key(new, 0)).splitlines()[2].startswith(b"2,0,")
    assert suppression_list.load().generation == 1
    consistent()
