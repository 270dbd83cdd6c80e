"""What stands in the project's settings for others: CI, its pins, the emulator's image."""

import re

import yaml

from infra import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def test_every_action_is_pinned_by_its_commit_with_the_version_beside_it() -> None:
    for path in WORKFLOWS:
        used = re.findall(r"uses: (.*)", path.read_text())

        assert used
        for each in used:
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each), each


def test_ci_runs_targets_that_the_makefile_has() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))

    for path in WORKFLOWS:
        for job in yaml.safe_load(path.read_text())["jobs"].values():
            for step in job["steps"]:
                if "run" in step:
                    assert step["run"].split()[:1] == ["make"]
                    assert step["run"].split()[1] in targets


def test_localstack_is_the_last_release_that_needs_no_account_and_is_on_loopback() -> None:
    compose = yaml.safe_load((ROOT / "infra" / "localstack" / "compose.yaml").read_text())
    service = compose["services"]["localstack"]

    assert service["image"] == "localstack/localstack:4.14.0"
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
