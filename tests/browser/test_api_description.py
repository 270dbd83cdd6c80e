"""The API's own description in a real browser, behind the gateway's stage."""

from playwright.sync_api import Browser

from tests.support.stack import Stack


def test_the_description_is_shown_without_asking_any_other_host(browser: Browser, stack: Stack) -> None:
    page = browser.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(f"{stack.outputs['api_url']}/docs")
    page.get_by_text("/predictions/predict").first.wait_for()

    assert all(url.startswith((stack.outputs["api_url"], "data:")) for url in asked), asked
    assert complaints == []
    page.close()
