"""Signing in, staying in, and what holds for every view."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit
from tests.browser.sights import fill_in_a_candidate, go, predict
from tests.support.stack import Stack


def test_the_printed_address_signs_in_and_leaves_no_token_behind(page: Page, stack: Stack) -> None:
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


def test_a_token_that_has_expired_meanwhile_is_asked_for_again_and_the_view_is_still_there(
    page: Page, stack: Stack
) -> None:
    go(page, "Files")
    page.evaluate("sessionStorage.setItem('job-change.token', 'jc_expired')")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("expired")

    page.get_by_label("Token").fill(stack.outputs["page_token"])
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="Files", exact=True)).to_be_visible()


def test_a_lost_connection_is_shown_and_recovered_from_by_itself(page: Page) -> None:
    page.context.set_offline(True)
    expect(page.get_by_text("this page continues by itself")).to_be_visible()
    go(page, "Files")
    expect(page.get_by_role("heading", name="Files", exact=True)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)

    page.context.set_offline(False)

    expect(page.get_by_text("this page continues by itself")).to_be_hidden()
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_times_are_in_the_users_zone_with_utc_on_hover(visit: Visit, stack: Stack) -> None:
    page = visit(zone="Asia/Tokyo")
    predict(page)

    shown = page.locator(".facts time")

    (latest,) = stack.get("/predictions/past", source="webapp", limit=1)["predictions"]
    hour = (int(latest["created_at"][11:13]) + 9) % 24
    expect(shown).to_have_attribute("title", latest["created_at"][:19].replace("T", " ") + " UTC")
    expect(shown).to_have_text(re.compile(f"{(hour - 1) % 12 + 1}:{latest['created_at'][14:16]}"))


def test_everything_is_reached_and_done_by_keyboard(page: Page) -> None:
    page.get_by_role("link", name="Predict", exact=True).focus()
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Past predictions")).to_be_visible()
    expect(page.get_by_role("main")).to_be_focused()

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Today")).to_have_attribute("aria-pressed", "true")


def test_what_was_entered_is_still_there_after_a_look_at_another_view(page: Page) -> None:
    fill_in_a_candidate(page)
    go(page, "Files")
    go(page, "Predict")

    expect(page.get_by_label("Candidate number")).to_have_value("990001")


def test_the_page_says_which_version_it_is_of_and_leads_to_the_licences_of_its_parts(page: Page, stack: Stack) -> None:
    foot = page.get_by_role("contentinfo")

    expect(foot).to_contain_text(stack.get("/health")["version"])
    foot.get_by_role("link", name="Licences").click()
    expect(page.get_by_text("preact").first).to_be_visible()
