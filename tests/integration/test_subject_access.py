"""What is held about a candidate is shown: whatever a scan of every byte finds of them is accounted for."""

import gzip
import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from infra.commands import person
from infra.stacks import current
from jobchange.access import tokens
from jobchange.contract import Issue
from jobchange.errors import BadRequest
from jobchange.privacy import erasure_requests, subject_access
from jobchange.privacy.subject_access import everything
from jobchange.registry import lifecycle
from jobchange.registry.artifact import TrainedModel
from jobchange.registry.threshold import ThresholdRule
from jobchange.scoring.explain import background
from jobchange.store import lake, models, outcomes, runs
from jobchange.store.lake_layout import QUERIES
from tests.integration.test_erasure import ID, mentions
from tests.support import candidates
from tests.support.dropped_files import CANDIDATE, file, row
from tests.support.functions import Context, load_handler
from tests.support.operator_calls import called
from tests.support.rest import call, loaded_at_start
from tests.support.system import drop, recover, score, validate_replays

pytestmark = pytest.mark.usefixtures("small_parts", "champion")
AT = "2026-11-24T09:31:00.000Z"


def empty(held: dict[str, Any]) -> bool:
    return not any(held[name] for name in subject_access.SECTIONS)


def asked(enrollee_id: int) -> None:
    """A client of the API asks for a prediction."""
    token = tokens.issue("recruiting", "user", "api", 1)
    sent = {**candidates.CANDIDATE, "enrollee_id": enrollee_id}
    assert call("POST", "/predictions/predict", [sent], token=token).status == 200


def drop_everywhere() -> dict[str, str]:
    """Rows of the candidate in every place and state; the files' ids by name."""
    utf_16 = file(row(ID), row(5), newline="\r\n").decode().encode("utf-16")
    dropped = {
        "good.csv": file(*map(row, range(1, 12)), row(ID), *map(row, range(20, 30))),
        "bad.csv": file(row(1), row(ID, training_hours="0", city="<b>nowhere</b>"), f"{ID},=x", row(2), row(ID)),
        "packed.csv.gz": gzip.compress(utf_16),
        "again.csv": utf_16,
        "refused.csv": f"enrollee_id,city\n{ID},city_1\n".encode(),
        "other.csv": file(row(77), row(78)),
    }
    lake.put("training/a.csv", file(row(3), row(ID), f"{ID},x", row(4)), content_type="text/csv")
    lake.put("training/unusable.csv", f"enrollee_id,city\n{ID},city_1\n".encode(), content_type="text/csv")
    lake.put("training/other.csv", file(row(77)), content_type="text/csv")
    lake.put("queries/a.csv", file(row(ID)), content_type="text/csv")
    ids = {name: drop(name, body) for name, body in dropped.items()}
    score()
    asked(ID)
    asked(8)
    outcomes.save([outcomes.Outcome.of(each, AT, True, None) for each in (ID, 8)])
    return ids


def accounted_for(held: dict[str, Any]) -> None:
    """Whatever holds the candidate's number is named, or is a result of a query, of which nobody knows whose it is."""
    objects = {name for each in held["files"] for name in each["objects"]}
    objects |= {each["object"] for each in held["training"]}
    folders = tuple(name for name in objects if name.endswith("/"))
    found = {name.partition("?")[0] for name in mentions() if "?" in name}
    rows = Counter(name.partition("#")[0] for name in mentions() if "?" not in name)
    assert {name for name in found - objects if not name.startswith((*folders, QUERIES))} == set()
    # Of what is in UTF-16 the scan knows only what was made of it.
    assert objects - {*folders, "raw/packed.csv.gz", "raw/again.csv"} <= found
    quoted = sum(name.startswith("reports/") for each in held["files"] for name in each["objects"])
    assert rows == Counter(
        predictions_table=len(held["predictions"]), outcomes_table=len(held["outcomes"]), files_table=quoted
    )


