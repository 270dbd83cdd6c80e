"""The model: its card and versions for everybody; what may be done about it for an operator, who is asked first."""

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from data.generate import generate
from jobchange.aws.messages import ScorePart, encode
from tests.browser.conftest import Visit
from tests.browser.sights import files, model
from tests.support.dropped_files import file, row
from tests.support.stack import Stack


@pytest.fixture
def operator(visit: Visit) -> Page:
    return visit("operator_token")


def test_everybody_sees_the_champion_its_card_its_gates_and_all_versions(page: Page, stack: Stack) -> None:
    model(page)

    champion = stack.get("/model")
    expect(page.locator(".figures").first).to_contain_text(champion["version"])
    for gate in champion["gates"]:
        expect(page.locator(".gates")).to_contain_text(gate["sentence"])
    for each in stack.get("/models")["models"]:
        expect(page.get_by_role("region", name="Table: Versions")).to_contain_text(each["version"])
    assert page.frames[1].evaluate("origin") == "null"
    expect(page.get_by_role("button", name="Retrain")).to_have_count(0)


def test_an_operation_that_is_not_confirmed_does_nothing(operator: Page, stack: Stack) -> None:
    before = stack.get("/model")["version"]
    model(operator)
    operator.get_by_role("button", name="Roll back").click()
    dialog = operator.get_by_role("dialog")
    expect(dialog).to_contain_text("becomes the champion again")

    dialog.get_by_role("button", name="Cancel").click()

    expect(dialog).to_be_hidden()
    assert stack.get("/model")["version"] == before


def test_a_model_is_retrained_promoted_and_rolled_back(operator: Page, stack: Stack) -> None:
    first = stack.get("/model")["version"]
    known = len(stack.get("/models")["models"])
    labelled = "".join(generate(2000, seed=51)).encode()
    stack.aws("s3").put_object(Bucket=stack.outputs["lake_bucket"], Key="training/page.csv", Body=labelled)
    model(operator)
    operator.get_by_role("button", name="Retrain").click()
    operator.get_by_role("dialog").get_by_role("button", name="Retrain").click()
    expect(operator.get_by_role("dialog")).to_contain_text(
        re.compile("Training succeeded|The model failed"), timeout=90_000
    )
    operator.get_by_role("dialog").get_by_role("button", name="Close", exact=True).click()

    versions = operator.get_by_role("region", name="Table: Versions").locator("tbody tr")
    expect(versions).to_have_count(known + 1)
    second = versions.first.locator("code").first.inner_text()

    versions.first.get_by_role("button", name="Promote").click()
    dialog = operator.get_by_role("dialog")
    reason = dialog.get_by_label("Reason for promoting it anyway")
    if reason.count():
        expect(dialog.get_by_role("button", name="Promote")).to_be_disabled()
        reason.fill("to see that it can be done")
    dialog.get_by_role("button", name="Promote").click()
    expect(dialog).to_contain_text(f"{second} is the champion now")
    assert stack.get("/model")["version"] == second
    dialog.get_by_role("button", name="Close", exact=True).click()

    operator.get_by_role("button", name="Roll back").click()
    dialog.get_by_role("button", name="Roll back").click()

    expect(dialog).to_contain_text(f"{first} is the champion again")
    assert stack.get("/model")["version"] == first
    dialog.get_by_role("button", name="Close", exact=True).click()

    operator.get_by_role("form", name="Compare two versions").get_by_role("button", name="Compare").click()

    expect(operator.get_by_role("region", name="Table: What changed")).to_contain_text("page.csv: 2,000 used")
    assert f"a={first}&b={second}" in operator.url


def test_what_the_service_refuses_is_shown_in_its_words(operator: Page) -> None:
    model(operator)
    erasure = operator.get_by_role("region", name="Erasure")
    erasure.get_by_label("Candidate number", exact=True).fill("not a number")
    erasure.get_by_role("button", name="Erase").click()
    dialog = operator.get_by_role("dialog")
    dialog.get_by_label("Repeat the candidate number").fill("not a number")
    dialog.get_by_role("button", name="Erase").click()

    expect(dialog.get_by_role("alert")).to_contain_text("whole number")


