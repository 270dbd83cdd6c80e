"""What one does with the boards: a range dragged over, a series left out, the rows behind a point, a chart saved; and
alerts, which are seen on every view."""

import csv
import io
import re
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from data.corrupt import corrupt
from data.generate import generate
from jobchange import times
from jobchange.contract import Issue
from jobchange.store import counters
from tests.browser.conftest import Visit
from tests.browser.sights import go, model_board, quality_board, system_board
from tests.support.stack import Stack, patiently

pytestmark = pytest.mark.usefixtures("damaged")


@pytest.fixture(scope="session")
def without_sizes(stack: Stack) -> str:
    """The name of a file in which a column is empty."""
    name = "without_sizes.csv"
    body = corrupt("".join(generate(400, seed=31)).encode(), {Issue.EMPTY_COLUMN: 1}, 5).data
    stack.scored(name, body)
    return name


def chart(page: Page, title: str) -> Locator:
    found = page.get_by_role("region", name=title, exact=True)
    expect(found.locator("svg")).to_be_visible()
    found.scroll_into_view_if_needed()
    return found


def point(canvas: Locator, share: float) -> tuple[float, float]:
    """The point of a chart at this share of its width."""
    box = canvas.bounding_box()
    assert box is not None
    return box["x"] + 64 + (box["width"] - 88) * share, box["y"] + box["height"] / 2


def drag(page: Page, canvas: Locator, begin: float, end: float) -> None:
    page.mouse.move(*point(canvas, begin))
    page.mouse.down()
    page.mouse.move(*point(canvas, end), steps=4)
    page.mouse.up()


def shown_range(page: Page) -> tuple[datetime, datetime]:
    query = parse_qs(page.url.partition("?")[2])
    return datetime.fromisoformat(query["start"][0]), datetime.fromisoformat(query["end"][0])


def test_a_range_is_dragged_over_is_in_the_address_and_is_left_by_back(page: Page) -> None:
    quality_board(page)
    rows = chart(page, "Rows ingested")

    drag(page, rows.locator(".canvas"), 0.25, 0.75)

    expect(page).to_have_url(re.compile("start="))
    start, end = shown_range(page)
    assert abs((end - start) - timedelta(hours=3)) < timedelta(minutes=15)
    with page.expect_response("**/stats/quality?*") as caught:
        page.reload()
    asked = parse_qs(urlsplit(caught.value.url).query)
    assert datetime.fromisoformat(asked["start"][0]) == start
    expect(page.get_by_role("heading", name="Rows ingested")).to_be_visible()
    assert shown_range(page) == (start, end)
    page.go_back()
    expect(page.get_by_role("button", name="6 h")).to_have_attribute("aria-pressed", "true")


def test_a_range_is_chosen_by_its_ends_and_taken_to_the_other_board(page: Page) -> None:
    quality_board(page)
    page.get_by_text("Another time range").click()
    page.get_by_label("From", exact=True).fill("2026-01-01T10:00")
    page.get_by_label("To", exact=True).fill("2026-01-02T10:00")
    with page.expect_response("**/stats/quality?*") as caught:
        page.get_by_role("button", name="Show").click()

    assert parse_qs(urlsplit(caught.value.url).query)["end"] == ["2026-01-02T10:00:00.000Z"]
    with page.expect_response("**/stats/predictions?*") as caught:
        page.get_by_role("navigation", name="Boards").get_by_role("link", name="Model").click()
    assert parse_qs(urlsplit(caught.value.url).query)["start"] == ["2026-01-01T10:00:00.000Z"]


def test_what_is_pointed_at_in_one_chart_is_read_in_all(page: Page, stack: Stack) -> None:
    # The newest bucket is five minutes, and may have just begun.
    stack.scored("pointed-at.csv", "".join(generate(20, seed=95)).encode())
    quality_board(page)
    rows, shares = chart(page, "Rows ingested"), chart(page, "Share of bad rows")
    rows.scroll_into_view_if_needed()

    page.mouse.move(*point(rows.locator(".canvas"), 0.1))
    expect(rows.locator(".readout")).to_have_text("Nothing at this time")
    page.mouse.move(*point(rows.locator(".canvas"), 0.995))

    expect(shares.locator(".crosshair")).to_be_visible()
    expect(rows.locator(".readout")).to_contain_text(re.compile(r"Files \d+, Rows [\d,]+, Good [\d,]+, Bad \d+"))
    expect(shares.locator(".readout")).to_contain_text("Share of bad rows, %")


