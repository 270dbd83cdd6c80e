"""A candidate is erased: no byte of theirs is left anywhere, everybody else's are untouched, and all counts agree."""

import gzip
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import numpy as np
import pytest

from data.corrupt import ROW_INJECTORS, corrupt
from data.generate import generate
from jobchange import times
from jobchange.aws import clients
from jobchange.contract import Issue
from jobchange.privacy import erasure_requests
from jobchange.registry import folds, lifecycle
from jobchange.registry.artifact import TrainedModel
from jobchange.settings import settings
from jobchange.store import claims, files, lake, lock, outcomes, prediction_counts, predictions, suppression_list
from jobchange.store.lake_layout import bad_key, part_key
from jobchange.store.prediction_keys import PredictionKey
from jobchange.store.predictions import Prediction
from tests.support.dropped_files import HEADER, file, row
from tests.support.interruptions import Killed, killed_after, let_the_lock_expire
from tests.support.labelled import dataset_of
from tests.support.system import counters, drop, everything, recounted, recover, score, stored, take_step
from tests.support.workbooks import Cell, workbook

pytestmark = pytest.mark.usefixtures("small_parts", "champion")

ID = 1_234_567_890
"""Digits that stand nowhere by chance."""
DIGITS = str(ID).encode()


def erased(identifier: int = ID) -> dict[str, Any]:
    hash_ = erasure_requests.request(identifier)
    recover()
    return erasure_requests.receipt(hash_)


def mentions(identifier: bytes = DIGITS) -> list[str]:
    packed = int(identifier).to_bytes(4, "little")
    return [
        name
        for name, body in everything().items()
        if identifier in body or (name.startswith("ids/") and packed in body)
    ]


def consistent() -> None:
    assert counters() == {**dict.fromkeys(counters(), 0), **recounted()}


def test_what_a_challenger_made_of_an_erased_candidate_is_taken_back(champion: str, trained: TrainedModel) -> None:
    card = {**trained.card, "seed": 2}
    challenger = lifecycle.register(replace(trained, card=card))
    lifecycle.set_challenger(challenger, by="test")
    drop("a.csv", file(row(1), row(ID), row(2)))
    score()
    assert prediction_counts.shadow(champion, challenger).predictions == 3

    erased()

    assert prediction_counts.shadow(champion, challenger).predictions == 2
    assert prediction_counts.shadow(champion, challenger).agreed == 2
    consistent()


def lake_as_it_is() -> dict[str, bytes]:
    listed = clients.s3().list_objects_v2(Bucket=settings().lake_bucket)["Contents"]
    return {each["Key"]: lake.get(each["Key"]) for each in listed}


def test_no_byte_of_an_erased_candidate_is_left_in_any_version_of_any_object_or_in_any_table() -> None:
    good = drop("good.csv", file(*map(row, range(1, 12)), row(ID), *map(row, range(20, 30))))
    bad = drop("bad.csv", file(row(1), row(ID, training_hours="0"), f"{ID},x", row(2), row(ID)))
    packed = drop("packed.csv.gz", gzip.compress(file(row(ID), row(5), newline="\r\n").decode().encode("utf-16")))
    again = drop("again.csv", file(row(ID), row(5), newline="\r\n").decode().encode("utf-16"))
    refused = drop("refused.csv", f"enrollee_id,city\n{ID},city_1\n".encode())
    other = drop("other.csv", file(row(77), row(78)))
    lake.put("training/a.csv", file(row(3), row(ID), row(4)), content_type="text/csv")
    lake.put("training/unusable.csv", f"enrollee_id,city\n{ID},city_1\n".encode(), content_type="text/csv")
    for _ in range(2):
        lake.put("queries/a.csv", file(row(ID)), content_type="text/csv")
    score()
    predictions.save([asked := _asked(ID), _asked(8)])
    prediction_counts.count("r1", [asked])
    prediction_counts.count("r2", [_asked(8)])
    at = "2026-11-24T09:31:00.000Z"
    outcomes.save([outcomes.Outcome.of(each, at, True, _asked(each)) for each in (ID, 8)])
    before, untouched = {name: files.get(name) for name in (good, bad, packed, other)}, stored(other)
    assert len(mentions()) > 10

    receipt = erased()

    assert mentions() == []
    assert receipt["status"] == "COMPLETE"
    assert receipt["erased"] == {
        "predictions": 3,
        "outcomes": 1,
        "good": 2,
        "scored": 2,
        "bad": 3,
        "raw": 7,
        "training": 2,
        "reports": 3,
        "idempotency": 0,
    }
    consistent()
    assert stored(good) == {n: n for n in range(1, 12)} | {n: n + 7 for n in range(13, 23)}
    assert stored(other) == untouched
    for name, record in before.items():
        after = files.get(name)
        assert replace(after, erased=0, findings=None) == replace(record, findings=None)
        assert after.rows.total == after.rows.good + after.rows.bad
        assert len(stored(name)) == after.scored - (after.erased if name != bad else 0)
    assert [files.get(name).erased for name in (good, bad, packed, again, refused, other)] == [1, 3, 1, 0, 0, 0]
    assert lake.get("training/a.csv") == file(row(3), row(4))
    rows = lake.get(bad_key(bad, "bad.csv")).decode().splitlines()[1:]
    assert rows == []


