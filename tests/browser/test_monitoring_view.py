"""The two boards: the API's own numbers, over the chosen window, refreshed by themselves."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Response, Route, expect

from tests.browser.conftest import Visit
from tests.browser.sights import go, model_board, quality_board

EMPTY = {
    "start": "2026-01-01T00:00:00Z",
    "end": "2026-01-02T00:00:00Z",
    "bucket_seconds": 3600,
    "points": [],
    "issues": [],
    "criticality": {"ok": 0, "minor": 0, "major": 0, "critical": 0},
    "latency": [],
    "cut": False,
}


def numbers(page: Page, title: str) -> list[list[str]]:
    """The table below a chart."""
    chart = page.get_by_role("region", name=title, exact=True)
    chart.get_by_text("Numbers", exact=True).click()
    rows: list[list[str]] = chart.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText))"
    )
    return rows


def answer_of(page: Page, path: str, show: Callable[[Page], None]) -> Any:
    """What the API answered to a chart while a board was opened."""

    def asked(response: Response) -> bool:
        return urlsplit(response.url).path.endswith(path)

    with page.expect_response(asked) as caught:
        show(page)
    return caught.value.json()


@pytest.mark.usefixtures("damaged")
def test_the_quality_board_shows_the_apis_numbers(page: Page) -> None:
    stats = answer_of(page, "/stats/quality", quality_board)

    total, bad = (sum(point[name] for point in stats["points"]) for name in ("total", "bad"))
    assert bad > 0
    expect(page.locator(".figures")).to_contain_text(f"{total:,}")
    expect(page.locator(".figures")).to_contain_text(f"{100 * bad / total:.1f}%")
    shown = numbers(page, "Rows ingested")
    assert [[int(cell.replace(",", "")) for cell in row[1:]] for row in shown] == [
        [point[name] for name in ("files", "total", "good", "bad")] for point in stats["points"]
    ]
    assert len(numbers(page, "Issues by type")) == len(stats["issues"])
    assert len(numbers(page, "Time from drop to scored")) == len(stats["latency"])
    for colour, files in stats["criticality"].items():
        row = page.locator(".criticalities li").filter(has_text=colour.capitalize())
        expect(row).to_contain_text(str(files))
    expect(page.locator(".latest li").first).to_be_visible()


@pytest.mark.usefixtures("damaged")
def test_the_model_board_shows_the_apis_numbers(page: Page) -> None:
    stats = answer_of(page, "/stats/predictions", model_board)

    shown = numbers(page, "Predictions by source")

    assert [[int(cell.replace(",", "")) for cell in row[2:]] for row in shown] == [
        [point["predictions"], point["will_change"]] for point in stats["points"]
    ]
    expect(page.get_by_role("region", name="Drift by feature", exact=True).locator("svg")).to_be_visible()
    expect(page.get_by_role("region", name="Scores against training", exact=True).locator("svg")).to_be_visible()


@pytest.mark.usefixtures("damaged")
def test_the_model_board_shows_what_to_expect_of_the_days_files(page: Page) -> None:
    stats = answer_of(page, "/stats/estimates", model_board)

    shown = numbers(page, "Expected AUC")

    assert len(stats["days"]) > 0
    assert [[row[0], int(row[1].replace(",", ""))] for row in shown] == [
        [each["day"], each["expected"]["candidates"]] for each in stats["days"]
    ]
    expect(page.get_by_role("region", name="Expected AUC", exact=True).locator("svg")).to_be_visible()


@pytest.mark.usefixtures("damaged")
def test_marks_that_come_late_are_drawn_into_the_charts_over_time_and_no_other_is_drawn_again(page: Page) -> None:
    held: list[Route] = []
    page.route("**/alerts?*", lambda route: held.append(route))
    go(page, "Monitoring")
    page.get_by_role("button", name="Pause").click()
    model_board(page)
    over_time, other = (
        page.get_by_role("region", name=title, exact=True).locator(".canvas [role=img]")
        for title in ("Predictions by source", "Scores against training")
    )
    for drawing in (over_time, other):
        drawing.evaluate("element => element.setAttribute('data-before', '')")

    for route in held:
        route.continue_()

    expect(page.get_by_text("in the charts: P promotion")).to_be_visible()
    expect(over_time).not_to_have_attribute("data-before", "")
    expect(other).to_have_attribute("data-before", "")


def test_a_window_is_chosen_from_half_an_hour_to_90_days(page: Page) -> None:
    quality_board(page)
    for label, window in (("30 min", timedelta(minutes=30)), ("90 days", timedelta(days=90))):
        with page.expect_response("**/stats/quality?*") as caught:
            page.get_by_role("button", name=label).click()
        assert caught.value.ok
        asked = {name: value[0] for name, value in parse_qs(urlsplit(caught.value.url).query).items()}
        assert datetime.fromisoformat(asked["end"]) - datetime.fromisoformat(asked["start"]) == window


def test_a_board_is_refreshed_by_itself_until_that_is_paused(visit: Visit) -> None:
    page = visit(alone=True)  # for nobody can take its clock away again
    page.clock.install()
    quality_board(page)
    with page.expect_response("**/stats/quality?*"):
        page.clock.fast_forward(20_000)

    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("paused")).to_be_visible()
    page.clock.run_for(1000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.fast_forward(120_000)
    go(page, "Files")
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()

    assert not [url for url in asked if "/stats/" in url]


def test_an_empty_window_says_so_and_a_slow_answer_is_waited_for(page: Page) -> None:
    held: list[Route] = []
    page.route("**/stats/quality?*", lambda route: held.append(route))
    with page.expect_request("**/stats/quality?*"):
        go(page, "Monitoring")
    expect(page.get_by_text("Loading the board")).to_be_visible()

    held[0].fulfill(body=json.dumps(EMPTY), content_type="application/json")

    expect(page.get_by_text("Nothing in this window").first).to_be_visible()
    expect(page.get_by_text("No issues in this window.")).to_be_visible()


def test_an_answer_that_takes_longer_than_the_time_between_two_refreshes_is_shown(visit: Visit) -> None:
    page = visit(alone=True)  # for nobody can take its clock away again
    page.clock.install()
    held: list[Route] = []
    page.route("**/stats/quality?*", lambda route: held.append(route))
    with page.expect_request("**/stats/quality?*"):
        go(page, "Monitoring")

    page.clock.fast_forward(60_000)
    expect(page.get_by_text("Not loaded yet")).to_be_visible()
    held[0].fulfill(body=json.dumps(EMPTY), content_type="application/json")

    expect(page.get_by_text("Updated")).to_be_visible()


def test_one_chart_that_fails_leaves_the_others_standing(visit: Visit) -> None:
    page = visit()
    page.route("**/stats/drift?*", lambda route: route.fulfill(status=404, body="{}"))

    go(page, "Monitoring")
    page.get_by_role("navigation", name="Boards").get_by_role("link", name="Model").click()

    expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.get_by_role("heading", name="Live calibration")).to_be_visible()


def test_no_number_or_day_of_an_axis_is_cut_off(page: Page) -> None:
    def large(route: Route) -> None:
        asked = parse_qs(urlsplit(route.request.url).query)
        window = {"start": asked["start"][0], "end": asked["end"][0]}
        point = {"at": window["start"], "source": "api", "predictions": 900_000, "will_change": 0}
        stats = {**EMPTY, **window, "points": [point]}
        route.fulfill(json=stats, headers={"Access-Control-Allow-Origin": "*"})

    page.route("**/stats/predictions*", large)
    go(page, "Monitoring")
    page.get_by_role("navigation", name="Boards").get_by_role("link", name="Model").click()
    for window in ("30 min", "90 days"):
        page.get_by_role("button", name=window).click()
        expect(page.get_by_role("region", name="Predictions by source", exact=True).locator("svg")).to_be_visible()
        cut = page.evaluate(
            "() => [...document.querySelectorAll('.canvas svg')].flatMap(svg => {"
            "  const box = svg.getBoundingClientRect();"
            "  return [...svg.querySelectorAll('text')].filter(text => { const own = text.getBoundingClientRect();"
            "    return own.left < box.left - 1 || own.right > box.right + 1; }).map(text => text.textContent);"
            "})"
        )
        assert cut == []
