"""The page in a real browser against the embedded stack, from sign-in to past predictions."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from data.generate import generate
from tests.deployed import Stack

BATCH_ROWS = 12


def fill_in_a_candidate(page: Page) -> None:
    page.get_by_label("City", exact=True).select_option("city_21")
    expect(page.get_by_label("City development index")).to_have_value("0.624")
    page.get_by_label("Relevant experience").select_option("No relevent experience")
    page.get_by_label("Candidate number").fill("990001")
    page.get_by_label("Training hours").fill("24")


def test_the_printed_address_signs_in_and_leaves_no_token_behind(page: Page, stack: Stack) -> None:
    expect(page.get_by_role("heading", name="Predict", exact=True)).to_be_visible()
    assert stack.outputs["page_token"] not in page.url

    page.reload()

    expect(page.get_by_role("heading", name="Predict", exact=True)).to_be_visible()


def test_without_a_token_the_page_asks_for_one_and_says_when_it_is_wrong(browser: Browser, stack: Stack) -> None:
    page = browser.new_page()
    page.goto(stack.outputs["site_url"])
    page.get_by_label("Token").fill("jc_wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not valid")

    page.get_by_label("Token").fill(stack.outputs["page_token"])
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="Predict", exact=True)).to_be_visible()
    page.close()


def test_one_candidate_is_predicted_and_found_under_past_predictions(page: Page) -> None:
    fill_in_a_candidate(page)
    page.get_by_role("button", name="Predict", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("%")

    page.get_by_role("link", name="Past predictions").click()
    page.get_by_label("Source").select_option("webapp")

    expect(page.get_by_role("row").filter(has_text="990001")).to_contain_text("city_21")


def test_a_csv_file_is_predicted_and_found_under_past_predictions(page: Page, tmp_path: Path) -> None:
    batch = tmp_path / "batch.csv"
    lines = "".join(generate(BATCH_ROWS, seed=11)).splitlines()
    identifiers = [line.split(",")[0] for line in lines[1:]]
    batch.write_text("\n".join([*lines, lines[1].replace(identifiers[0], "oops", 1)]) + "\n", encoding="utf-8")

    page.get_by_role("link", name="Predict a file").click()
    page.get_by_label("Choose a CSV file").set_input_files(batch)

    expect(page.get_by_role("status")).to_contain_text(f"{BATCH_ROWS} rows scored, 1 row refused")
    expect(page.get_by_role("row").filter(has_text="oops")).to_contain_text("enrollee_id")
    page.get_by_role("link", name="Past predictions").click()
    page.get_by_label("Source").select_option("webapp")
    for identifier in identifiers:
        expect(page.get_by_role("cell", name=identifier, exact=True).first).to_be_visible()


def test_what_is_wrong_with_a_candidate_stands_beside_its_field(page: Page) -> None:
    fill_in_a_candidate(page)
    page.get_by_label("Training hours").fill("a lot")
    page.get_by_role("button", name="Predict", exact=True).click()

    field = page.get_by_label("Training hours")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#training_hours-error")).to_be_visible()


def test_ingested_files_are_listed_with_their_rows(page: Page, stack: Stack) -> None:
    stack.scored("listed.csv", "".join(generate(30, seed=12)).encode())

    page.get_by_role("link", name="Files").click()

    expect(page.get_by_role("row").filter(has_text="listed.csv")).to_contain_text("30")
