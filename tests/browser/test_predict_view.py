"""One candidate: the answer, what speaks for and against, what if, and what is wrong."""

from playwright.sync_api import Page, expect

from tests.browser.sights import fill_in_a_candidate, go, predict, wrong_field
from tests.support.stack import Stack


def test_one_candidate_is_predicted_and_found_under_past_predictions(page: Page) -> None:
    predict(page)
    expect(page.get_by_role("status").filter(has_text="looking for a new job")).to_contain_text("%")

    go(page, "Past predictions")
    page.get_by_label("Source").select_option("webapp")

    expect(page.get_by_role("row").filter(has_text="990001").first).to_contain_text("city_21")


def test_the_bars_are_the_contributions_that_the_api_gives(page: Page, stack: Stack) -> None:
    with page.expect_response("**/predictions/predict?explain=true") as caught:
        predict(page)

    (prediction,) = caught.value.json()["predictions"]
    labels = {column["name"]: column["label"] for column in stack.get("/contract")["columns"]}
    bars = page.locator(".contributions li")
    expect(bars).to_have_count(len(prediction["explanation"]))
    for at, each in enumerate(prediction["explanation"]):
        expect(bars.nth(at)).to_contain_text(labels[each["feature"]])
        expect(bars.nth(at)).to_contain_text(f"{abs(100 * each['points']):.1f}")
        expect(bars.nth(at)).to_contain_text("speaks against" if each["points"] < 0 else "speaks for")


def test_what_if_shows_how_a_change_moves_the_answer_and_keeps_it_out_of_the_candidates_history(
    page: Page, stack: Stack
) -> None:
    page.get_by_label("Candidate number").fill("990002")
    fill_in_a_candidate(page)
    page.get_by_label("Candidate number").fill("990002")
    page.get_by_role("button", name="Predict", exact=True).click()
    page.get_by_role("button", name="What if …?").click()

    with page.expect_response("**/predictions/predict?explain=true") as caught:
        page.get_by_label("City", exact=True).select_option("city_103")

    (tried,) = caught.value.json()["predictions"]
    (first,) = stack.get("/candidates/990002/predictions")["predictions"]
    points = abs(round(tried["probability"] * 100) - round(first["probability"] * 100))
    expect(page.locator(".answer .change")).to_contain_text(f"{points} points less than the")
    expect(page.locator(".gauge-before")).to_be_visible()

    page.get_by_role("button", name="Undo changes").click()

    expect(page.get_by_label("City", exact=True)).to_have_value("city_21")
    expect(page.locator(".answer .change")).to_have_count(0)


def test_what_is_wrong_with_a_candidate_stands_beside_its_field(page: Page) -> None:
    wrong_field(page)

    field = page.get_by_label("Training hours")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()

    field.fill("24")
    page.get_by_role("button", name="Predict", exact=True).click()

    expect(page.locator(".verdict")).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "false")


def test_an_empty_form_names_every_field_that_is_missing(page: Page, stack: Stack) -> None:
    page.get_by_role("button", name="Predict", exact=True).click()

    expect(page.locator(".field-error").first).to_be_visible()
    problem = stack.call("POST", "/predictions/predict", [{}]).json
    expect(page.locator(".field-error")).to_have_count(len({each["field"] for each in problem["errors"]}))
