"""Files that go through the lake: those too large to be scored at once, and several at a time."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from data.generate import generate
from tests.browser.sights import go
from tests.support.stack import Stack

ROWS = 3_000
"""More than the API takes in one request."""
_DROP = """(place, [type, files]) => {
  const data = new DataTransfer();
  for (const [name, text] of files) data.items.add(new File([text], name));
  const event = new DragEvent(type, {bubbles: true, cancelable: true, dataTransfer: data});
  place.dispatchEvent(event);
  return event.defaultPrevented;
}"""


def upload_of(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=f"Upload of {name}", exact=True)


def test_a_large_file_goes_to_the_lake_and_is_followed_until_it_is_scored(
    page: Page, stack: Stack, tmp_path: Path
) -> None:
    path = tmp_path / "three-thousand.csv"
    path.write_text("".join(generate(ROWS, seed=31)), encoding="utf-8")
    assert stack.get("/contract")["limits"]["candidates"] < ROWS
    go(page, "Predict a file")

    page.get_by_label("Choose files").set_input_files(path)

    upload = upload_of(page, "three-thousand.csv")
    expect(upload).to_contain_text(f"Checked: {ROWS:,} good rows, 0 bad rows", timeout=60_000)
    stack.dispatch()
    expect(upload).to_contain_text(f"Scored: {ROWS:,} rows", timeout=120_000)
    upload.get_by_role("link").click()
    expect(page.get_by_role("heading", name="three-thousand.csv")).to_be_visible()
    expect(page.get_by_role("table", name=f"Scores of {ROWS:,} rows")).to_be_attached()


def test_several_files_are_dropped_at_once_and_each_has_its_own_progress_and_errors(page: Page, stack: Stack) -> None:
    files = [(f"dropped-{rows}.csv", "".join(generate(rows, seed=rows))) for rows in (30, 31, 32, 33)]
    files[1:1] = [("offer.pdf", "%PDF-1.7"), ("$.csv", "a"), ("nothing.csv", "shoe;size\nboot;43\n")]
    go(page, "Files")

    page.locator(".drop").evaluate(_DROP, ["drop", files])

    for rows in (30, 31, 32, 33):
        upload = upload_of(page, f"dropped-{rows}.csv")
        expect(upload).to_contain_text(f"Checked: {rows} good rows, 0 bad rows", timeout=60_000)
        expect(upload.get_by_role("alert")).to_have_count(0)
    expect(upload_of(page, "nothing.csv")).to_contain_text("Rejected: ", timeout=60_000)
    expect(upload_of(page, "offer.pdf").get_by_role("alert")).to_contain_text(".csv, .tsv or .txt")
    refused = upload_of(page, "$.csv").get_by_role("alert")
    expect(refused).to_contain_text("Rename the file")
    assert not re.search(r"[\\^\[\]]", refused.inner_text()), "a pattern is shown"
    expect(page.get_by_role("alert")).to_have_count(2)
    stack.dispatch()
    for rows in (30, 31, 32, 33):
        expect(upload_of(page, f"dropped-{rows}.csv")).to_contain_text(f"Scored: {rows} rows", timeout=120_000)

    # What was said of these files is said nowhere else, and can be cleared.
    upload_of(page, "dropped-31.csv").get_by_role("link").click()
    expect(page.get_by_role("heading", name="dropped-31.csv")).to_be_visible()
    expect(page.get_by_role("region", name="Upload of")).to_have_count(0)
    go(page, "Files")
    page.get_by_role("button", name="Clear what is done").click()
    expect(page.get_by_role("region", name="Upload of")).to_have_count(0)


def test_a_file_dropped_beside_the_place_for_it_is_uploaded_there_once(page: Page) -> None:
    go(page, "Files")
    expect(page.get_by_label("Upload files")).to_be_attached()

    for type_ in ("dragover", "drop"):
        assert page.locator("h1").evaluate(_DROP, [type_, [("a.csv", "1")]])

    expect(page.get_by_role("region", name="Upload of a.csv")).to_have_count(1)
    expect(page.get_by_role("heading", name="Files", exact=True)).to_be_visible()
