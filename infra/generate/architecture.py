"""docs/architecture.svg, from template.yaml: each function between what starts it and what it reads and writes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, Final

from infra import ROOT
from infra.build.template import read_template

PICTURE: Final = ROOT / "docs" / "architecture.svg"
_WRITES: Final = re.compile(r":(Put|Update|Delete|BatchWrite|Send|Publish|Invoke|Abort|StartMessage)")
_LEFT, _MIDDLE, _RIGHT, _WIDTH = 24, 300, 560, 1120
_BOX, _LINE, _GAP = 200, 20, 14
_CHIP_HEIGHT, _CHARACTER = 22, 6.7
_COLOURS: Final = {
    "bucket": "#2f7d4f",
    "queue": "#b3541e",
    "topic": "#9a3a76",
    "table": "#2b5f9e",
    "function": "#6b4fa0",
    "other": "#56606b",
}
_STYLE: Final = """
  text { font: 13px system-ui, sans-serif; fill: #1c2430 } .small { font-size: 11px; fill: #56606b }
  .name { font-weight: 600 } .box { fill: #fff; stroke: #c3cad3 } .arrow { stroke: #8a94a0; fill: none }
  .chip { font-size: 11.5px } .head { font-size: 12px; fill: #56606b; font-weight: 600 }
"""


@dataclass
class Row:
    """A function and its neighbours, by the names they have in the template."""

    name: str
    limits: str
    started_by: list[str] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    reads: list[str] = field(default_factory=list)


def generated() -> Iterator[tuple[Path, str]]:
    """The file with the text that it should have."""
    yield PICTURE, picture(read_template())


def rows(template: dict[str, Any]) -> Iterator[Row]:
    """One for each function, in the template's order."""
    resources, default = template["Resources"], {k: v.get("Default") for k, v in template["Parameters"].items()}
    authorized = [name for name, each in resources.items() if each["Type"] == "AWS::Serverless::Api"]
    for name, each in resources.items():
        if each["Type"] != "AWS::Serverless::Function":
            continue
        properties = each["Properties"]
        seconds = properties["Timeout"]
        seconds = default[seconds["Ref"]] if isinstance(seconds, dict) else seconds
        row = Row(name.removesuffix("Function"), f"{properties['MemorySize']:,} MB, at most {seconds} s")
        row.started_by = [_queue_start(queue, resources) for queue in _queues_of(name, resources)]
        for event in properties.get("Events", {}).values():
            row.started_by += [start for start in _starts(event) if start not in row.started_by]
        if not row.started_by:
            row.started_by = [f"{api}: each new token" for api in authorized]
        for policy in properties.get("Policies", []):
            for statement in policy["Statement"]:
                actions, targets = _listed(statement["Action"]), map(_target, _listed(statement["Resource"]))
                if actions[0] == "sqs:ReceiveMessage":
                    continue  # from the queue that starts it
                kind = row.writes if any(map(_WRITES.search, actions)) else row.reads
                kind += [target for target in dict.fromkeys(targets) if target and target not in kind]
        row.reads = [each for each in row.reads if each not in row.writes]
        yield row


def _queues_of(function: str, resources: dict[str, Any]) -> Iterator[str]:
    for each in resources.values():
        if each["Type"] == "AWS::Lambda::EventSourceMapping" and each["Properties"]["FunctionName"]["Ref"] == function:
            yield each["Properties"]["EventSourceArn"]["Fn::GetAtt"][0]


def _queue_start(queue: str, resources: dict[str, Any]) -> str:
    """A queue, behind the folder whose notifications it gets."""
    for bucket, each in resources.items():
        for rule in each.get("Properties", {}).get("NotificationConfiguration", {}).get("QueueConfigurations", []):
            if rule["Queue"]["Fn::GetAtt"][0] == queue:
                return f"{bucket} {rule['Filter']['S3Key']['Rules'][0]['Value']} → {queue}"
    return queue


def _starts(event: dict[str, Any]) -> Iterator[str]:
    properties = event["Properties"]
    match event["Type"]:
        case "Schedule":
            schedule = properties["Schedule"]
            yield schedule if isinstance(schedule, str) else f"schedule {schedule.get('Ref', '')}"
        case "Api":
            yield f"{properties['RestApiId']['Ref']}: HTTPS"
        case "SNS":
            yield str(properties["Topic"]["Ref"])


def _target(resource: Any) -> str | None:
    """What a policy's resource is, in a word: a folder of the lake, or a resource of the template."""
    if "Fn::GetAtt" in resource:
        name = str(resource["Fn::GetAtt"][0])
        # A bucket itself is only listed; what is done in it is a matter of its folders.
        return None if name.endswith("Bucket") else name
    if "Ref" in resource:
        return str(resource["Ref"])
    text = resource["Fn::Sub"] if isinstance(resource["Fn::Sub"], str) else resource["Fn::Sub"][0]
    if folder := re.match(r"\$\{LakeBucket\.Arn\}/([a-z]+/)", text):
        return folder[1]
    if part := re.match(r"\$\{(\w+)\.Arn\}", text):
        return part[1]
    return "parameter" if ":parameter" in text else None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def picture(template: dict[str, Any]) -> str:
    """The SVG document."""
    kinds = {name: each["Type"] for name, each in template["Resources"].items()}
    parts: list[str] = []
    y = 66.0
    for label, x in (
        ("WHAT STARTS IT", _LEFT),
        ("FUNCTION", _MIDDLE),
        ("WRITES (FILLED), ONLY READS (OUTLINED)", _RIGHT),
    ):
        parts.append(f'<text class="head" x="{x}" y="44">{label}</text>')
    for row in rows(template):
        chips, chips_height = _chips(row, kinds, y)
        height = max(46, _LINE * len(row.started_by) + 12, chips_height)
        middle = y + height / 2
        first = middle + 5 - _LINE * (len(row.started_by) - 1) / 2
        parts += [
            f'<rect class="box" x="{_LEFT}" y="{y}" width="{_BOX + 40}" height="{height}" rx="8"/>',
            *(
                f'<text x="{_LEFT + 12}" y="{first + _LINE * number}">{escape(start)}</text>'
                for number, start in enumerate(row.started_by)
            ),
            f'<path class="arrow" marker-end="url(#end)" d="M{_LEFT + _BOX + 40} {middle}H{_MIDDLE - 4}"/>',
            f'<rect class="box" x="{_MIDDLE}" y="{y}" width="{_BOX}" height="{height}" rx="8" '
            f'style="stroke:{_COLOURS["function"]}"/>',
            f'<text class="name" x="{_MIDDLE + 12}" y="{middle - 3}">{row.name}</text>',
            f'<text class="small" x="{_MIDDLE + 12}" y="{middle + 14}">{row.limits}</text>',
            *(
                [f'<path class="arrow" marker-end="url(#end)" d="M{_MIDDLE + _BOX} {middle}H{_RIGHT - 10}"/>', *chips]
                if chips
                else []
            ),
        ]
        y += height + _GAP
    notes = [
        "The page: browser → CloudFront (SiteDistribution) → SiteBucket; it calls Api with a token.",
        "A message that fails three times goes from its queue to the dead letters behind it.",
        "Green: folders of the lake. Blue: tables. Orange: queues. Violet: the topic.",
        "Every function also writes its log. Names are those of template.yaml, from which this is drawn.",
    ]
    parts += [
        f'<text class="small" x="{_LEFT}" y="{y + 14 + 17 * line}">{note}</text>' for line, note in enumerate(notes)
    ]
    height = y + 14 + 17 * len(notes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}">\n'
        f"<title>Job Change: its functions and what they work with</title>\n<style>{_STYLE}</style>\n"
        '<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#8a94a0"/></marker></defs>\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="#f6f7f9"/>\n'
        '<text class="name" x="24" y="24">Job Change</text>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _chips(row: Row, kinds: dict[str, str], y: float) -> tuple[list[str], float]:
    """The row's stores as small labels, wrapped; and how high they are together."""
    drawn: list[str] = []
    x, top = float(_RIGHT), y + 2
    for name, filled in [(each, True) for each in row.writes] + [(each, False) for each in row.reads]:
        label = name.removesuffix("Table")
        width = len(label) * _CHARACTER + 18
        if x + width > _WIDTH - _LEFT:
            x, top = float(_RIGHT), top + _CHIP_HEIGHT + 6
        colour = _colour(name, kinds)
        fill, text = (colour, "#fff") if filled else ("#fff", colour)
        drawn.append(
            f'<rect x="{x:.0f}" y="{top:.0f}" width="{width:.0f}" height="{_CHIP_HEIGHT}" rx="11" '
            f'fill="{fill}" stroke="{colour}"/>'
            f'<text class="chip" x="{x + 9:.0f}" y="{top + 15:.0f}" style="fill:{text}">{escape(label)}</text>'
        )
        x += width + 8
    return drawn, top - y + _CHIP_HEIGHT + 2


def _colour(name: str, kinds: dict[str, str]) -> str:
    kind = "bucket" if name.endswith("/") else kinds.get(name, "")
    words = {"bucket": "bucket", "Queue": "queue", "Topic": "topic", "Table": "table", "Function": "function"}
    return _COLOURS[next((colour for word, colour in words.items() if word in kind), "other")]