def test_whatever_a_scan_of_every_byte_finds_of_a_candidate_is_accounted_for_and_after_an_erasure_nothing_is() -> None:
    ids = drop_everywhere()
    assert len(mentions()) > 20

    held = everything(ID)

    accounted_for(held)
    assert {each["name"]: each["found"] for each in held["files"]} == {
        "good.csv": 1,
        "bad.csv": 3,
        "packed.csv.gz": 1,
        "again.csv": 1,
        "refused.csv": 0,
    }
    assert [each["duplicate_of"] for each in held["files"] if each["name"] == "again.csv"] == [ids["packed.csv.gz"]]
    assert [each["name"] for each in held["files"] if each["mentions"]] == ["refused.csv"]
    assert Counter(each["source"] for each in held["predictions"]) == {"scheduled": 2, "api": 1}
    assert held["erasure"] is None
    assert held["waiting"] == 0
    rows_with_their_values_or_their_text_and_what_is_wrong_with_them(held)

    hash_ = erasure_requests.request(ID)
    recover()

    held = everything(ID)
    assert empty(held)
    assert held["erasure"] == erasure_requests.receipt(hash_)
    assert held["erasure"]["status"] == "COMPLETE"
    # Who shared files with the candidate is still found in what is left of them.
    others = everything(5)
    assert {each["name"] for each in others["files"]} == {"good.csv", "packed.csv.gz", "again.csv"}
    assert all(each["objects"][0].startswith("redacted/") for each in others["files"])


def rows_with_their_values_or_their_text_and_what_is_wrong_with_them(held: dict[str, Any]) -> None:
    good, bad = ({each["name"]: each["rows"] for each in held["files"]}[name] for name in ("good.csv", "bad.csv"))
    values = {**CANDIDATE, "enrollee_id": str(ID)}
    assert good == [{"row": 12, "values": values, "text": None, "reasons": [], "certain": True}]
    assert [(each["row"], each["certain"]) for each in bad] == [(2, True), (3, False), (5, True)]
    assert bad[0]["text"] == row(ID, training_hours="0", city="<b>nowhere</b>")
    assert bad[0]["reasons"] == [
        f"City: {Issue.UNKNOWN_CATEGORY.sentence}",
        f"Training hours: {Issue.OUT_OF_RANGE.sentence}",
    ]
    assert bad[1]["text"] == f"{ID},=x"
    dataset, unusable = held["training"]
    assert dataset["rows"] == [
        {"values": values, "text": None, "certain": True},
        {"values": None, "text": f"{ID},x", "certain": False},
    ]
    assert (unusable["object"], unusable["mentions"], unusable["rows"]) == ("training/unusable.csv", True, [])


def test_a_prediction_says_in_words_how_it_came_to_its_verdict(champion: str, trained: TrainedModel) -> None:
    asked(ID)

    (held,) = everything(ID)["predictions"]

    assert (held["model_version"], held["threshold"]) == (champion, trained.profile["threshold"])
    assert held["will_change"] == (held["probability"] >= held["threshold"])
    first, *effects, last = held["explanation"]
    assert first.startswith("The average candidate's chance of looking for a job is ")
    assert last == f"This makes {100 * held['probability']:.1f}%."
    assert any(each.startswith("Training hours 36 ") for each in effects)
    points = sum(
        float(words[-2]) * (1 if "raises" in words else -1)
        for words in (each.split() for each in effects)
        if words[-1] == "points."
    )
    average = float(first.split()[-1].removesuffix("%."))
    assert average + points == pytest.approx(100 * held["probability"], abs=0.7)


def test_without_the_versions_files_there_is_no_explanation_and_the_decision_stays(champion: str) -> None:
    asked(ID)
    lifecycle.change_threshold(champion, ThresholdRule("cost", 99), by="test", reason="later")
    lake.delete(f"models/{champion}/background.npz")
    background.cache_clear()

    (held,) = everything(ID)["predictions"]

    assert held["explanation"] is None
    assert held["threshold"] == models.get(champion).decisions[0]["threshold"] != models.get(champion).threshold


def test_what_a_challenger_made_of_a_candidate_is_shown(trained: TrainedModel) -> None:
    challenger = lifecycle.register(replace(trained, card={**trained.card, "seed": 2}))
    lifecycle.set_challenger(challenger, by="test")
    drop("a.csv", file(row(ID)))
    score()

    (held,) = everything(ID)["predictions"]

    assert held["challenger_version"] == challenger
    assert held["challenger_probability"] == held["probability"]