def _asked(enrollee_id: int) -> Prediction:
    return Prediction(
        key=PredictionKey(
            source="api", created_at="2026-11-24T09:30:00.125Z", origin="ab" * 16, row=enrollee_id % 1000
        ),
        enrollee_id=enrollee_id,
        features={"city": "city_1"},
        probability=0.9,
        will_change=True,
        model_version="v",
    )


def test_what_a_version_keeps_of_a_training_row_is_a_hash_of_all_of_it_its_score_and_its_outcome() -> None:
    trained_on = dataset_of(file(row(ID), row(2)).decode().splitlines())
    kept = folds.dumps(trained_on.fingerprints, np.full(2, 0.5), trained_on.target == 1)

    assert folds.loads(kept).dtype.names == ("row", "probability", "looking")
    assert folds.loads(kept).itemsize == 8 + 8 + 1
    assert DIGITS not in kept
    assert ID.to_bytes(4, "little") not in kept
    # Who knows all of the row but the outcome could try both hashes: the outcome beside them adds nothing. And the
    # number alone finds nobody.
    for changed in (row(ID, target="0"), row(ID, training_hours="37")):
        assert dataset_of(file(changed).decode().splitlines()).fingerprints[0] not in folds.loads(kept)["row"]


def test_other_rows_stay_as_they_are_to_the_byte() -> None:
    name = drop("a.csv", file(row(1), row(2, city="nowhere"), row(ID), row(3), newline="\r\n"))
    score()
    before = lake_as_it_is()

    erased()
    score()

    after = lake_as_it_is()
    assert after.pop(f"redacted/{name}.csv") == before.pop("raw/a.csv").replace(row(ID).encode(), b"(erased)")
    changed = {key for key in before if before[key] != after[key]}
    of_file = {key for key in before if key.startswith("scored/")}
    assert changed == {part_key(name, 0), f"ids/{name}/00000.bin"} | of_file
    assert after[part_key(name, 0)].splitlines()[:2] == before[part_key(name, 0)].splitlines()[:2]
    assert set(before) == set(after)


def test_a_workbook_is_redacted_to_the_text_of_its_sheet_and_deleted_where_it_was_rejected() -> None:
    rows: list[list[Cell]] = [[cell or None for cell in line.split(",")] for line in (HEADER, row(1), row(ID), row(2))]
    name = drop("a.xlsx", workbook(rows))
    drop("refused.xlsx", workbook([["enrollee_id"], [ID]]))
    drop("of another.xlsx", workbook([["enrollee_id"], [77]]))
    score()

    erased()

    after = lake_as_it_is()
    assert {key for key in after if key.startswith("raw/")} == {"raw/of another.xlsx"}
    assert after[f"redacted/{name}.csv"] == file(row(1), "(erased)", row(2))
    assert files.get(name).erased == 1
    assert mentions() == []
    consistent()


def test_a_candidate_who_comes_again_is_neither_kept_nor_scored() -> None:
    hash_ = suppression_list.suppress(ID)

    name = drop("a.csv", file(row(1), row(ID), row(2)))
    score()
    recover()

    assert mentions() == []
    record = files.get(name)
    assert (record.rows.good, record.rows.bad, record.redacted, record.scored) == (2, 0, 1, 2)
    assert stored(name) == {1: 1, 3: 2}
    assert suppression_list.load().since.keys() == {hash_}


def test_a_worker_that_began_before_the_erasure_leaves_no_prediction(monkeypatch: pytest.MonkeyPatch) -> None:
    name = drop("a.csv", file(row(1), row(ID), row(2)))
    save = predictions.save

    def while_saving(made: Any) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(predictions, "save", save)
            erased()
        save(made)

    monkeypatch.setattr(predictions, "save", while_saving)
    score()

    assert stored(name) == {1: 1, 3: 2}
    assert mentions() == []
    consistent()


