"""Real Chromium, from the system's packages; its tests skip where there is none, and fail there when CI is set."""

import os
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect, sync_playwright

from data.corrupt import corrupt
from data.generate import generate
from jobchange.contract import Issue
from tests.browser import chromium
from tests.browser.sights import enter, opened
from tests.support.stack import Stack

# The machine may be busy with other things; what takes too long for people is measured in test_budget.
expect.set_options(timeout=30_000)

# Chromium itself reports every refused or failed request; these are refused, or fail, on purpose. A violated
# Content-Security-Policy, or an error of the page's own, has another text.
_EXPECTED = re.compile(
    r"Failed to load resource: (the server responded with a status of (401|404|409|413|422)|net::ERR_)"
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if chromium.path() is None:
        if os.environ.get("CI"):
            pytest.fail(chromium.MISSING)
        pytest.skip(chromium.MISSING)
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        yield browser
        browser.close()


Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def window(browser: Browser) -> Page:
    """The page of all tests that need none of their own: each new one costs Chromium a second of processor time."""
    return opened(browser)


@pytest.fixture
def visit(browser: Browser, window: Page, stack: Stack) -> Iterator[Visit]:
    """Opens the page, signed in; with a zone, or `alone`, in a context of its own. A console error or a violated
    Content-Security-Policy in any of them fails the test."""
    pages: list[Page] = []
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not _EXPECTED.match(message.text):
            complaints.append(message.text)

    def failed(error: Error) -> None:
        complaints.append(str(error))

    def open_page(token: str = "page_token", *, alone: bool = False, zone: str = "UTC") -> Page:
        page = opened(browser, zone=zone) if alone or zone != "UTC" or window in pages else window
        pages.append(page)
        page.on("console", listen)
        page.on("pageerror", failed)
        enter(page, stack.outputs, token)
        return page

    yield open_page
    for page in pages:
        if page is window:
            page.remove_listener("console", listen)
            page.remove_listener("pageerror", failed)
            _forget(page)
        else:
            page.context.close()
    assert complaints == []


def _forget(page: Page) -> None:
    """Leave nothing to the next test of what this one did to the page."""
    page.unroute_all(behavior="ignoreErrors")
    page.context.set_offline(False)
    page.evaluate("() => { sessionStorage.clear(); localStorage.clear(); }")
    page.goto("about:blank")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.fixture
def page(visit: Visit) -> Page:
    """The page, signed in."""
    return visit()


@pytest.fixture(scope="session")
def damaged(stack: Stack) -> str:
    """The name of an ingested and scored file with bad rows."""
    name = "with_bad_rows.csv"
    damage = {Issue.MISSING_VALUE: 0.04, Issue.OUT_OF_RANGE: 0.04}
    stack.scored(name, corrupt("".join(generate(100, seed=21)).encode(), damage, 3).data)
    return name
