"""Every view of the page with something in it, for all who want to look at all of them: tests and screenshots."""

import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from data.generate import generate

BATCH_ROWS = 12
Outputs = Mapping[str, str]


def signed_in(
    browser: Browser,
    outputs: Outputs,
    token: str = "page_token",
    *,
    width: int = 1280,
    scheme: Literal["light", "dark"] = "light",
    zone: str = "UTC",
    listen: Callable[[ConsoleMessage], None] = lambda _: None,
) -> Page:
    """A page in a context of its own, signed in as the address printed by the demo does; `listen` hears its console."""
    page = opened(browser, width=width, scheme=scheme, zone=zone)
    page.on("console", listen)
    enter(page, outputs, token)
    return page


def opened(
    browser: Browser, *, width: int = 1280, scheme: Literal["light", "dark"] = "light", zone: str = "UTC"
) -> Page:
    """An empty page in a context of its own."""
    context = browser.new_context(
        viewport={"width": width, "height": 900 if width > 500 else 844},
        color_scheme=scheme,
        timezone_id=zone,
        locale="en-US",
        reduced_motion="reduce",
    )
    return context.new_page()


def enter(page: Page, outputs: Outputs, token: str) -> None:
    """Sign in as the address printed by the demo does."""
    page.goto(f"{outputs['site_url']}#token={outputs[token]}")
    expect(page.get_by_role("button", name="Predict", exact=True)).to_be_visible()


def go(page: Page, view: str) -> None:
    page.get_by_role("navigation", name="Views").get_by_role("link", name=view, exact=True).click()


def fill_in_a_candidate(page: Page) -> None:
    page.get_by_label("City", exact=True).select_option("city_21")
    expect(page.get_by_label("City development index")).to_have_value("0.624")
    page.get_by_label("Relevant experience").select_option("No relevent experience")
    page.get_by_label("Candidate number").fill("990001")
    page.get_by_label("Training hours").fill("24")


def sign_in(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def predict(page: Page) -> None:
    fill_in_a_candidate(page)
    page.get_by_label("Years of experience").select_option("5")
    page.get_by_role("button", name="Predict", exact=True).click()
    expect(page.get_by_role("heading", name="What raises the score, what lowers it")).to_be_visible()


def what_if(page: Page) -> None:
    predict(page)
    page.get_by_role("button", name="What if …?").click()
    page.get_by_label("Company size").select_option("50-99")
    expect(page.locator(".change")).to_contain_text("than the")


def wrong_field(page: Page) -> None:
    fill_in_a_candidate(page)
    page.get_by_label("Training hours").fill("a lot")
    page.get_by_role("button", name="Predict", exact=True).click()
    expect(page.locator("#training_hours-error")).to_be_visible()


def batch_file(folder: Path) -> tuple[Path, list[str]]:
    """A file of candidates with one row more that breaks the contract; and the numbers of the good ones."""
    lines = "".join(generate(BATCH_ROWS, seed=11)).splitlines()
    identifiers = [line.split(",")[0] for line in lines[1:]]
    path = folder / "batch.csv"
    path.write_text("\n".join([*lines, lines[1].replace(identifiers[0], "oops", 1)]) + "\n", encoding="utf-8")
    return path, identifiers


def batch(page: Page) -> None:
    go(page, "Predict a file")
    with tempfile.TemporaryDirectory() as folder:
        path, _ = batch_file(Path(folder))
        page.get_by_label("Choose files").set_input_files(path)
        expect(page.get_by_role("status").filter(has_text="scored")).to_contain_text("1 refused")


def explained(page: Page) -> None:
    batch(page)
    page.get_by_role("region", name="Ranked candidates").get_by_role("link").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="What raises the score, what lowers it")).to_be_visible()
    expect(dialog.get_by_role("form", name="Report outcome")).to_be_visible()
    expect(dialog.get_by_text("Loading")).to_have_count(0)


def past(page: Page) -> None:
    go(page, "Past predictions")
    expect(page.get_by_role("region", name="Past predictions")).to_be_visible()


def files(page: Page) -> None:
    go(page, "Files")
    expect(page.get_by_role("region", name="Files")).to_be_visible()
    expect(page.get_by_role("region", name="Runs").first).to_be_visible()


def one_file(page: Page) -> None:
    """A file with bad rows, with its report."""
    files(page)
    page.get_by_role("row").filter(has_text=re.compile(r" [1-9]\d* bad")).get_by_role("link").first.click()
    expect(page.get_by_role("region", name="Table: Ranked candidates")).to_be_visible()
    expect(page.get_by_role("heading", name="Correct the bad rows")).to_be_visible()
    expect(page.frame_locator("iframe").get_by_role("heading").first).to_be_visible()


