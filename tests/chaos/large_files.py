"""Large files on a stack: are all their candidates scored, ranked and downloaded, each once, and is any page of them
answered within a second, and shown, however many predictions are stored?"""

import csv
import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from playwright.sync_api import sync_playwright

from data.generate import generate
from tests.browser import chromium, page_clock, sights
from tests.support.stack import Stack, request

PAGES = 50
LIMIT = 100
MOST_SECONDS = 1.0


@dataclass
class Served:
    """How the files were served."""

    stored: int = 0
    lost: int = 0
    doubled: int = 0
    slowest: dict[str, float] = field(default_factory=dict)
    """Of each listing the slowest page, in seconds."""

    @property
    def slow(self) -> int:
        return sum(seconds > MOST_SECONDS for seconds in self.slowest.values())


def run(stack: Stack, rows: int, files: int, progress: Callable[[str], None] = lambda _: None) -> Served:
    """Drop so many files of so many rows, one after the other; each time, download it and page through it. This process
    must mean the stack too."""
    served = Served()
    for number in range(files):
        name, began = f"large-{rows}-{number}.csv", time.monotonic()
        stack.drop(name, "".join(generate(rows, seed=100 + number)).encode())
        stack.file(name, "VALIDATED", "SCORED")
        stack.dispatch()
        while (record := stack.get(f"/files/{stack.dropped[name]}"))["status"] != "SCORED":
            time.sleep(1)
        progress(f"{name}: {record['scored']:,} rows scored in {time.monotonic() - began:.0f} s")
        served.stored += record["scored"]
        _downloaded(stack, record, served)
        began = time.monotonic()
        _exported(stack, record, served)
        progress(f"{name}: exported in {time.monotonic() - began:.0f} s")
        for listing, end, query in _listings(record):
            order = query.get("order", "time")
            slowest = max(_pages(stack, listing, query))
            what = f"{listing.replace(record['file_id'], 'ID')} from the {end} on by {order}, {served.stored:,} stored"
            served.slowest[what] = slowest
            progress(f"{what}: the slowest page took {slowest:.2f} s")
    served.slowest["the first page of past predictions in a browser"] = seconds = shown(stack)
    progress(f"the first page of past predictions is seen after {seconds:.2f} s")
    return served


def shown(stack: Stack) -> float:
    """Seconds from the click until a browser shows the newest past predictions."""
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        page = sights.opened(browser)
        sights.enter(page, stack.outputs, "page_token")
        seconds = page_clock.seconds_until_shown(page, "[data-row]", lambda: sights.past(page))
        browser.close()
    return seconds


def _downloaded(stack: Stack, record: dict[str, Any], served: Served) -> None:
    for order in ("rank", "row"):
        link = stack.get(f"/files/{record['file_id']}/scored", order=order)["url"]
        body = request(link, "GET", None, {}).body.decode()
        rows = [int(each["_row"]) for each in csv.DictReader(io.StringIO(body))]
        served.lost += record["rows"]["good"] - len(set(rows))
        served.doubled += len(rows) - len(set(rows))


def _exported(stack: Stack, record: dict[str, Any], served: Served) -> None:
    """As a client follows the addresses of the next page."""
    pages, query = list[str](), {"file_id": record["file_id"]}
    while query:
        answer = stack.call("GET", "/predictions/export", **query)
        assert answer.status == 200, answer
        pages.append(answer.body.decode())
        _, _, following = (answer.headers["Link"] or "").partition("?")
        query = dict(parse_qsl(following.partition(">")[0]))
    ids = [each["id"] for each in csv.DictReader(io.StringIO("".join(pages)))]
    served.lost += record["scored"] - len(set(ids))
    served.doubled += len(ids) - len(set(ids))


def _listings(record: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each listing, from its first page on, and from `PAGES` pages before its end."""
    from jobchange.store import cursors, scoring_state
    from jobchange.store.prediction_keys import SCHEDULED, PredictionKey

    file_id, rows = record["file_id"], record["scored"]
    at, late = scoring_state.get(file_id).claimed_at, rows - PAGES * LIMIT
    key = PredictionKey(source=SCHEDULED, created_at=at, origin=file_id, row=late)
    past: dict[str, Any] = {"start": at, "source": SCHEDULED}
    of_file = f"/files/{file_id}/predictions"
    for listing, query, cursor in (
        ("/predictions/past", past, cursors.encode([at, None, SCHEDULED], [at, key.sort])),
        (of_file, {"order": "rank"}, cursors.encode(["ranked", file_id, 0.0, False], [str(late)])),
        (of_file, {"order": "row"}, cursors.encode(["file", file_id], [str(late)])),
    ):
        yield listing, "beginning", query
        yield listing, "end", {**query, "cursor": cursor}


def _pages(stack: Stack, listing: str, query: dict[str, Any]) -> Iterator[float]:
    """Seconds of each page."""
    for _ in range(PAGES - 1):
        began = time.monotonic()
        page = stack.get(listing, limit=LIMIT, **query)
        yield time.monotonic() - began
        assert len(page["predictions"]) == LIMIT
        query = {**query, "cursor": page["next_cursor"]}