def test_a_series_is_left_out_and_drawn_again(page: Page) -> None:
    quality_board(page)
    rows = chart(page, "Rows ingested")
    bars = rows.locator('svg g[fill] rect, svg rect[fill="var(--red)"]')
    red = rows.locator('svg [fill="var(--red)"]')
    expect(red.first).to_be_attached()
    assert bars.count() > 0

    rows.get_by_role("button", name="bad", exact=True).click()
    expect(red).to_have_count(0)
    expect(rows.get_by_role("button", name="bad", exact=True)).to_have_attribute("aria-pressed", "false")

    rows.get_by_role("button", name="bad", exact=True).click()
    expect(red.first).to_be_attached()


def test_a_point_leads_to_the_files_behind_it(page: Page, stack: Stack) -> None:
    for attempt in range(2):
        began, name = times.now(), f"behind-a-point-{attempt}.csv"
        stack.scored(name, "".join(generate(20, seed=32 + attempt)).encode())
        go(page, "Files")
        quality_board(page)
        rows = chart(page, "Rows ingested")
        page.mouse.click(*point(rows.locator(".canvas"), 0.999))
        if counters.bucket(began) == counters.bucket(times.now()):
            break

    expect(page.get_by_text("Files dropped from")).to_be_visible()
    expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
    page.get_by_role("link", name="Show all files").click()
    expect(page.get_by_text("Files dropped from")).to_have_count(0)


def test_a_record_of_the_table_leads_there_too(page: Page) -> None:
    quality_board(page)
    rows = chart(page, "Time from drop to scored")
    rows.get_by_text("Numbers", exact=True).click()
    rows.locator("tbody a").first.click()

    expect(page).to_have_url(re.compile(r"#files/f"))


def test_a_chart_is_saved_as_numbers_and_as_a_picture(page: Page, tmp_path: Path) -> None:
    quality_board(page)
    rows = chart(page, "Rows ingested")
    with page.expect_download() as numbers:
        rows.get_by_role("button", name="CSV").click()
    with page.expect_download() as picture:
        rows.get_by_role("button", name="PNG").click()

    assert numbers.value.suggested_filename == "rows-ingested.csv"
    numbers.value.save_as(tmp_path / "numbers.csv")
    records = list(csv.reader(io.StringIO((tmp_path / "numbers.csv").read_text(encoding="utf-8-sig"))))
    assert records[0] == ["From (UTC)", "Files", "Rows", "Good", "Bad"]
    assert all(int(total) == int(good) + int(bad) for _, _, total, good, bad in records[1:])
    assert datetime.fromisoformat(records[1][0]).utcoffset() == timedelta(0)
    assert picture.value.suggested_filename == "rows-ingested.png"
    picture.value.save_as(tmp_path / "picture.png")
    saved = (tmp_path / "picture.png").read_bytes()
    assert saved.startswith(b"\x89PNG")
    assert len(saved) > 5_000  # a picture of nothing is far smaller


def test_a_column_that_is_empty_is_seen_in_the_files_and_on_the_boards(page: Page, without_sizes: str) -> None:
    go(page, "Files")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=without_sizes, exact=True))
    expect(row).to_contain_text("Minor")
    row.get_by_text("1 issue").click()
    sentence = re.compile(r"is empty in 400 of 400 rows; in training in \d+%\.")
    expect(row).to_contain_text(sentence)

    quality_board(page)
    expect(page.get_by_role("region", name="Latest issues")).to_contain_text(sentence)
    expect(chart(page, "Missing values by column")).to_contain_text("in training in")
    model_board(page)
    expect(chart(page, "Drift by feature")).to_contain_text("Numbers")


