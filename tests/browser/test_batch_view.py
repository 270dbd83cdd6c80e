"""Small files of candidates, scored at once."""

import csv
import gzip
import io
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.sights import BATCH_ROWS, batch_file, go
from tests.support.stack import Stack


def choose(page: Page, *paths: Path) -> None:
    go(page, "Predict a file")
    page.get_by_label("Choose files").set_input_files(paths)


def outcome(page: Page, path: Path) -> Locator:
    """The part of the view that is about one file."""
    return page.get_by_role("region", name=path.name, exact=True)


def test_a_file_is_predicted_and_found_under_past_predictions(page: Page, tmp_path: Path) -> None:
    path, identifiers = batch_file(tmp_path)

    choose(page, path)

    expect(outcome(page, path).get_by_role("status").filter(has_text="scored")).to_have_text(
        f"{BATCH_ROWS} of {BATCH_ROWS + 1} rows scored, 1 refused."
    )
    refused = page.get_by_role("region", name="Refused rows").get_by_role("row").last
    expect(refused).to_contain_text(str(BATCH_ROWS + 1))
    expect(refused).to_contain_text("enrollee_id")
    expect(refused).to_contain_text("oops")
    go(page, "Past predictions")
    page.get_by_label("Source").select_option("webapp")
    for identifier in identifiers:
        expect(page.get_by_role("cell", name=identifier, exact=True).first).to_be_visible()


