"""Alerts as Teams, Slack and other receivers get them."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft6Validator
from slack_sdk.models.blocks import Block

from infra import ROOT
from jobchange.alerting import formats
from jobchange.contract import Criticality
from jobchange.store.outbox import Alert

SCHEMA = Draft6Validator(json.loads((ROOT / "tests" / "schemas" / "adaptive-card-1.4.json").read_text()))
NASTY = "<!channel> [free](https://evil.example) **x** & `y`.csv"


def an_alert(**changes: Any) -> Alert:
    return Alert(
        **{
            "id": "file#f1",
            "kind": "file",
            "subject_id": "f1",
            "title": "candidates.csv: major",
            "criticality": Criticality.MAJOR,
            "what_happened": "12 of 100 rows are bad.",
            "figures": {"total": 1000, "good": 988, "bad": 12, "issues": {"missing_value": 12}},
            "what_to_do": "Fill in the values.",
            "at": "2026-11-24T10:00:00.000Z",
            "link": "https://page.example/index.html#files/f1",
            **changes,
        }
    )


def card_of(message: dict[str, Any]) -> dict[str, Any]:
    (attachment,) = message["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card: dict[str, Any] = attachment["content"]
    return card


texts = st.text(max_size=3000)
alerts = st.builds(
    an_alert,
    title=st.text(min_size=1, max_size=300),
    what_happened=st.text(min_size=1, max_size=3000),
    what_to_do=st.text(min_size=1, max_size=3000),
    criticality=st.sampled_from(Criticality),
    figures=st.dictionaries(
        st.text(min_size=1, max_size=200),
        st.integers() | texts | st.dictionaries(texts, st.integers(), max_size=20),
        max_size=20,
    ),
    link=st.none() | st.just("https://page.example/#files"),
)


@given(alerts)
def test_every_card_for_teams_is_an_adaptive_card_within_its_size(alert: Alert) -> None:
    message = formats.teams(alert)

    assert message["type"] == "message"
    card = card_of(message)
    assert [error.message for error in SCHEMA.iter_errors(card)] == []
    assert {element["type"] for element in card["body"]} == {"RichTextBlock", "FactSet"}
    assert len(json.dumps(message, ensure_ascii=False).encode()) < 28_000


def test_the_schema_refuses_what_is_no_card() -> None:
    card = card_of(formats.teams(an_alert()))

    assert not SCHEMA.is_valid({**card, "type": "Card"})
    assert not SCHEMA.is_valid({**card, "body": [{"type": "RichTextBlock", "inlines": 3}]})


@given(alerts)
def test_every_message_for_slack_is_what_its_own_models_make_and_accept(alert: Alert) -> None:
    message = formats.slack(alert)

    blocks = Block.parse_all(message["blocks"])
    assert [block.to_dict() for block in blocks] == message["blocks"]  # to_dict validates lengths and numbers
    assert message["text"]


def test_a_card_tells_what_happened_the_figures_and_where_to_look() -> None:
    card = card_of(formats.teams(an_alert()))

    heading = card["body"][0]["inlines"][0]
    assert (heading["text"], heading["color"]) == ("candidates.csv: major", "Warning")
    facts = {fact["title"]: fact["value"] for fact in card["body"][2]["facts"]}
    assert facts == {
        "total": "1,000",
        "good": "988",
        "bad": "12",
        "missing value": "12",
        "at": "2026-11-24T10:00:00.000Z",
    }
    assert card["actions"] == [
        {"type": "Action.OpenUrl", "title": "Open the page", "url": "https://page.example/index.html#files/f1"}
    ]


def test_markup_in_a_file_s_name_stays_text() -> None:
    alert = an_alert(title=NASTY, what_happened=NASTY, what_to_do=NASTY, figures={"name": NASTY})

    slack, card = formats.slack(alert), card_of(formats.teams(alert))

    marked = [block["text"]["text"] for block in slack["blocks"] if block.get("text", {}).get("type") == "mrkdwn"]
    assert marked == [f"<{alert.link}|Open the page>"]
    assert slack["text"].startswith("&lt;!channel&gt;")
    assert not set("[]()*`<>") & set(card["body"][2]["facts"][0]["value"])


def test_other_receivers_get_the_document_itself() -> None:
    alert = an_alert()

    assert Alert(**json.loads(json.dumps(formats.webhook(alert)))) == alert


@pytest.mark.parametrize("kind", ["teams", "slack", "webhook"])
def test_a_digest_names_the_worst_and_counts_the_rest(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "settings", lambda: SimpleNamespace(page_link=lambda _: None))
    many = [an_alert(id=f"file#{n}", title=f"{n}.csv") for n in range(40)]
    many.append(an_alert(id="file#worst", title="worst.csv", criticality=Criticality.CRITICAL))

    digest = formats.digest(many)

    assert digest.criticality is Criticality.CRITICAL
    assert digest.title == "41 alerts at once"
    assert digest.what_happened.startswith("worst.csv. 0.csv.")
    assert digest.what_happened.endswith("And 31 more.")
    assert digest.figures == {"major": 40, "critical": 1}
    assert "worst.csv" in json.dumps(formats.CARDS[kind](digest))
