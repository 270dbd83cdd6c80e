"""The report on a file, and how far its candidates are from those of the model's training."""

from jobchange.quality.findings import Findings
from jobchange.quality.report import FileFacts, render
from jobchange.registry import loader
from jobchange.settings import settings
from jobchange.statistics.drift import Drift, compare
from jobchange.store import lake
from jobchange.store.lake_layout import report_key


def publish_report(findings: Findings, drift: Drift | None, *, file_id: str, name: str, uploaded_at: str) -> None:
    """Write a file's report, or write it again."""
    facts = FileFacts(file_id=file_id, name=name, uploaded_at=uploaded_at, links=_links(findings))
    body = render(findings, file=facts, drift=drift).encode()
    lake.put(report_key(file_id), body, content_type="text/html; charset=utf-8")


def _links(findings: Findings) -> dict[str, str]:
    views = {"See all files": "files"}
    if findings.duplicate_of:
        views["See the earlier file"] = f"files/{findings.duplicate_of}"
    return {text: address for text, view in views.items() if (address := settings().page_link(view))}


def drift_of(findings: Findings, model_version: str | None) -> Drift | None:
    """How far the good rows are from what the model pinned for this file was trained on; None without such a model."""
    if model_version is None or not findings.good:
        return None
    profile = loader.usable_profile(model_version)
    return compare(findings.histograms, profile["histograms"]) if profile else None
