"""Every view, light and dark, as axe sees it: no violation of WCAG 2.2 AA nor of good practice."""

from typing import Any

import pytest
from playwright.sync_api import Page

from infra import ROOT
from tests.browser.conftest import Visit
from tests.browser.sights import SIGHTS

AXE = (ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds wrong, by all its rules or by some."""
    # Every link is a fragment, so axe takes those that are scrolled out of sight for links that skip something.
    options: dict[str, Any] = {"iframes": False, "rules": {"skip-link": {"enabled": False}}}
    if rules:
        options["runOnly"] = list(rules)
    # Evaluated by the debugger, which the page's Content-Security-Policy doesn't hold back.
    if page.evaluate("!('axe' in window)"):
        page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(
        "async (options) => (await axe.run(document, options)).violations", options
    )
    return [f"{each['id']}: {node['html'][:200]} {node['failureSummary']}" for each in found for node in each["nodes"]]


@pytest.mark.usefixtures("damaged")
@pytest.mark.parametrize("sight", SIGHTS)
def test_axe_finds_nothing_in_any_view_and_none_scrolls_sideways_on_a_phone(visit: Visit, sight: str) -> None:
    token, show = SIGHTS[sight]
    page = visit(token)
    show(page)
    found = {"light": violations(page)}

    page.emulate_media(color_scheme="dark")
    found["dark"] = violations(page, "color-contrast", "link-in-text-block")
    page.set_viewport_size({"width": 390, "height": 844})
    found["narrow"] = violations(page)

    assert found == {"light": [], "dark": [], "narrow": []}
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # As a page of 1,280 pixels is at a zoom of 200%.
    page.set_viewport_size({"width": 640, "height": 422})
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