def test_a_replayed_file_is_shown_beside_its_replay() -> None:
    from jobchange.operations import replay

    old = drop("a.csv", file(row(1), row(ID)))
    score()
    new = replay.request(old)
    validate_replays()
    score()
    recover()

    held = everything(ID)

    accounted_for(held)
    assert {each["file_id"] for each in held["files"]} == {old, new}
    assert [each["file_id"] for each in held["predictions"]] == [new]


@pytest.mark.parametrize(("patience", "characters"), [(0.0, 10**9), (60.0, 1)])
def test_page_by_page_each_entry_comes_once(patience: float, characters: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.csv", "b.csv"):
        drop(name, file(row(1), row(ID), row(ID, city=name)))
        lake.put(f"training/{name}", file(row(3), row(ID)), content_type="text/csv")
    for _ in range(2):
        asked(ID)
    outcomes.save([outcomes.Outcome.of(ID, at, True, None) for at in (AT, AT.replace("24", "25"))])
    at_once = everything(ID)
    assert [len(at_once[name]) for name in subject_access.SECTIONS] == [2, 2, 2, 2]
    monkeypatch.setattr(subject_access, "PATIENCE_SECONDS", patience)
    monkeypatch.setattr(subject_access, "MOST_CHARACTERS", characters)
    assert sum(len(subject_access.page(ID)[name]) for name in subject_access.SECTIONS) == 1

    assert everything(ID) == at_once


def test_a_cursor_is_good_for_its_candidate_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject_access, "PATIENCE_SECONDS", 0.0)
    asked(ID)
    cursor = subject_access.page(ID)["next_cursor"]

    with pytest.raises(BadRequest):
        subject_access.page(8, cursor)


def test_of_very_many_rows_the_first_are_shown_and_all_are_counted() -> None:
    drop("a.csv", file(*[row(ID)] * 250, row(1)))

    (held,) = everything(ID)["files"]

    assert held["found"] == 250
    assert [each["row"] for each in held["rows"]] == list(range(1, 201))


def ask(enrollee_id: str, token: str) -> tuple[int, Any, dict[str, str]]:
    event = called("GET", "/ops/candidates/{enrollee_id}", authorization=f"Bearer {token}", enrollee_id=enrollee_id)
    answer = load_handler("ops").app(event, Context())
    return answer["statusCode"], json.loads(answer["body"]), answer["headers"]


def test_only_an_operator_is_answered_and_the_run_names_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    drop("a.csv", file(row(1), row(ID, city="nowhere")))
    capsys.readouterr()

    assert ask(str(ID), tokens.issue("page", "user", "webapp", 1))[0] == 403
    status, document, headers = ask(str(ID), tokens.issue("ops", "operator", "api", 1))

    assert status == 200
    assert [each["name"] for each in document["files"]] == ["a.csv"]
    assert headers["Cache-Control"] == "no-store"
    (run,) = runs.list_newest(limit=5)[0]
    assert run["reason"] == "ops: show what is held about a candidate"
    assert run["counts"] == {"waiting": 0}
    assert not [name for name in mentions() if name.startswith("runs_table")]
    written = "".join(capsys.readouterr())
    assert str(ID) not in written
    assert "nowhere" not in written


def test_the_other_operators_routes_start_without_what_only_this_one_needs() -> None:
    assert loaded_at_start("numpy", "jobchange.scoring", "jobchange.quality", function="ops") == set()


def test_make_person_prints_all_pages_as_one_document(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current, "set_environment", lambda: None)
    monkeypatch.setattr(subject_access, "PATIENCE_SECONDS", 0.0)
    for _ in range(2):
        asked(ID)

    person.main([str(ID)])

    printed = json.loads(capsys.readouterr().out)
    assert len(printed["predictions"]) == 2
    assert printed["next_cursor"] is None


@pytest.mark.parametrize("number", ["", "0", "x", "2147483648", "1.5"])
def test_make_person_takes_numbers_of_candidates_only(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        person.main([number])
    assert "isn't a candidate's number" in capsys.readouterr().err
