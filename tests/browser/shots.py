"""Take a picture of every view of the stack that is up, wide and narrow, light and dark, into build/screenshots.

python -m tests.browser.shots
"""

import shutil
import sys
from pathlib import Path
from typing import Literal, get_args

from playwright.sync_api import Page, expect, sync_playwright

from infra import ROOT
from infra.commands.outputs import outputs
from tests.browser import chromium
from tests.browser.sights import SIGHTS, signed_in

FOLDER = ROOT / "build" / "screenshots"
WIDTHS = (1280, 390)
Scheme = Literal["light", "dark"]
_SETTLED_MILLISECONDS = 300
"""For charts to be drawn and frames to be painted."""


def main() -> None:
    if chromium.path() is None:
        sys.exit(f"make: {chromium.MISSING}")
    addresses = outputs()
    expect.set_options(timeout=30_000)  # the functions may have to start
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        for name, (token, show) in SIGHTS.items():
            for width in WIDTHS:
                for scheme in get_args(Scheme):
                    page = signed_in(browser, addresses, token, width=width, scheme=scheme)
                    show(page)
                    _take(page, FOLDER / f"{name}-{width}-{scheme}.png")
                    page.context.close()
        browser.close()
    print(f"{len(list(FOLDER.iterdir()))} pictures are in {FOLDER.relative_to(ROOT)}")  # noqa: T201


def _take(page: Page, path: Path) -> None:
    """The whole page; a stored page in a frame is only painted while it is in sight, so it has a picture of its own."""
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(_SETTLED_MILLISECONDS)
    page.screenshot(path=path, full_page=True)
    if page.locator("iframe").count():
        page.locator("iframe").scroll_into_view_if_needed()
        page.wait_for_timeout(_SETTLED_MILLISECONDS)
        page.screenshot(path=path.with_stem(f"{path.stem}-frame"))


if __name__ == "__main__":
    main()
