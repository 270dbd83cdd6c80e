"""The data-quality notebook is executed, shows every issue, and its stored outputs are those of today's code.

    PYTHONPATH=layers/core python -m tests.unit.data.test_notebook

executes it and stores what comes out.
"""

from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from infra import ROOT
from jobchange.contract import Issue

PATH = ROOT / "data" / "data_issues.ipynb"


def read() -> Any:
    return nbformat.read(PATH, as_version=4)  # type: ignore[no-untyped-call]


def executed() -> Any:
    """The notebook with the outputs of today's code, and nothing of the machine or the moment.

    Raises:
        CellExecutionError: a cell fails.
    """
    notebook = read()
    resources = {"metadata": {"path": PATH.parent}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", record_timing=False, resources=resources).execute()
    del notebook.metadata["language_info"]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)
    return notebook


def joined(outputs: list[Any]) -> list[Any]:
    """The outputs with what was printed in one go in one piece, however it arrived; without warnings of libraries,
    such as that fonts are being searched for the first time."""
    whole: list[Any] = []
    for output in outputs:
        if output.get("name") == "stderr":
            continue
        if whole and output.get("name") == whole[-1].get("name") == "stdout":
            whole[-1].text += output.text
        else:
            whole.append(output)
    return whole


def outputs_of(cell: Any) -> list[dict[str, Any]]:
    """A cell's outputs, but for the pixels of its charts, which depend on the machine's fonts."""
    return [
        {**output, "data": {**output.data, "image/png": ...}} if "image/png" in output.get("data", {}) else {**output}
        for output in cell.get("outputs", [])
    ]


@pytest.fixture(scope="module")
def stored() -> Any:
    return read()


@pytest.mark.large
def test_executed_again_it_shows_what_is_stored(stored: Any) -> None:
    for cell, again in zip(stored.cells, executed().cells, strict=True):
        assert outputs_of(cell) == outputs_of(again), (
            "The notebook is stale: see how to execute it at the top of this file."
        )


@pytest.mark.parametrize("issue", Issue)
def test_every_issue_has_a_section_with_the_words_of_the_contract_and_a_chart(stored: Any, issue: Issue) -> None:
    (section,) = (number for number, cell in enumerate(stored.cells) if cell.source.startswith(f"### `{issue}`\n"))

    outputs = outputs_of(stored.cells[section + 1])
    printed = "".join(output.get("text", "") for output in outputs)
    assert printed.startswith(
        f"{issue}: {issue.heading} ({issue.severity})\n{issue.sentence}\nWhat to do: {issue.advice}\n"
    )
    assert any("image/png" in output.get("data", {}) for output in outputs)


def test_what_was_injected_was_found(stored: Any) -> None:
    printed = "".join(output.get("text", "") for cell in stored.cells for output in outputs_of(cell))

    assert printed.count("exactly that found") == len(Issue) - 1, "all but the duplicate file, which the store finds"
    assert "SOMETHING ELSE" not in printed
    assert "False" not in printed


def test_it_says_nothing_of_the_machine_it_was_executed_on(stored: Any) -> None:
    words = "".join(f"{cell.source} {outputs_of(cell)}" for cell in stored.cells)

    assert set(stored.metadata) == {"kernelspec"}
    assert not any(cell.metadata for cell in stored.cells)
    assert str(ROOT) not in words
    assert PATH.stat().st_size < 1_000_000


if __name__ == "__main__":
    nbformat.write(executed(), PATH)  # type: ignore[no-untyped-call]
