"""Files: how good each was, its report, and the way to correct its bad rows."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from data.generate import generate
from tests.browser.sights import go
from tests.support.stack import Stack


def open_file(page: Page, name: str) -> None:
    go(page, "Files")
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_files_are_listed_with_their_rows_criticality_and_drift(page: Page, damaged: str, stack: Stack) -> None:
    go(page, "Files")

    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=damaged, exact=True))

    record = stack.file(damaged, "SCORED")
    expect(row).to_contain_text(f"{record['rows']['good']} good, {record['rows']['bad']} bad")
    expect(row).to_contain_text(record["criticality"].capitalize())
    expect(row).to_contain_text(record["drift"]["verdict"].capitalize())
    expect(row).to_contain_text("Scored")


def test_runs_are_listed_those_that_were_skipped_too(page: Page, damaged: str, stack: Stack) -> None:  # noqa: ARG001
    stack.dispatch()
    go(page, "Files")

    runs = page.get_by_role("region", name="Runs").last

    expect(runs.get_by_role("row").filter(has_text="Skipped").first).to_be_visible()
    expect(runs.get_by_role("row").filter(has_text="Succeeded").first).to_be_visible()


def test_a_report_is_shown_in_a_frame_that_may_run_nothing(page: Page, damaged: str) -> None:
    open_file(page, damaged)

    frame = page.locator("iframe")

    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_contain_text("need correction")
    assert "allow-scripts" not in (frame.get_attribute("sandbox") or "")
    assert "allow-same-origin" not in (frame.get_attribute("sandbox") or "")
    assert page.frames[1].evaluate("origin") == "null"


def test_bad_rows_are_downloaded_corrected_and_dropped_again(
    page: Page, damaged: str, stack: Stack, tmp_path: Path
) -> None:
    open_file(page, damaged)
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download bad rows").click()
    bad = list(csv.DictReader(io.StringIO(caught.value.path().read_text(encoding="utf-8-sig"))))
    assert len(bad) == stack.file(damaged, "SCORED")["rows"]["bad"]

    corrected = tmp_path / "corrected.csv"
    with corrected.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, bad[0].keys())
        writer.writeheader()
        for number, row in enumerate(bad):
            value = {"enrollee_id": 995000 + number, "city": "city_21", "city_development_index": 0.624}
            value |= {"relevent_experience": "No relevent experience", "training_hours": 20}
            writer.writerow({**row, **value})
    page.get_by_label("Choose the corrected file").set_input_files(corrected)
    expect(page.get_by_text("Checked:")).to_be_visible(timeout=30_000)
    stack.dispatch()

    expect(page.get_by_text("have been corrected in")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="a later file").click()
    expect(page.get_by_text("Corrects")).to_be_visible()


ROWS = 230
"""More than two pages of a ranking."""


@pytest.fixture(scope="module")
def ranked(stack: Stack) -> dict[str, Any]:
    """The record of a scored file."""
    return stack.scored("ranked.csv", "".join(generate(ROWS, seed=61)).encode())


def ranking(page: Page) -> Locator:
    return page.get_by_role("region", name="Ranked candidates")


def test_a_file_opens_with_how_many_are_looking_and_who_first(page: Page, ranked: dict[str, Any], stack: Stack) -> None:
    open_file(page, ranked["name"])

    expect(page.get_by_role("heading", level=2).first).to_have_text(
        f"{ranked['will_change']} of {ROWS} candidates are looking for a change"
    )
    expect(page.get_by_text("100 candidates shown.")).to_be_visible()
    threshold = stack.get("/model")["card"]["threshold"]
    expect(page.locator(".histogram-note")).to_contain_text(f"{threshold * 100:.1f}%")
    assert float(page.locator(".histogram-threshold").get_attribute("x") or "") == pytest.approx(200 * threshold - 0.5)
    answer = stack.get(f"/files/{ranked['file_id']}/predictions", limit=100)
    expect(ranking(page).locator("table")).to_have_attribute("aria-rowcount", "101")
    # Those in sight are drawn.
    ranks, numbers = (ranking(page).locator(f"[data-row] td:nth-child({at})").all_inner_texts() for at in (1, 2))
    assert len(ranks) > 10
    assert list(zip(ranks, numbers, strict=True)) == [
        (str(each["rank"]), str(each["enrollee_id"])) for each in answer["predictions"][: len(ranks)]
    ]

    page.get_by_role("button", name="Load more").click()
    expect(page.get_by_text("200 candidates shown.")).to_be_visible()


def test_only_those_above_the_threshold_are_listed_if_that_is_asked_for(page: Page, ranked: dict[str, Any]) -> None:
    open_file(page, ranked["name"])
    looking = ranked["will_change"]
    assert 0 < looking < 100, "choose another seed: the test wants them on one page"

    page.get_by_role("button", name="Only those above the threshold").click()
    expect(page.get_by_text(f"{looking} candidates shown, there are no more.")).to_be_visible()
    expect(ranking(page).locator("table")).to_have_attribute("aria-rowcount", str(looking + 1))

    page.get_by_role("button", name="Only those above the threshold").click()
    expect(page.get_by_text("100 candidates shown.")).to_be_visible()


def test_a_candidate_of_a_file_is_explained(page: Page, ranked: dict[str, Any], stack: Stack) -> None:
    open_file(page, ranked["name"])
    first, *_ = stack.get(f"/files/{ranked['file_id']}/predictions", limit=1)["predictions"]

    ranking(page).get_by_role("link", name=str(first["enrollee_id"]), exact=True).click()

    dialog = page.get_by_role("dialog", name=f"Candidate {first['enrollee_id']}")
    explanation = stack.get(f"/predictions/{first['id']}")["explanation"]
    expect(dialog.locator(".contribution-level")).to_have_count(2)
    # The steps that are seen, the others in one line, and the levels before and after.
    assert 3 <= dialog.locator(".contributions li").count() <= len(explanation) + 3
    expect(dialog.get_by_role("heading", name="History")).to_be_visible()
    dialog.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_all_candidates_of_a_file_are_downloaded_ranked_or_in_its_order(page: Page, ranked: dict[str, Any]) -> None:
    open_file(page, ranked["name"])
    found = {}
    for button in ("Download scored CSV", "Download in the order of the file"):
        with page.expect_download() as caught:
            page.get_by_role("button", name=button).click()
        assert caught.value.suggested_filename == "ranked.scored.csv"
        found[button] = list(csv.DictReader(io.StringIO(caught.value.path().read_text(encoding="utf-8-sig"))))

    by_rank, by_row = found.values()
    assert [int(row["rank"]) for row in by_rank] == list(range(1, ROWS + 1))
    assert [int(row["_row"]) for row in by_row] == list(range(1, ROWS + 1))
    assert sum(row["will_change"] == "true" for row in by_row) == ranked["will_change"]


def test_scoring_is_followed_until_the_list_is_there_without_a_reload(page: Page, ranked: dict[str, Any]) -> None:
    file_id = ranked["file_id"]
    part = {**ranked, "status": "VALIDATED", "scored": 120, "scores": None, "will_change": None, "predicted_at": None}
    seen = {"scored": False, "ordered": False}

    def record(route: Route) -> None:
        if seen["scored"]:
            route.continue_()
        else:
            route.fulfill(json=part, headers={"Access-Control-Allow-Origin": "*"})

    def predictions(route: Route) -> None:
        if seen["ordered"]:
            route.continue_()
        else:
            route.fulfill(
                status=409,
                headers={"Access-Control-Allow-Origin": "*", "Content-Type": "application/problem+json"},
                body=json.dumps({"title": "Conflict", "detail": "The scores are being put in order.", "status": 409}),
            )

    page.route(re.compile(rf"/files/{file_id}$"), record)
    page.route(re.compile(rf"/files/{file_id}/predictions"), predictions)
    page.evaluate(f"location.hash = '#files/{file_id}'")
    expect(page.get_by_text(f"120 of {ROWS} rows scored", exact=True)).to_be_visible()
    expect(page.get_by_role("progressbar", name="Rows scored")).to_have_attribute("value", "120")
    expect(ranking(page)).to_have_count(0)

    seen["scored"] = True
    expect(page.get_by_role("heading", name="looking for a change")).to_be_visible()
    expect(page.get_by_text("Loading candidates")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    seen["ordered"] = True

    expect(ranking(page)).to_be_visible()
    expect(page.get_by_text("100 candidates shown.")).to_be_visible()


def test_a_file_that_is_open_while_it_is_scored_shows_its_answer_by_itself(page: Page, stack: Stack) -> None:
    stack.drop("followed.csv", "".join(generate(40, seed=62)).encode())
    stack.file("followed.csv", "VALIDATED", "SCORED")
    page.evaluate(f"location.hash = '#files/{stack.dropped['followed.csv']}'")
    expect(page.get_by_role("heading", name="followed.csv")).to_be_visible()

    stack.dispatch()

    expect(page.get_by_role("heading", name="of 40 candidates")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("40 candidates shown, there are no more.")).to_be_visible()


def test_a_file_without_its_ranking_says_why(page: Page, ranked: dict[str, Any]) -> None:
    detail = "This file was replayed. See its replay, f1."
    page.route(
        re.compile(rf"/files/{ranked['file_id']}/predictions"),
        lambda route: route.fulfill(
            status=404,
            headers={"Access-Control-Allow-Origin": "*", "Content-Type": "application/problem+json"},
            body=json.dumps({"title": "Not found", "detail": detail, "status": 404}),
        ),
    )

    open_file(page, ranked["name"])

    expect(page.get_by_text(detail)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("button", name="Download scored CSV")).to_have_count(0)


def test_an_address_of_a_file_that_is_not_there_says_so(page: Page) -> None:
    page.evaluate("location.hash = '#files/f0'")

    expect(page.get_by_role("alert")).to_contain_text("There is no file f0")
