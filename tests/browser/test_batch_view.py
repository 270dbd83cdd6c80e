"""A small file of candidates, scored at once."""

import csv
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.sights import BATCH_ROWS, batch_file, go


def choose(page: Page, path: Path) -> None:
    go(page, "Predict a file")
    page.get_by_label("Choose a CSV file").set_input_files(path)


def test_a_csv_file_is_predicted_and_found_under_past_predictions(page: Page, tmp_path: Path) -> None:
    path, identifiers = batch_file(tmp_path)

    choose(page, path)

    expect(page.get_by_role("status").filter(has_text="scored")).to_contain_text(
        f"{BATCH_ROWS} rows scored, 1 row refused"
    )
    expect(page.get_by_role("row").filter(has_text="oops")).to_contain_text("enrollee_id")
    go(page, "Past predictions")
    page.get_by_label("Source").select_option("webapp")
    for identifier in identifiers:
        expect(page.get_by_role("cell", name=identifier, exact=True).first).to_be_visible()


def test_results_are_sorted_by_their_headings_and_kept_as_csv(page: Page, tmp_path: Path) -> None:
    path, _ = batch_file(tmp_path)
    choose(page, path)
    predictions = page.get_by_role("region", name="Predictions")

    predictions.get_by_role("button", name="Probability").click(click_count=1)
    expect(predictions.get_by_role("columnheader", name="Probability")).to_have_attribute("aria-sort", "ascending")
    predictions.get_by_role("button", name="Probability").click()
    shown = [int(text.rstrip(" %")) for text in predictions.locator(".probability-number").all_inner_texts()]
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download CSV").click()

    assert shown == sorted(shown, reverse=True)
    kept = list(csv.DictReader(caught.value.path().read_text(encoding="utf-8").splitlines()))
    assert caught.value.suggested_filename == "batch-predictions.csv"
    assert sorted(round(float(row["probability"]) * 100) for row in kept) == sorted(shown)


def test_a_file_that_is_not_one_of_candidates_is_refused_with_advice(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "shoes.csv"
    path.write_text("shoe;size\nboot;43\n", encoding="utf-8")

    choose(page, path)

    expect(page.get_by_role("alert")).to_contain_text("No known column in this file")
