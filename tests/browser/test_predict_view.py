"""One candidate: the answer, what speaks for and against, what if, and what is wrong."""

import re

import pytest
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
    page.get_by_text("In log-odds").click()
    steps = page.locator(".contributions .facts")
    names, values = steps.locator("dt").all_inner_texts(), steps.locator("dd").all_inner_texts()
    given = {labels[each["feature"]]: each["contribution"] for each in prediction["explanation"]}
    assert names
    for name, value in zip(names, values, strict=True):
        assert float(value.replace("−", "-")) == pytest.approx(given[name], abs=0.006)
    levels = page.locator(".contribution-level .contribution-size")
    expect(levels.last).to_have_text(f"{prediction['probability'] * 100:.0f}%")
    points = [float(text.split()[0].replace("−", "-")) for text in page.locator(STEPS).all_inner_texts()]
    start = float(levels.first.inner_text().rstrip("%"))
    assert start + sum(points) == pytest.approx(prediction["probability"] * 100, abs=1 + 0.1 * len(points))


STEPS = ".contributions li:not(.contribution-level) .contribution-size"


def test_the_answer_stands_beside_the_average_and_the_threshold(page: Page, stack: Stack) -> None:
    with page.expect_response("**/predictions/predict?explain=true") as caught:
        predict(page)

    (prediction,) = caught.value.json()["predictions"]
    average, threshold = prediction["average"], stack.get("/model")["threshold"]
    expect(page.locator(".standing")).to_contain_text(f"average ({average * 100:.0f}%)")
    expect(page.locator(".standing")).to_contain_text(f"higher than {prediction['above'] * 100:.0f}% of candidates")
    expect(page.locator(".gauge-key")).to_contain_text(f"threshold {threshold * 100:.0f}%")
    expect(page.locator(".gauge-average")).to_be_visible()
    expect(page.locator(".gauge-threshold")).to_be_visible()


def test_an_index_that_is_not_the_citys_is_told_beside_the_answer_after_a_reload_too(page: Page, stack: Stack) -> None:
    contradictory = {**CONTRADICTORY, "city_development_index": 0.1}
    (made,) = stack.call("POST", "/predictions/predict", [contradictory]).json["predictions"]
    page.evaluate("hash => { location.hash = hash }", f"predict?prediction={made['id']}")
    note = page.locator(".answer-note")

    expect(note).to_contain_text("The development index of city_21 is 0.624, but this candidate has 0.1.")
    page.reload()
    expect(note).to_be_visible()

    page.get_by_role("button", name="Predict", exact=True).click()
    expect(page).not_to_have_url(re.compile(made["id"]))
    expect(note).to_be_visible()
    page.get_by_label("City", exact=True).select_option("city_103")
    page.get_by_role("button", name="Predict", exact=True).click()
    expect(note).to_have_count(0)


CONTRADICTORY = {"city": "city_21", "relevent_experience": "No relevent experience", "training_hours": 5}


def test_the_index_follows_from_the_city_and_levels_are_read_as_people_write_them(page: Page) -> None:
    fill_in_a_candidate(page)

    expect(page.get_by_label("City development index")).not_to_be_editable()
    options = page.get_by_label("Relevant experience").locator("option").all_inner_texts()
    assert options == ["Choose…", "No relevant experience", "Relevant experience"]
    expect(page.get_by_label("Company size").locator("option").nth(2)).to_have_text("10–49")


def test_a_prediction_has_an_address_that_fills_the_form_again(page: Page) -> None:
    predict(page)
    expect(page).to_have_url(re.compile("#predict.prediction="))
    answer = page.locator(".verdict").inner_text()

    page.reload()

    expect(page.get_by_label("Candidate number")).to_have_value("990001")
    expect(page.locator(".verdict")).to_have_text(answer, use_inner_text=True)


def test_what_if_shows_how_a_change_moves_the_answer_and_keeps_it_out_of_the_candidates_history(
    page: Page, stack: Stack
) -> None:
    page.get_by_label("Candidate number").fill("990002")
    fill_in_a_candidate(page)
    page.get_by_label("Candidate number").fill("990002")
    page.get_by_role("button", name="Predict", exact=True).click()
    page.get_by_role("button", name="What if …?").click()

    with page.expect_response("**/predictions/predict?*") as caught:
        page.get_by_label("City", exact=True).select_option("city_103")

    (tried,) = caught.value.json()["predictions"]
    (first,) = stack.get("/candidates/990002/predictions")["predictions"]
    points = abs(round(tried["probability"] * 100) - round(first["probability"] * 100))
    expect(page.locator(".answer .change")).to_contain_text(f"{points} points less than the")
    expect(page.locator(".gauge-before")).to_be_visible()

    page.get_by_role("button", name="Undo changes").click()

    expect(page.get_by_label("City", exact=True)).to_have_value("city_21")
    expect(page.locator(".answer .change")).to_have_count(0)


def test_nothing_that_is_tried_in_a_what_if_is_stored(page: Page, stack: Stack) -> None:
    fill_in_a_candidate(page)
    page.get_by_label("Candidate number").fill("990003")
    page.get_by_role("button", name="Predict", exact=True).click()
    page.get_by_role("button", name="What if …?").click()
    expect(page.get_by_role("button", name="Undo changes")).to_be_focused()
    (stored,) = stack.get("/candidates/990003/predictions")["predictions"]

    hours = page.get_by_label("Training hours")
    with page.expect_response("**/predictions/predict?*") as caught:
        hours.fill("300")
    hours.press("Enter")

    (tried,) = caught.value.json()["predictions"]
    expect(page.locator(".answer .change")).to_be_visible()
    assert stack.call("GET", f"/predictions/{tried['id']}").status == 404
    assert stack.get("/candidates/990003/predictions")["predictions"] == [stored]
    assert stack.get("/predictions/past", source="webapp", limit=1)["predictions"][0]["id"] == stored["id"]


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
    expect(page.locator("#relevent_experience-error")).to_have_text("Required. Choose one.")
    expect(page.locator("#training_hours-error")).to_have_text("Required. Enter a whole number from 1 to 1,000.")
    expect(page.locator("#city_development_index-error")).to_have_text("Required. Enter a number from 0 to 1.")
    expect(page.get_by_role("alert")).to_contain_text("Please correct the marked fields.")
