"""Versions alone and side by side, thresholds with their consequences, outcomes from a file, a preview of training."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.sights import compared, go, model, version
from tests.support.stack import Stack


@pytest.fixture
def operator(visit: Visit) -> Page:
    return visit("operator_token")


def test_a_version_has_an_address_with_its_card_gates_and_decisions(page: Page, stack: Stack, tmp_path: Path) -> None:
    champion = stack.get("/model")
    version(page)

    assert page.url.endswith(f"#model/{champion['version']}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(champion["version"])
    expect(page.get_by_role("region", name="Table: Metrics")).to_contain_text(f"{champion['metrics']['roc_auc']:.3f}")
    expect(page.get_by_role("region", name="Table: Decisions on the threshold")).to_contain_text(
        champion["decisions"][-1]["threshold_rule"]["sentence"]
    )
    with page.expect_download() as started:
        page.get_by_role("button", name="Download the card as JSON").click()
    started.value.save_as(tmp_path / "card.json")
    assert json.loads((tmp_path / "card.json").read_text()) == champion["card"]
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text(champion["version"])
    card, cells = page.frame_locator("iframe"), champion["card"]["confusion"]
    expect(card.get_by_role("img", name="ROC curve")).to_be_visible()
    expect(card.get_by_role("img", name="Precision-recall curve")).to_be_visible()
    expect(card.get_by_role("row", name=re.compile("^Looking"))).to_contain_text(
        re.compile(f"{cells['true_positives']:,} .*called and looking.*{cells['false_negatives']:,} .*missed")
    )
    expect(page.get_by_role("button", name="Declare this rule")).to_have_count(0)
    page.goto(page.url.split("#")[0] + "#model/none")
    expect(page.get_by_role("alert")).to_contain_text("There is no model none")


def test_the_threshold_is_moved_by_keys_and_declared_with_a_reason(operator: Page, stack: Stack) -> None:
    name = stack.get("/model")["version"]
    before = stack.get("/model")
    points = stack.get(f"/models/{name}/thresholds")
    version(operator)
    slider = operator.get_by_role("slider", name="Threshold")
    slider.focus()
    for _ in range(3):
        slider.press("ArrowRight")

    at = round(before["threshold"] * 100) + 3
    everybody = points["everybody"]
    called = round(1000 * everybody["called"][at] / everybody["rows"])
    effects = operator.get_by_role("region", name="Table: What the threshold does", exact=True)
    expect(effects.get_by_role("row", name=re.compile("^Called from"))).to_contain_text(f"{at}.0%")
    expect(effects.get_by_role("row", name=re.compile("^Called "))).to_contain_text([f"{at}.0%", f"{called:,}"])
    operator.get_by_label("Of how many candidates").fill("200")
    operator.get_by_label("How many candidates can be called").fill("20")
    operator.get_by_role("button", name="Declare this rule").click()
    dialog = operator.get_by_role("dialog")
    expect(dialog).to_contain_text("Of 1,000 candidates, 100 are called")
    expect(dialog.get_by_role("button", name="Declare this rule")).to_be_disabled()
    dialog.get_by_label("Reason").fill("Two of us are away.")
    dialog.get_by_role("button", name="Declare this rule").click()
    expect(dialog).to_contain_text("Candidates are called from")
    dialog.get_by_role("button", name="Close", exact=True).click()

    decision = stack.get("/model")["decisions"][-1]
    assert (decision["reason"], decision["threshold_rule"]["value"]) == ("Two of us are away.", 0.1)
    expect(operator.get_by_role("region", name="Table: Decisions on the threshold")).to_contain_text(
        "Two of us are away."
    )

    # As it was, for the tests after this one.
    operator.get_by_label("How many false alarms a miss is as bad as").fill("3")
    operator.get_by_role("button", name="Declare this rule").click()
    dialog.get_by_label("Reason").fill("They are back.")
    dialog.get_by_role("button", name="Declare this rule").click()
    expect(dialog).to_contain_text("from 25.0% on")


def test_two_versions_stand_side_by_side_at_an_address(page: Page, stack: Stack) -> None:
    newest = stack.get("/models")["models"][0]["version"]
    compared(page, newest)

    rows = stack.get(f"/models/{newest}/against/{newest}")["rows"]
    expect(page.get_by_text(f"measured on the {rows:,} candidates that both were trained on")).to_be_visible()
    expect(page.get_by_role("region", name="Table: Metrics")).to_contain_text("may be chance")
    expect(page.get_by_role("heading", name="ROC curves")).to_be_visible()
    expect(page.get_by_role("heading", name="What changed in data, settings and software")).to_be_visible()
    expect(page.get_by_text("Nothing that the cards show.")).to_be_visible()
    page.get_by_role("link", name="All versions").click()
    expect(page.get_by_role("heading", name="AUC by version")).to_be_visible()
    expect(page.get_by_role("heading", name="Are some groups called less often?")).to_be_visible()


def test_outcomes_are_reported_from_a_file_and_wrong_rows_are_shown(page: Page, stack: Stack) -> None:
    candidate = {"enrollee_id": 770001, "city": "city_21", "city_development_index": 0.624, "training_hours": 5}
    stack.call("POST", "/predictions/predict", [{**candidate, "relevent_experience": "No relevent experience"}])
    go(page, "Model")
    page.get_by_role("link", name="Report outcomes").click()
    text = "enrollee_id,changed_job\n770001,yes\n770002,perhaps\n770003,no\n99999999999999999999,no\n"
    page.get_by_label("Choose a CSV file").set_input_files(
        {"name": "outcomes.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    wrong = page.get_by_role("region", name="Table: Rows that weren't reported")
    expect(wrong).to_contain_text("“perhaps” is neither yes nor no")

    page.get_by_role("button", name="Report 3 outcomes").click()

    expect(page.get_by_role("status").filter(has_text="kept")).to_contain_text("2 of 3 outcomes kept, 1 refused")
    expect(wrong.get_by_role("row")).to_have_count(3)
    page.get_by_label("Choose a CSV file").set_input_files(
        {"name": "people.xlsx", "mimeType": "text/csv", "buffer": b"x"}
    )
    expect(page.get_by_text("people.xlsx isn't a CSV file")).to_be_visible()


def test_training_says_beforehand_what_it_learns_from(operator: Page, stack: Stack) -> None:
    stack.aws("s3").put_object(Bucket=stack.outputs["lake_bucket"], Key="training/preview.csv", Body=b"x" * 3000)
    model(operator)
    operator.get_by_role("button", name="Retrain").click()

    dialog = operator.get_by_role("dialog")
    expect(dialog).to_contain_text("training/preview.csv (3 KB)")
    expect(dialog).to_contain_text("A missed candidate counts as much as 3 false alarms.")
    dialog.get_by_role("button", name="Cancel").click()
    stack.aws("s3").delete_object(Bucket=stack.outputs["lake_bucket"], Key="training/preview.csv")
