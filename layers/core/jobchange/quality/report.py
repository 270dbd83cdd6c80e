"""The report of a file: one self-contained HTML page that tells the findings to people, with no script in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2

from jobchange import contract
from jobchange.drift import Drift
from jobchange.quality.findings import Findings


@dataclass(frozen=True)
class FileFacts:
    """What a report says about the file itself. `links` are addresses by the text to show."""

    file_id: str
    name: str
    uploaded_at: str
    links: Mapping[str, str]


def render(findings: Findings, *, file: FileFacts, drift: Drift | None = None) -> str:
    """The report as HTML."""
    return _template().render(findings=findings, file=file, drift=drift, issues=contract.ISSUES)


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = "{:,}".format
    return environment.get_template("report.html.j2")
