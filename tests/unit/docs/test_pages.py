"""What the documentation points at is there."""

import re
from pathlib import Path

import pytest

from infra import ROOT
from infra.stacks.current import TARGETS

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
MAKEFILE = (ROOT / "Makefile").read_text()


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_links_lead_to_files_that_are_there(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if "://" not in link:
            assert (page.parent / link).exists(), link


def test_no_two_pages_have_the_same_title() -> None:
    titles = [page.read_text(encoding="utf-8").splitlines()[0] for page in PAGES]

    assert all(title.startswith("# ") for title in titles)
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_tests_and_make_targets_that_are_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    for name in re.findall(r"`(test_\w+)`", text):
        assert f"def {name}(" in TESTS, name
    for target in re.findall(r"(?:`|^    )make (?:-s )?([a-z0-9-]+)(?=[\s`.,;:)]|$)", text, flags=re.MULTILINE):
        assert re.search(rf"^{target}:", MAKEFILE, flags=re.MULTILINE), target


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_paths_of_the_repository_that_are_named_exist(page: Path) -> None:
    named = re.findall(
        r"`((?:layers|functions|infra|frontend|data|tests|docs)/[^`\s<…*]*)`", page.read_text(encoding="utf-8")
    )
    for path in named:
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_has_its_page(target: str) -> None:
    assert ROOT / "docs" / f"{target}.md" in PAGES


def test_a_decision_fits_on_half_a_page() -> None:
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        assert len(path.read_text(encoding="utf-8").split()) < 350, path


def test_a_decision_has_its_four_headings() -> None:
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        headings = re.findall(r"^## (.*)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences", "Alternatives"], path