def past_of_a_file(page: Page) -> None:
    one_file(page)
    page.get_by_role("link", name="All predictions of this file").click()
    expect(page.get_by_role("region", name="Past predictions")).to_be_visible()


def refused_uploads(page: Page) -> None:
    """Two files of which nothing is uploaded: their names are refused, by the page and by the API."""
    files(page)
    for name in ("offer.pdf", "$.csv"):
        page.get_by_label("Upload files").set_input_files({"name": name, "mimeType": "text/csv", "buffer": b"1"})
        expect(page.get_by_role("region", name=f"Upload of {name}").get_by_role("alert")).to_be_visible()


def quality_board(page: Page) -> None:
    go(page, "Monitoring")
    expect(page.get_by_role("heading", name="Rows ingested")).to_be_visible()
    expect(page.locator(".canvas svg").first).to_be_visible()


def model_board(page: Page) -> None:
    go(page, "Monitoring")
    page.get_by_role("navigation", name="Boards").get_by_role("link", name="Model").click()
    for chart in (
        "Predictions by source",
        "Scores against training",
        "Drift by feature",
        "Champion against challenger",
    ):
        expect(page.get_by_role("heading", name=chart)).to_be_visible()
    expect(page.locator(".canvas svg").first).to_be_visible()


def system_board(page: Page) -> None:
    go(page, "Monitoring")
    page.get_by_role("navigation", name="Boards").get_by_role("link", name="System").click()
    expect(page.get_by_role("heading", name="Open alerts")).to_be_visible()


def model(page: Page) -> None:
    go(page, "Model")
    expect(page.get_by_text("Loading")).to_have_count(0)
    expect(page.get_by_role("region", name="Table: Versions")).to_be_visible()
    expect(page.frame_locator("iframe").get_by_role("heading").first).to_be_visible()


def version(page: Page) -> None:
    model(page)
    page.locator(".figures").first.get_by_role("link").first.click()
    expect(page.get_by_role("slider", name="Threshold")).to_be_visible()
    expect(page.frame_locator("iframe").get_by_role("heading").first).to_be_visible()


def compared(page: Page, name: str = "") -> None:
    """A version beside itself, as there may be no other."""
    if not name:
        model(page)
        name = page.get_by_role("region", name="Table: Versions").get_by_role("link").first.inner_text()
    page.goto(page.url.split("#")[0] + f"#model/compare?a={name}&b={name}")
    expect(page.get_by_role("region", name="Table: Importances")).to_be_visible()


def outcomes(page: Page) -> None:
    go(page, "Model")
    page.get_by_role("link", name="Report outcomes").click()
    file = {"name": "outcomes.csv", "mimeType": "text/csv", "buffer": b"enrollee_id,changed_job\n1,yes\n2,perhaps\n"}
    page.get_by_label("Choose a CSV file").set_input_files(file)  # type: ignore[arg-type]
    expect(page.get_by_role("region", name="Table: Rows that weren't reported")).to_be_visible()


def dialog(page: Page) -> None:
    go(page, "Model")
    expect(page.get_by_text("Loading")).to_have_count(0)
    page.get_by_role("button", name="Retrain").click()
    expect(page.get_by_role("dialog")).to_contain_text("Its threshold")


SIGHTS: Mapping[str, tuple[str, Callable[[Page], None]]] = {
    "sign-in": ("page_token", sign_in),
    "predict": ("page_token", predict),
    "what-if": ("page_token", what_if),
    "wrong-field": ("page_token", wrong_field),
    "batch": ("page_token", batch),
    "explained": ("page_token", explained),
    "past": ("page_token", past),
    "past-of-a-file": ("page_token", past_of_a_file),
    "files": ("page_token", files),
    "file": ("page_token", one_file),
    "uploads": ("page_token", refused_uploads),
    "monitoring-quality": ("page_token", quality_board),
    "monitoring-model": ("page_token", model_board),
    "monitoring-system": ("operator_token", system_board),
    "model": ("page_token", model),
    "model-operator": ("operator_token", model),
    "version": ("operator_token", version),
    "versions-compared": ("page_token", compared),
    "outcomes": ("page_token", outcomes),
    "operation": ("operator_token", dialog),
}
"""The token that a view is looked at with, and how to get there from the signed-in page."""
