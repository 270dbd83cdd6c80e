"""A table of many rows: only those in sight are in the document."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from jobchange.contract.candidate import EXAMPLE
from tests.browser.sights import go
from tests.support.stack import Stack

ROWS = 20_000
MOST_NODES = 2000


@pytest.fixture
def long(page: Page, stack: Stack) -> Page:
    """The page with a table of so many candidates."""
    (one,) = stack.call("POST", "/predictions/predict", [EXAMPLE]).json["predictions"]
    body: dict[str, Any] = {"refused": [], "notes": []}
    body["predictions"] = [
        {**one, "id": f"p{row}", "row": row, "enrollee_id": row, "probability": (row * 7919 % 10_007) / 10_007}
        for row in range(1, ROWS + 1)
    ]

    def answer(route: Route) -> None:
        route.fulfill(json=body, headers={"Access-Control-Allow-Origin": "*"})

    page.route("**/predictions/predict", answer)
    go(page, "Predict a file")
    page.get_by_label("Choose files").set_input_files(
        {"name": "m.csv", "mimeType": "text/csv", "buffer": b"enrollee_id"}
    )
    expect(page.get_by_text("20,000 of 20,000 rows scored.")).to_be_visible()
    expect(page.locator(".histogram-note")).to_be_visible()
    page.get_by_role("region", name="Table: Ranked candidates").evaluate("each => each.scrollIntoView({block: 'end'})")
    return page


def test_twenty_thousand_rows_are_a_few_in_the_document_wherever_one_scrolls(long: Page) -> None:
    table = long.get_by_role("region", name="Table: Ranked candidates")
    expect(table.locator("table")).to_have_attribute("aria-rowcount", str(ROWS + 1))
    for share in (0, 0.5, 1):
        table.evaluate("(element, share) => element.scrollTo(0, share * element.scrollHeight)", share)
        rank = str(max(1, round(share * ROWS)))
        if share != 0.5:
            expect(table.get_by_role("cell", name=rank, exact=True).first).to_be_in_viewport()
        assert long.evaluate("document.querySelectorAll('*').length") <= MOST_NODES

    table.get_by_role("button", name="Candidate").click()
    table.evaluate("element => element.scrollTo(0, 0)")
    expect(table.get_by_role("link", name="1", exact=True)).to_be_in_viewport()


def test_the_rows_that_come_into_sight_are_there_within_a_few_frames(long: Page) -> None:
    """Frames are counted by the browser; what is too slow for people would show a gap at the end of each jump."""
    table = long.get_by_role("region", name="Table: Ranked candidates")

    frames = table.evaluate(
        """async element => {
             const frame = () => new Promise(requestAnimationFrame);
             let worst = 0;
             for (let jump = 1; jump <= 20; jump++) {
               element.scrollTo(0, jump * 30000);
               let frames = 0;
               const middle = element.getBoundingClientRect().top + element.clientHeight / 2;
               const there = () => document.elementFromPoint(element.getBoundingClientRect().left + 40, middle)
                 ?.closest('tr[data-row]');
               do { await frame(); frames++; } while (!there() && frames < 60);
               worst = Math.max(worst, frames);
             }
             return worst;
           }"""
    )

    assert frames <= 5
