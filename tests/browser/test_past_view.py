"""Past predictions: filtered, searched, paged and kept."""

import csv
import re

import pytest
from playwright.sync_api import Page, Route, expect

from data.generate import generate
from tests.browser.sights import go, past
from tests.support.stack import Stack

ROWS = 250
"""More than two pages."""


@pytest.fixture(scope="module")
def scored(stack: Stack) -> str:
    """A file with more predictions than two pages hold; its name."""
    stack.scored("many.csv", "".join(generate(ROWS, seed=41)).encode())
    return "many.csv"


@pytest.mark.usefixtures("scored")
def test_scrolling_to_the_end_loads_the_next_page(page: Page) -> None:
    past(page)
    page.get_by_label("Source").select_option("scheduled")
    expect(page.get_by_text("100 predictions shown.")).to_be_visible()

    page.get_by_role("region", name="Past predictions").evaluate("element => element.scrollTo(0, element.scrollHeight)")

    expect(page.get_by_text("200 predictions shown.")).to_be_visible()
    expect(page.get_by_text("Scores of the 200 predictions shown").first).to_be_visible()


@pytest.mark.usefixtures("scored")
def test_the_file_to_keep_holds_every_prediction_of_the_query(page: Page, stack: Stack) -> None:
    past(page)
    page.get_by_label("Source").select_option("scheduled")
    expect(page.get_by_text("100 predictions shown.")).to_be_visible()
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download CSV").click()

    kept = list(csv.DictReader(caught.value.path().read_text(encoding="utf-8-sig").splitlines()))

    assert re.fullmatch(r"predictions-\d{4}-\d\d-\d\d-to-\d{4}-\d\d-\d\d\.csv", caught.value.suggested_filename)
    assert [row["id"] for row in kept] == [each["id"] for each in stack.predictions(source="scheduled")]
    expect(page.get_by_text(f"{len(kept):,} rows saved")).to_be_visible()


@pytest.mark.usefixtures("scored")
def test_an_export_whose_connection_is_lost_goes_on_by_itself_where_it_was(page: Page, stack: Stack) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        """Pages of 100 rows, of which the second is lost once."""
        asked.append(route.request.url)
        if len(asked) == 2:
            route.abort()
        else:
            route.continue_(url=route.request.url.replace("limit=5000", "limit=100"))

    page.route("**/predictions/export?*", answer)
    page.goto(page.url.split("#")[0] + f"#past/{stack.dropped['many.csv']}")
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download CSV").click()
        expect(page.get_by_text(f"{ROWS} rows saved")).to_be_visible()

    kept = list(csv.DictReader(caught.value.path().read_text(encoding="utf-8").splitlines()))
    assert [int(row["row"]) for row in kept] == list(range(1, ROWS + 1))
    assert [("cursor" in each) for each in asked] == [False, True, True, True]


@pytest.mark.usefixtures("scored")
def test_an_export_that_fails_says_how_far_it_was(page: Page, stack: Stack) -> None:
    readable = {"Access-Control-Allow-Origin": "*"}

    def answer(route: Route) -> None:
        if "cursor" in route.request.url:
            route.fulfill(status=409, headers=readable, json={"title": "Conflict"})
        else:
            route.continue_(url=route.request.url.replace("limit=5000", "limit=100"))

    page.route("**/predictions/export?*", answer)
    page.goto(page.url.split("#")[0] + f"#past/{stack.dropped['many.csv']}")
    page.get_by_role("button", name="Download CSV").click()

    expect(page.get_by_text(f"100 of about {ROWS} rows have been fetched.")).to_be_visible()
    page.unroute("**/predictions/export?*")
    with page.expect_download() as caught:
        page.get_by_role("alert").get_by_role("button", name="Try again").click()
    assert len(caught.value.path().read_text(encoding="utf-8").splitlines()) == ROWS + 1


