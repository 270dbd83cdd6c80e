"""Printed, the model card and a file's report lose nothing: all of each table is within the paper."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.support.stack import Stack

A4 = 718
"""Pixels between margins of a centimetre."""


@pytest.mark.parametrize("which", ["card", "report"])
def test_no_column_of_a_table_is_cut_off(visit: Visit, stack: Stack, damaged: str, which: str) -> None:
    if which == "card":
        url = stack.get(f"/models/{stack.get('/model')['version']}/card")["url"]
    else:
        url = stack.get(f"/files/{stack.file(damaged, 'SCORED')['file_id']}/report")["url"]
    page: Page = visit(alone=True)
    page.goto(url)
    page.set_viewport_size({"width": A4, "height": 1000})
    page.emulate_media(media="print")

    beyond = page.evaluate(
        "() => [...document.querySelectorAll('th, td')].filter(cell => {"
        "  const text = document.createRange(); text.selectNodeContents(cell);"
        "  return text.getBoundingClientRect().right > document.documentElement.clientWidth + 1;"
        "}).map(cell => cell.textContent)"
    )

    assert page.locator("th").count() > 1
    assert beyond == []
    assert page.evaluate("document.documentElement.scrollWidth") <= A4
