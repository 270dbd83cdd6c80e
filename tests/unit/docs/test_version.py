"""The version is declared once in the package; what repeats it agrees."""

import json
import re
import tomllib

from infra import ROOT
from jobchange import __version__


def test_package_page_project_and_changelog_agree_on_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    page = json.loads((ROOT / "frontend" / "package.json").read_text())["version"]
    latest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert latest is not None
    assert {project, page, latest[1]} == {__version__}
