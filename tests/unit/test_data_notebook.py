"""The data-quality notebook is executed, shows every issue, and its stored outputs are those of today's code."""

from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from jobchange.contract import Issue
from tests.conftest import ROOT

PATH = ROOT / "data" / "data_issues.ipynb"


def texts(notebook: Any) -> list[list[str]]:
    """What each cell printed and displayed, charts left out."""
    found = []
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        printed = "".join(output.text for output in outputs if output.output_type == "stream")
        shown = [output.data for output in outputs if output.output_type == "display_data"]
        found.append([printed, *(data["text/plain"] for data in shown if "image/png" not in data)])
    return found


@pytest.fixture(scope="module")
def stored() -> Any:
    return nbformat.read(PATH, as_version=4)  # type: ignore[no-untyped-call]


def test_executed_anew_it_prints_what_is_stored(stored: Any) -> None:
    notebook = nbformat.read(PATH, as_version=4)  # type: ignore[no-untyped-call]

    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": PATH.parent}}
    ).execute()

    assert texts(notebook) == texts(stored)


@pytest.mark.parametrize("issue", Issue)
def test_every_issue_has_its_section_and_a_chart(stored: Any, issue: Issue) -> None:
    titles = [number for number, cell in enumerate(stored.cells) if cell.source.startswith(f"### `{issue}`")]

    assert len(titles) == 1
    outputs = stored.cells[titles[0] + 1].outputs
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert any(output.get("text", "").startswith(issue) for output in outputs)


def test_it_names_no_path_of_the_machine_it_was_made_on() -> None:
    source = PATH.read_text(encoding="utf-8")

    assert str(ROOT) not in source
    assert '"execution": {' not in source
    assert len(source) < 1_000_000
