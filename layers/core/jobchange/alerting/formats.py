"""An alert as each kind of receiver wants it: an Adaptive Card for Teams, Block Kit for Slack, plain JSON for others.

What an alert quotes (a file's name, say) was written by strangers: it goes only where no markup is read, and every text
has a bound, as Teams refuses messages over 28 KB and Slack texts over 3,000 characters.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jobchange import times
from jobchange.contract import Criticality
from jobchange.settings import settings
from jobchange.store.outbox import Alert

_TITLE, _TEXT, _VALUE, _FACTS = 140, 1500, 100, 10
_LISTED = 10
"""Alerts that a digest names one by one."""
_COLOURS = {
    Criticality.OK: "Good",
    Criticality.MINOR: "Accent",
    Criticality.MAJOR: "Warning",
    Criticality.CRITICAL: "Attention",
}


def teams(alert: Alert) -> dict[str, Any]:
    """The message that a Teams workflow "when a webhook request is received" posts: one Adaptive Card, version 1.4.

    Its text is in RichTextBlocks, which read no markdown, and in facts, from which markup is removed.
    """
    body = [
        _rich(alert.title[:_TITLE], size="Large", weight="Bolder", color=_COLOURS[Criticality(alert.criticality)]),
        _rich(alert.what_happened[:_TEXT]),
        {"type": "FactSet", "facts": [{"title": name, "value": value} for name, value in _facts(alert)]},
        _rich(alert.what_to_do[:_TEXT], weight="Bolder"),
    ]
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": alert.title[:_TITLE],
        "body": body,
    }
    if alert.link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open the page", "url": alert.link}]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def slack(alert: Alert) -> dict[str, Any]:
    """The message that a Slack incoming webhook posts; `text` is what notifications show."""
    fields = [_plain(f"{name}: {value}") for name, value in _facts(alert)]
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": _plain(alert.title[:_TITLE])},
        {"type": "section", "text": _plain(alert.what_happened[:_TEXT])},
        {"type": "section", "fields": fields},
        {"type": "section", "text": _plain(alert.what_to_do[:_TEXT])},
    ]
    if alert.link:
        link = {"type": "mrkdwn", "text": f"<{alert.link}|Open the page>"}
        blocks.append({"type": "section", "text": link})
    escaped = alert.title[:_TITLE].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": escaped, "blocks": blocks}


def webhook(alert: Alert) -> dict[str, Any]:
    """The alert's document itself."""
    return alert.to_dict()


CARDS: Mapping[str, Callable[[Alert], dict[str, Any]]] = {"teams": teams, "slack": slack, "webhook": webhook}


def digest(waiting: Sequence[Alert]) -> Alert:
    """One alert that stands for many: as bad as the worst of them, naming the ten worst, counting the rest."""
    order = list(Criticality)
    worst_first = sorted(waiting, key=lambda alert: -order.index(Criticality(alert.criticality)))
    counts = Counter(str(alert.criticality) for alert in waiting)
    lines = [f"{alert.title[:_VALUE]}." for alert in worst_first[:_LISTED]]
    if len(waiting) > _LISTED:
        lines.append(f"And {len(waiting) - _LISTED} more.")
    return Alert(
        id=f"digest#{waiting[0].id}",
        kind="digest",
        subject_id=waiting[0].id,
        title=f"{len(waiting)} alerts at once",
        criticality=Criticality(worst_first[0].criticality),
        what_happened=" ".join(lines),
        figures={level.value: counts[level.value] for level in order if counts[level.value]},
        what_to_do="Open the page to see them all; the worst first.",
        at=times.now(),
        link=settings().page_link("files"),
    )


def _facts(alert: Alert) -> list[tuple[str, str]]:
    """The figures as texts, those in a table one by one; and when it happened."""
    flat: list[tuple[str, str]] = []
    for name, value in alert.figures.items():
        if isinstance(value, Mapping):
            flat += [(_clean(key), _number(each)) for key, each in value.items()]
        else:
            flat.append((_clean(name), _number(value)))
    return [*flat[: _FACTS - 1], ("at", alert.at)]


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else _clean(str(value))


def _clean(text: str) -> str:
    return "".join(" " if c in "_*[]()`~<>|\\#" else c for c in text)[:_VALUE]


def _rich(text: str, **style: str) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **style}]}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}