def test_a_file_that_is_being_validated_is_looked_at_when_it_is_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    finish = claims.finish
    hashes: list[str] = []

    def late(*arguments: Any, **named: Any) -> bool:
        if not hashes:
            hashes.append(erasure_requests.request(ID))
            recover_once()
            running = erasure_requests.receipt(hashes[0])
            assert (running["status"], running["waiting"]) == ("RUNNING", 1)
        return finish(*arguments, **named)

    monkeypatch.setattr(claims, "finish", late)
    drop("a.csv", file(row(1), row(ID), row(2)))
    recover()

    assert erasure_requests.receipt(hashes[0])["status"] == "COMPLETE"
    assert mentions() == []


def recover_once() -> None:
    from tests.support.system import received

    take_step(next(received(settings().data_request_queue_url)))


def until_done(chance: random.Random) -> int:
    """Recover, dying again and again after a few calls; what held the lock is given up as if its time had passed."""
    kills = 0
    while kills < 200:
        try:
            # Further each time, so that it ends.
            with killed_after(chance.randint(1, 3) + 2 * kills):
                recover()
            return kills
        except Killed:
            kills += 1
            let_the_lock_expire()
    raise AssertionError("it doesn't come to an end")


@pytest.mark.parametrize("seed", range(3))
def test_an_erasure_killed_after_any_call_and_delivered_again_ends_the_same(seed: int) -> None:
    chance = random.Random(seed)
    damage: dict[Issue, float] = {issue: 0.06 for issue in ROW_INJECTORS if issue is not Issue.MALFORMED_ROW}
    ids: set[int] = set()
    names = []
    for number in range(2):
        lines = "".join(generate(24, seed=100 * seed + number)).splitlines()
        for _ in range(2):
            place = chance.randrange(1, len(lines))
            lines[place] = ",".join([str(ID), *lines[place].split(",")[1:]])
        body = corrupt("\n".join([*lines, ""]).encode(), damage, seed=seed).data
        names.append(drop(f"{number}.csv", body))
        ids |= {int(line.split(b",")[0]) for line in body.splitlines()[1:] if line.split(b",")[0].isdigit()}
    if seed % 2:
        score()
    before = {name: (files.get(name).rows, stored(name)) for name in names}

    hash_ = erasure_requests.request(ID)
    kills = until_done(chance)
    score()

    assert kills > 5
    assert erasure_requests.receipt(hash_)["status"] == "COMPLETE"
    assert mentions() == []
    consistent()
    for name, (rows, scored) in before.items():
        after = files.get(name)
        assert after.rows == rows
        assert set(scored.items()) - set(stored(name).items()) == {(n, i) for n, i in scored.items() if i == ID}
        good = [line for part in range(-(-rows.good // 8)) for line in lake.get(part_key(name, part)).splitlines()[1:]]
        assert len(good) == rows.good == after.scored
        assert len(stored(name)) == sum(line.split(b",")[1] != b"0" for line in good)


def test_two_candidates_of_one_row_each_are_erased_one_after_the_other() -> None:
    name = drop("a.csv", file(row(1), row(ID), row(ID - 1), row(2)))
    score()

    for identifier in (ID, ID - 1):
        erased(identifier)

    assert mentions() == mentions(str(ID - 1).encode()) == []
    assert stored(name) == {1: 1, 4: 2}
    assert files.get(name).erased == 2
    consistent()


def test_an_erasure_of_nobody_known_ends_with_an_empty_receipt() -> None:
    drop("a.csv", file(row(1)))

    receipt = erased(5)

    assert receipt["status"] == "COMPLETE"
    assert not any(receipt["erased"].values())


def test_a_receipt_says_until_when_the_backups_of_a_table_hold_the_candidate() -> None:
    table = settings().predictions_table
    boto3.client("dynamodb").update_continuous_backups(
        TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )

    backups = erased(5)["backups"]

    assert list(backups) == [table]
    assert times.parse(backups[table]) > datetime.now(UTC) + timedelta(days=30)


def test_one_recovery_works_at_a_time() -> None:
    with lock.exclusive_lock(60), pytest.raises(lock.LockHeld), lock.exclusive_lock(60):
        pass
    with lock.exclusive_lock(60):
        pass