def test_the_answer_of_a_file_is_ranked_filtered_explained_and_sorted_by_its_headings(
    page: Page, tmp_path: Path
) -> None:
    path, identifiers = batch_file(tmp_path)
    choose(page, path)
    ranked = outcome(page, path).get_by_role("region", name="Ranked candidates")

    shown = probabilities(ranked)
    assert len(shown) == BATCH_ROWS
    assert shown == sorted(shown, reverse=True)
    first = ranked.get_by_role("link").first
    first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{shown[0]}%")
    expect(dialog.get_by_role("heading", name="What raises the score, what lowers it")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(first).to_be_focused()

    ranked.get_by_role("button", name="Probability").click()
    assert probabilities(ranked) == shown
    ranked.get_by_role("button", name="Candidate").click()
    numbers = [row.get_by_role("cell").nth(1).inner_text() for row in ranked.get_by_role("row").all()[1:]]
    assert numbers == sorted(identifiers, key=int)
    looking = outcome(page, path).get_by_text("looking for a change").inner_text().partition(" ")[0]
    page.get_by_role("button", name="Only those above the threshold").click()
    expect(ranked.get_by_role("row")).to_have_count(0 if looking == "None" else int(looking) + 1)


def test_the_answer_of_a_file_is_kept_ranked_or_in_its_order_with_the_refused_rows(page: Page, tmp_path: Path) -> None:
    path, identifiers = batch_file(tmp_path)
    choose(page, path)
    shown = probabilities(outcome(page, path).get_by_role("region", name="Ranked candidates"))

    ranked = kept(page, "Download scored CSV")
    in_order = kept(page, "Download in the order of the file")

    assert [row["rank"] for row in ranked] == [*(str(rank) for rank in range(1, BATCH_ROWS + 1)), ""]
    assert [round(float(row["probability"]) * 100) for row in ranked[:-1]] == shown
    assert [row["row"] for row in in_order] == [str(number) for number in range(1, BATCH_ROWS + 2)]
    assert [row["enrollee_id"] for row in in_order] == [*identifiers, "oops"]
    for rows in (ranked, in_order):
        assert [bool(row["refused"]) for row in rows] == [False] * BATCH_ROWS + [True]
        assert "enrollee_id" in rows[-1]["refused"]


def test_an_answer_has_an_address_of_its_own_among_past_predictions(page: Page, tmp_path: Path, stack: Stack) -> None:
    path, identifiers = batch_file(tmp_path)
    choose(page, path)
    outcome(page, path).get_by_role("link", name="These among past predictions").click()
    expect(page.get_by_text(f"{BATCH_ROWS} predictions shown, there are no more.")).to_be_visible()
    address = page.url

    page.evaluate("sessionStorage.clear()")
    page.goto("about:blank")
    page.goto(f"{stack.outputs['site_url']}#token={stack.outputs['page_token']}")
    expect(page.get_by_role("button", name="Predict", exact=True)).to_be_visible()
    page.goto(address)

    table = page.get_by_role("region", name="Past predictions")
    expect(table.locator("table")).to_have_attribute("aria-rowcount", str(BATCH_ROWS + 1))
    assert table.locator("[data-row] td:nth-child(2)").all_inner_texts() == identifiers


def test_an_answer_is_still_there_after_a_reload_with_what_is_stored_nowhere_until_signing_out(
    page: Page, tmp_path: Path, stack: Stack
) -> None:
    path, _ = batch_file(tmp_path)
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    named = [f"name,{header}", *(f"Person {number},{line}" for number, line in enumerate(lines, 1))]
    path.write_text("\n".join(named) + "\n", encoding="utf-8")
    choose(page, path)
    ranked = outcome(page, path).get_by_role("region", name="Ranked candidates")
    expect(ranked).to_contain_text("Person 1")
    expect(outcome(page, path)).to_contain_text("until you sign out")
    shown = ranked.inner_text()

    page.reload()

    expect(outcome(page, path)).to_contain_text(f"{BATCH_ROWS} of {BATCH_ROWS + 1} rows scored, 1 refused.")
    expect(ranked).to_be_visible()
    assert ranked.inner_text() == shown
    expect(page.get_by_role("region", name="Refused rows")).to_contain_text("oops")
    assert [row["name"] for row in kept(page, "Download in the order of the file")] == [
        f"Person {number}" for number in range(1, BATCH_ROWS + 2)
    ]

    page.get_by_role("button", name="Sign out").click()
    assert page.evaluate("JSON.stringify(sessionStorage)") == "{}"
    page.get_by_label("Token").fill(stack.outputs["page_token"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Predict a file", exact=True)).to_be_visible()
    expect(outcome(page, path)).to_have_count(0)


def probabilities(table: Locator) -> list[int]:
    """Those of all rows, as shown."""
    expect(table).to_be_visible()
    return [int(text.rstrip(" %")) for text in table.locator(".probability-number").all_inner_texts()]


def kept(page: Page, button: str) -> list[dict[str, str]]:
    """The rows of a file that a button saves."""
    with page.expect_download() as caught:
        page.get_by_role("button", name=button).click()
    assert caught.value.suggested_filename == "batch.scored.csv"
    return list(csv.DictReader(io.StringIO(caught.value.path().read_text(encoding="utf-8-sig"))))


def test_a_packed_file_with_semicolons_is_sent_as_it_is(page: Page, tmp_path: Path) -> None:
    plain, identifiers = batch_file(tmp_path)
    path = tmp_path / "packed.csv.gz"
    path.write_bytes(gzip.compress(plain.read_text(encoding="utf-8").replace(",", ";").encode("utf-8-sig")))

    choose(page, path)

    expect(outcome(page, path)).to_contain_text(f"{BATCH_ROWS} of {BATCH_ROWS + 1} rows scored, 1 refused.")
    for identifier in identifiers:
        expect(outcome(page, path).get_by_role("cell", name=identifier, exact=True).first).to_be_visible()


def test_a_file_that_is_not_one_of_candidates_is_refused_with_advice(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "shoes.csv"
    path.write_text("shoe;size\nboot;43\n", encoding="utf-8")

    choose(page, path)

    expect(outcome(page, path).get_by_role("alert")).to_contain_text("header")


def test_each_of_several_files_has_its_own_outcome_and_a_corrected_one_takes_its_place(
    page: Page, tmp_path: Path
) -> None:
    good, identifiers = batch_file(tmp_path)
    shoes, offer = tmp_path / "shoes.csv", tmp_path / "offer.pdf"
    shoes.write_text("shoe;size\nboot;43\n", encoding="utf-8")
    offer.write_bytes(b"%PDF-1.7")

    choose(page, shoes, good, offer)

    expect(outcome(page, good)).to_contain_text(f"{BATCH_ROWS} of {BATCH_ROWS + 1} rows scored, 1 refused.")
    expect(outcome(page, good).get_by_role("alert")).to_have_count(0)
    expect(outcome(page, shoes).get_by_role("alert")).to_contain_text("header")
    expect(outcome(page, offer).get_by_role("alert")).to_contain_text(".csv, .tsv or .txt")
    # Of several files the predictions are folded; what was refused never is.
    expect(outcome(page, good).get_by_role("region", name="Refused rows")).to_be_visible()
    expect(outcome(page, good).get_by_role("cell", name=identifiers[0], exact=True)).to_have_count(0)
    outcome(page, good).get_by_text("looking for a change").click()
    expect(outcome(page, good).get_by_role("cell", name=identifiers[0], exact=True).first).to_be_visible()

    lines = good.read_text(encoding="utf-8").splitlines()
    shoes.write_text("\n".join(lines[:2]) + "\n", encoding="utf-8")
    page.get_by_label("Choose files").set_input_files(shoes)

    expect(outcome(page, shoes)).to_contain_text("1 of 1 row scored.")
    expect(outcome(page, shoes).get_by_role("alert")).to_have_count(0)
    expect(outcome(page, good)).to_be_visible()