def test_an_open_alert_is_seen_on_every_view_acknowledged_and_resolved(visit: Visit, stack: Stack) -> None:
    stack.scored("to_alert.csv", corrupt("".join(generate(50, seed=77)).encode(), {Issue.WRONG_TYPE: 0.5}, 3).data)
    page = visit("operator_token")
    line = page.get_by_role("complementary", name="State of the system")
    for view in ("Predict", "Past predictions", "Files", "Model", "Monitoring"):
        go(page, view)
        expect(line.get_by_role("link", name=re.compile("open"))).to_be_visible()
    expect(line).to_contain_text("Newest file")
    line.get_by_role("link", name=re.compile("open")).click()

    unnamed = chart(page, "Alerts over time").locator("svg text").filter(has_text=re.compile(r"^\s*$"))
    expect(unnamed).to_have_count(0)  # no tick between two whole numbers

    alert = page.get_by_role("listitem", name="to_alert.csv: critical")
    dialog = page.get_by_role("dialog")
    expect(alert).to_contain_text("Write a plain number")
    alert.get_by_role("button", name="Acknowledge").click()
    dialog.get_by_role("button", name="Acknowledge").click()
    expect(dialog).to_contain_text("You look after it.")  # it stays, although its button is no longer there
    dialog.get_by_role("button", name="Close", exact=True).click()
    expect(alert).to_contain_text("Acknowledged by")

    alert.get_by_role("button", name="Resolve").click()
    dialog.get_by_role("button", name="Resolve").click()
    expect(dialog).to_contain_text("It is resolved.")
    dialog.get_by_role("button", name="Close", exact=True).click()
    open_ones = page.get_by_role("region", name="Open alerts")
    expect(open_ones.get_by_role("listitem", name="to_alert.csv: critical")).to_have_count(0)
    resolved = page.get_by_role("region", name="Resolved alerts")
    expect(resolved.get_by_role("listitem", name="to_alert.csv: critical")).to_contain_text("Resolved by")


def test_who_is_no_operator_sees_alerts_and_no_queues(page: Page) -> None:
    system_board(page)

    expect(page.get_by_role("region", name="Open alerts")).to_be_visible()
    expect(page.get_by_role("button", name="Resolve")).to_have_count(0)
    expect(page.get_by_role("region", name="Queues now")).to_have_count(0)


def test_how_the_api_answers_is_shown_on_every_target(page: Page, stack: Stack) -> None:
    assert stack.call("GET", "/nowhere").status == 404
    for _ in patiently("the refused request to be written"):
        if stack.get("/stats/requests")["total"]["refused"]:
            break
    system_board(page)
    requests, latency = chart(page, "API requests"), chart(page, "API latency")

    expect(requests).to_contain_text(re.compile(r"[\d,]+ requests; [\d,]+ (was|were) refused, "))
    expect(latency).to_contain_text(re.compile(r"Half took at most about \S+ m?s, 95% about"))
    expect(latency.locator("svg")).to_contain_text("29 s: ended by the gateway")
    requests.get_by_role("button", name="answered").click()
    expect(requests.locator('svg [fill="var(--slate)"]')).to_have_count(0)
    expect(requests.locator('svg [fill="var(--orange)"]').first).to_be_attached()
    with page.expect_download() as numbers:
        latency.get_by_role("button", name="CSV").click()
    records = list(csv.reader(io.StringIO(numbers.value.path().read_text(encoding="utf-8-sig"))))
    assert records[0] == ["From (UTC)", "p50, ms", "p95, ms", "p99, ms"]
    assert all(0 < int(p50) <= int(p95) <= int(p99) < 29_000 for _, p50, p95, p99 in records[1:])


def test_what_outcomes_say_of_each_group_is_beside_what_was_expected(page: Page, stack: Stack) -> None:
    file_id = stack.scored("known_later.csv", "".join(generate(200, seed=41)).encode())["file_id"]
    reports = [
        {"prediction_id": each["id"], "changed_job": number % 4 == 0, "observed_at": times.now()}
        for number, each in enumerate(stack.predictions(file_id=file_id))
    ]
    assert stack.call("POST", "/outcomes", reports).status == 200
    model_board(page)

    groups = chart(page, "AUC by group")

    expect(groups).to_contain_text(re.compile(r"Lowest expected: 0\.\d{3}, .+; lowest by outcomes: 0\.\d{3}, "))
    groups.get_by_text("Numbers", exact=True).click()
    rows = groups.locator("tbody tr")
    expect(rows.filter(has_text="Gender: Male")).to_contain_text(re.compile(r"0\.\d"))
    expect(rows.filter(has_text="too few").first).to_be_visible()
