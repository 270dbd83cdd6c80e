"""A file too large to be scored at once, through the lake."""

from pathlib import Path

from playwright.sync_api import Page, expect

from data.generate import generate
from tests.browser.sights import go
from tests.support.stack import Stack

ROWS = 3_000
"""More than the API takes in one request."""


def test_a_large_file_goes_to_the_lake_and_is_followed_until_it_is_scored(
    page: Page, stack: Stack, tmp_path: Path
) -> None:
    path = tmp_path / "three-thousand.csv"
    path.write_text("".join(generate(ROWS, seed=31)), encoding="utf-8")
    assert stack.get("/contract")["limits"]["candidates"] < ROWS
    go(page, "Predict a file")

    page.get_by_label("Choose a CSV file").set_input_files(path)

    upload = page.get_by_role("region", name="Upload of three-thousand.csv")
    expect(upload).to_contain_text(f"Checked: {ROWS:,} good rows, 0 bad rows", timeout=60_000)
    stack.dispatch()
    expect(upload).to_contain_text(f"Scored: {ROWS:,} rows", timeout=120_000)
    upload.get_by_role("link").click()
    expect(page.get_by_role("heading", name="three-thousand.csv")).to_be_visible()
    expect(page.get_by_role("table", name=f"Scores of {ROWS:,} rows")).to_be_attached()
