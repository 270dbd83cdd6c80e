"""A file too large to be scored at once, through the lake; on its own stack, whose many rows slow it down."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from data.generate import generate
from tests.browser.sights import go, signed_in
from tests.support.stack import Stack, before_and_train, deployed

ROWS = 50_000


@pytest.fixture
def fresh(shared: Path) -> Iterator[Stack]:
    with deployed("upload") as (bare, environment):
        yield replace(bare, before_training=before_and_train(bare, shared, environment))


def test_a_large_file_goes_to_the_lake_and_is_followed_until_it_is_scored(
    browser: Browser, fresh: Stack, tmp_path: Path
) -> None:
    path = tmp_path / "fifty-thousand.csv"
    path.write_text("".join(generate(ROWS, seed=31)), encoding="utf-8")
    page = signed_in(browser, fresh.outputs)
    go(page, "Predict a file")

    page.get_by_label("Choose a CSV file").set_input_files(path)

    upload = page.get_by_role("region", name="Upload of fifty-thousand.csv")
    expect(upload).to_contain_text(f"Checked: {ROWS:,} good rows, 0 bad rows", timeout=60_000)
    fresh.plan()
    expect(upload).to_contain_text(f"Scored: {ROWS:,} rows", timeout=120_000)
    upload.get_by_role("link").click()
    expect(page.get_by_role("heading", name="fifty-thousand.csv")).to_be_visible()
    expect(page.get_by_role("table", name=f"Scores of {ROWS:,} rows")).to_be_attached()
    page.context.close()