def test_everything_held_of_a_person_is_shown_as_text_and_downloaded(operator: Page, stack: Stack) -> None:
    candidate = {"enrollee_id": 880002, "city": "city_21", "city_development_index": 0.624, "training_hours": 5}
    stack.call("POST", "/predictions/predict", [{**candidate, "relevent_experience": "No relevent experience"}])
    markup = "<img src=x onerror=document.title='run'>"
    stack.scored("held.csv", file(row(880003), row(880002, city=markup)))
    model(operator)
    region = operator.get_by_role("region", name="Subject access")
    region.get_by_label("Candidate number").fill("880002")
    region.get_by_role("button", name="Show").click()

    expect(region.get_by_role("listitem").first).to_contain_text("Training hours 5 ")
    expect(region.get_by_role("link", name="held.csv")).to_be_visible()
    region.get_by_text("The whole document").click()
    document = region.get_by_role("region", name="The document")
    expect(document).to_contain_text(markup)
    expect(document.locator("img")).to_have_count(0)
    expect(region.locator(".facts")).to_contain_text("not asked for")
    with operator.expect_download() as download:
        region.get_by_role("button", name="Download JSON").click()
    assert download.value.suggested_filename == "candidate-880002.json"
    held = json.loads(download.value.path().read_text())
    assert [each["name"] for each in held["files"]] == ["held.csv"]
    assert len(held["predictions"]) == 1


def test_a_candidate_is_erased_after_the_number_was_typed_twice(operator: Page, stack: Stack) -> None:
    candidate = {"enrollee_id": 880001, "city": "city_21", "city_development_index": 0.624, "training_hours": 5}
    stack.call("POST", "/predictions/predict", [{**candidate, "relevent_experience": "No relevent experience"}])
    model(operator)
    erasure = operator.get_by_role("region", name="Erasure")
    erasure.get_by_label("Candidate number", exact=True).fill("880001")
    erasure.get_by_role("button", name="Erase").click()
    dialog = operator.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Erase")).to_be_disabled()

    dialog.get_by_label("Repeat the candidate number").fill("880001")
    dialog.get_by_role("button", name="Erase").click()

    expect(dialog).to_contain_text("Erased at", timeout=40_000)
    expect(dialog).to_contain_text("1 prediction")
    assert stack.get("/candidates/880001/predictions")["predictions"] == []


def test_the_receipt_of_a_dialog_that_was_closed_is_not_shown_in_the_next_one(operator: Page) -> None:
    waiting: list[Route] = []
    operator.route("**/ops/candidates/*", lambda route: waiting.append(route))
    model(operator)
    erasure = operator.get_by_role("region", name="Erasure")
    dialog = operator.get_by_role("dialog")

    def ask(number: str) -> None:
        erasure.get_by_label("Candidate number", exact=True).fill(number)
        erasure.get_by_role("button", name="Erase").click()
        dialog.get_by_label("Repeat the candidate number").fill(number)

    ask("1999998")
    dialog.get_by_role("button", name="Erase").click()
    dialog.get_by_role("button", name="Close (it continues)").click()
    ask("428")
    receipt = {"status": "COMPLETE", "erased": {"predictions": 2}, "at": "2026-01-01T00:00:00Z", "requested_at": None}
    with operator.expect_response("**/ops/candidates/1999998"):
        waiting[0].fulfill(json=receipt, headers={"Access-Control-Allow-Origin": "*"})

    expect(dialog.get_by_role("heading", name="Erase candidate 428?")).to_be_visible()
    expect(dialog.get_by_role("button", name="Erase")).to_be_enabled()
    expect(dialog).not_to_contain_text("receipt")
    assert len(waiting) == 1


def test_dead_letters_are_seen_and_sent_round_again(operator: Page, stack: Stack) -> None:
    sqs = stack.aws("sqs")
    queue = stack.resources["ScoreQueue"]
    policy = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["RedrivePolicy"])["Attributes"]["RedrivePolicy"]
    letters_url = sqs.get_queue_url(QueueName=json.loads(policy)["deadLetterTargetArn"].rsplit(":", 1)[-1])["QueueUrl"]
    sqs.send_message(QueueUrl=letters_url, MessageBody=encode(ScorePart(file_id="f0", part=0)))
    model(operator)
    letters = operator.get_by_role("region", name="Dead letters")
    expect(letters).to_contain_text("1 message")
    letters.get_by_role("button", name="Retry").click()
    operator.get_by_role("dialog").get_by_role("button", name="Retry").click()

    expect(operator.get_by_role("dialog")).to_contain_text("1 message went back to the queue")


def test_a_file_is_replayed(operator: Page, stack: Stack) -> None:
    name = "to be replayed.csv"
    stack.scored(name, "".join(generate(60, seed=61)).encode())
    files(operator)
    operator.get_by_role("link", name=name, exact=True).click()
    operator.get_by_role("button", name="Replay").click()
    operator.get_by_role("dialog").get_by_role("button", name="Replay").click()
    operator.get_by_role("link", name="Follow the new file.").click()

    expect(operator.get_by_role("heading", name=name, exact=True)).to_be_visible(timeout=30_000)
    expect(operator.get_by_text("A replay of an earlier file")).to_be_visible(timeout=30_000)