@pytest.mark.usefixtures("scored")
def test_an_export_that_is_stopped_saves_nothing_and_can_be_started_again(page: Page) -> None:
    waiting: list[Route] = []
    page.route("**/predictions/export?*", lambda route: waiting.append(route))
    past(page)
    page.get_by_role("button", name="Download CSV").click()
    expect(page.get_by_role("progressbar", name="Rows fetched")).to_be_visible()

    page.get_by_role("button", name="Stop").click()

    expect(page.get_by_role("progressbar")).to_have_count(0)
    page.unroute("**/predictions/export?*")
    with page.expect_download():
        page.get_by_role("button", name="Download CSV").click()


def test_the_predictions_of_one_file_are_shown_by_a_link_and_kept_and_the_filter_is_taken_off(
    page: Page, scored: str, stack: Stack
) -> None:
    go(page, "Files")
    page.get_by_role("link", name=scored, exact=True).first.click()
    page.get_by_role("link", name="All predictions of this file").click()

    expect(page.get_by_text("100 predictions shown.")).to_be_visible()
    file_id = stack.dropped[scored]
    assert page.url.endswith(f"#past/{file_id}")
    expect(page.get_by_role("group", name="Filters").get_by_role("link", name=scored)).to_be_visible()
    table = page.get_by_role("region", name="Past predictions")
    expect(table.locator("table")).to_have_attribute("aria-rowcount", "101")
    drawn = table.locator("[data-row] td:first-child").all_inner_texts()
    assert drawn == [str(row) for row in range(1, len(drawn) + 1)]
    assert len(drawn) < 60
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download CSV").click()
    kept = list(csv.DictReader(caught.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert caught.value.suggested_filename == "many-predictions.csv"
    assert [row["id"] for row in kept] == [each["id"] for each in stack.predictions(file_id=file_id)]

    page.reload()
    expect(page.get_by_role("group", name="Filters").get_by_role("link", name=scored)).to_be_visible()
    page.get_by_role("link", name="Show those of all files").click()
    expect(page.get_by_label("Source")).to_be_visible()
    expect(page.get_by_role("columnheader", name="When")).to_be_visible()


def test_a_candidate_is_found_by_number(page: Page, stack: Stack) -> None:
    candidate = {"enrollee_id": 990077, "city": "city_21", "city_development_index": 0.624, "training_hours": 5}
    stack.call("POST", "/predictions/predict", [{**candidate, "relevent_experience": "No relevent experience"}])
    past(page)

    page.get_by_label("Candidate number").fill("990077")
    page.get_by_role("button", name="Find").click()

    expect(page.get_by_text("1 prediction shown, there are no more.")).to_be_visible()
    expect(page.get_by_role("cell", name="990077")).to_be_visible()

    page.get_by_label("Candidate number").fill("")
    expect(page.get_by_label("Source")).to_be_enabled()


def test_a_number_that_cannot_be_a_candidates_is_reported_in_the_apis_words(page: Page) -> None:
    past(page)
    page.get_by_label("Candidate number").fill("0")
    page.get_by_role("button", name="Find").click()

    expect(page.get_by_role("alert")).to_contain_text("enrollee_id")


def test_what_is_no_number_is_refused_in_the_field(page: Page) -> None:
    past(page)
    field = page.get_by_label("Candidate number")
    field.fill("abc")
    page.get_by_role("button", name="Find").click()

    expect(field).to_be_focused()
    assert field.evaluate("input => input.validity.patternMismatch")
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.usefixtures("scored")
def test_a_prediction_of_a_file_leads_to_the_file(page: Page, stack: Stack) -> None:
    past(page)
    page.get_by_label("Source").select_option("scheduled")
    expect(page.get_by_text("100 predictions shown.")).to_be_visible()
    (newest,) = stack.get("/predictions/past", source="scheduled", limit=1)["predictions"]

    expect(page.get_by_role("link", name="Row ").first).to_have_attribute("href", f"#files/{newest['file_id']}")


def test_a_period_without_predictions_says_what_to_do(page: Page) -> None:
    past(page)
    page.get_by_label("From").fill("2020-01-01")
    page.get_by_label("To").fill("2020-01-02")

    expect(page.get_by_text("No predictions in this period")).to_be_visible()

    page.get_by_label("To").fill("2019-01-02")
    expect(page.get_by_text("The first day must not be after the last.")).to_be_visible()
