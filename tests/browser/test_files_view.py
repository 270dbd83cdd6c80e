"""Files: how good each was, its report, and the way to correct its bad rows."""

import csv
import io
from pathlib import Path

from playwright.sync_api import Page, expect

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


def test_an_address_of_a_file_that_is_not_there_says_so(page: Page) -> None:
    page.evaluate("location.hash = '#files/f0'")

    expect(page.get_by_role("alert")).to_contain_text("There is no file f0")
