"""What is chosen on the page is in its address: for Back, for a reload, and for others to open."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from data.generate import generate
from tests.browser.sights import fill_in_a_candidate, go, past
from tests.support.stack import Stack

CANDIDATE = {
    "enrollee_id": 990088,
    "city": "city_21",
    "city_development_index": 0.624,
    "training_hours": 5,
    "relevent_experience": "No relevent experience",
}


@pytest.fixture(scope="module")
def twice(stack: Stack) -> list[dict[str, Any]]:
    """Two predictions of one candidate, the newest first."""
    for hours in (5, 300):
        stack.call("POST", "/predictions/predict", [{**CANDIDATE, "training_hours": hours}])
    found: list[dict[str, Any]] = stack.get(f"/candidates/{CANDIDATE['enrollee_id']}/predictions")["predictions"]
    return found


@pytest.mark.usefixtures("twice")
def test_filters_survive_a_reload_and_back_returns_to_those_before(page: Page) -> None:
    past(page)
    page.get_by_role("button", name="30 days").click()
    page.get_by_label("Source").select_option("webapp")
    expect(page).to_have_url(re.compile(r"#past\?days=30&source=webapp$"))

    page.reload()

    expect(page.get_by_role("button", name="30 days")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Source")).to_have_value("webapp")

    page.go_back()
    expect(page.get_by_label("Source")).to_have_value("all")
    page.go_back()
    expect(page.get_by_role("button", name="7 days")).to_have_attribute("aria-pressed", "true")


def test_the_window_of_the_boards_is_in_the_address_and_kept_from_one_to_the_other(page: Page) -> None:
    go(page, "Monitoring")
    page.get_by_role("button", name="7 days").click()
    page.get_by_role("navigation", name="Boards").get_by_role("link", name="Model").click()
    expect(page).to_have_url(re.compile(r"#monitoring/model\?window=7d$"))

    page.reload()

    expect(page.get_by_role("button", name="7 days")).to_have_attribute("aria-pressed", "true")


def test_a_row_opens_the_candidate_with_the_explanation_and_the_history(
    page: Page, twice: list[dict[str, Any]]
) -> None:
    number = str(CANDIDATE["enrollee_id"])
    past(page)
    page.get_by_label("Candidate number").fill(number)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name=number, exact=True).first.click()

    dialog = page.get_by_role("dialog", name=f"Candidate {number}")
    expect(dialog.get_by_role("heading", name="What raises the score, what lowers it")).to_be_visible()
    expect(dialog.locator(".history li")).to_have_count(len(twice) - 1)
    expect(page).to_have_url(re.compile(f"candidate={number}&prediction={twice[0]['id']}"))

    page.reload()
    expect(dialog.get_by_role("heading", name="History")).to_be_visible()
    dialog.locator(".history a").first.click()
    expect(page).to_have_url(re.compile(f"prediction={twice[1]['id']}"))

    dialog.get_by_role("link", name="What if …?").click()
    expect(page.get_by_role("heading", name="Predict", exact=True)).to_be_visible()
    expect(page.get_by_label("Training hours")).to_have_value(str(twice[1]["features"]["training_hours"]))


def test_only_those_above_the_threshold_is_in_the_address_of_a_file(page: Page, stack: Stack) -> None:
    file_id = stack.scored("addressed.csv", "".join(generate(60, seed=71)).encode())["file_id"]
    page.evaluate("hash => { location.hash = hash }", f"files/{file_id}?above=1")

    expect(page.get_by_role("button", name="Only those above the threshold")).to_have_attribute("aria-pressed", "true")


def test_every_version_has_an_address_that_shows_its_card(page: Page, stack: Stack) -> None:
    version = stack.get("/models")["models"][-1]["version"]
    go(page, "Model")
    page.get_by_role("region", name="Table: Versions").get_by_role("link", name=version).click()

    expect(page.get_by_role("heading", name=f"Version {version}")).to_be_visible()
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_contain_text(version)
    link = page.get_by_role("link", name="Open, print or save the model card")
    assert version in (link.get_attribute("href") or "")


def test_a_new_tab_is_signed_in_and_signing_out_of_one_is_signing_out_of_all(page: Page, stack: Stack) -> None:
    other = page.context.new_page()
    other.goto(f"{stack.outputs['site_url']}#files")
    expect(other.get_by_role("heading", name="Files", exact=True)).to_be_visible()
    assert page.evaluate("localStorage.length") == 0

    page.get_by_role("button", name="Sign out").click()

    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    other.reload()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    other.close()


def test_what_was_entered_is_kept_while_a_new_token_is_asked_for(page: Page, stack: Stack) -> None:
    fill_in_a_candidate(page)
    expired = {"status": 401, "headers": {"Access-Control-Allow-Origin": "*"}, "json": {"title": "Unauthorized"}}
    page.route("**/predictions/predict?*", lambda route: route.fulfill(**expired), times=1)
    page.get_by_role("button", name="Predict", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="expired")).to_be_visible()

    page.get_by_label("Token").fill(stack.outputs["page_token"])
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_label("Candidate number")).to_have_value("990001")
    expect(page.locator(".verdict")).to_be_visible()


def test_the_first_tab_stop_skips_to_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Skip to the content")).to_be_focused()

    page.keyboard.press("Enter")

    expect(page.get_by_role("main")).to_be_focused()


def test_on_a_phone_the_current_view_is_in_sight(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("location.hash = 'model'")

    expect(page.locator("nav a[aria-current=page]").first).to_have_text("Model")
    expect(page.locator("nav a[aria-current=page]").first).to_be_in_viewport(ratio=0.95)


def test_a_file_that_is_dropped_anywhere_is_scored(page: Page) -> None:
    go(page, "Past predictions")
    page.evaluate(
        """text => {
             const files = new DataTransfer();
             files.items.add(new File([text], 'anywhere.csv', {type: 'text/csv'}));
             document.body.dispatchEvent(new DragEvent('drop', {bubbles: true, cancelable: true, dataTransfer: files}));
           }""",
        "".join(generate(5, seed=72)),
    )

    expect(page.get_by_role("heading", name="Predict a file", exact=True)).to_be_visible()
    expect(page.get_by_text("5 of 5 rows scored.")).to_be_visible()
