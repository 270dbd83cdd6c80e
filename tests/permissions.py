"""Take each single permission of each function's role away, and see that a test then fails.

python -m tests.permissions            finds a test for each permission, then takes each away: ten minutes
python -m tests.permissions --as-kept  takes each away from the tests in the table: two minutes

The table, tests/template/permissions.json, has for each permission a test that fails without it. In the tests every
call of a function is judged by its role (tests/support/acting.py); what Lambda itself does with a role, taking messages
from its queue, is compared with the template (tests/template/test_deployed.py).
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from infra import ROOT

TABLE: Final = ROOT / "tests" / "template" / "permissions.json"
MOST_SURVIVORS: Final = 0.02
"""The share of permissions that may be taken away unnoticed."""
_LAMBDAS_OWN: Final = (
    "tests/template/test_deployed.py::test_lambda_takes_messages_for_a_function_from_its_own_queue_and_no_other"
)


class Mutations:
    """Runs each test as usual, and then, for each permission that it is said to need, once more without it: in a
    process of its own, which has all that the tests share already."""

    def __init__(self, candidates: dict[str, list[str]]) -> None:
        self.missed: dict[str, str] = {}
        """For each permission a test that failed without it."""
        self._failed: set[str] = set()
        self._permissions = defaultdict(list)
        for permission, tests in candidates.items():
            for test in tests:
                self._permissions[test].append(permission)

    @property
    def tests(self) -> list[str]:
        return [*self._permissions]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        result = yield
        # One that fails with all permissions shows nothing.
        if item.nodeid not in self._failed:
            for permission in self._permissions[item.nodeid]:
                if permission not in self.missed and _fails(item, permission):
                    self.missed[permission] = item.nodeid
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed.add(report.nodeid)


def _fails(item: Any, without: str) -> bool:
    pid = os.fork()
    if pid == 0:
        from _pytest.runner import runtestprotocol

        os.environ["ROLE_WITHOUT"] = without
        item._initrequest()
        reports = runtestprotocol(item, nextitem=item, log=False)
        os._exit(any(report.failed for report in reports))
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1


def _candidates() -> dict[str, list[str]]:
    """For each permission some tests in which a call hangs on it."""
    from tests.support.acting import name
    from tests.support.permissions import grants

    with tempfile.TemporaryDirectory() as folder:
        run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/integration"]
        subprocess.run(run, cwd=ROOT, env={**os.environ, "ROLE_USES": folder}, check=False)
        uses: dict[str, list[str]] = {}
        for path in Path(folder).glob("*.json"):
            uses |= json.loads(path.read_text())
    permissions = [name(function, each) for function, them in grants().items() for each in them]
    return {each: uses.get(each, [_LAMBDAS_OWN] if " sqs:" in each else []) for each in permissions}


def main(arguments: list[str]) -> int:
    if "--as-kept" in arguments:
        candidates = {permission: [test] for permission, test in json.loads(TABLE.read_text()).items()}
    else:
        candidates = _candidates()
    mutations = Mutations(candidates)
    pytest.main(["-q", "-p", "no:cacheprovider", *mutations.tests], plugins=[mutations])
    table = {permission: mutations.missed.get(permission, "") for permission in sorted(candidates)}
    TABLE.write_text(json.dumps(table, indent=1) + "\n")
    permissions = Counter(permission.split()[0] for permission in table)
    missed = Counter(permission.split()[0] for permission in mutations.missed)
    for function in permissions:
        print(f"{function:24} {permissions[function]:4} permissions, {missed[function]:4} missed when taken away")
    print(f"{'all':24} {permissions.total():4} permissions, {missed.total():4} missed when taken away")
    for permission in (each for each, test in table.items() if not test):
        print(f"survives: {permission} ({', '.join(candidates[permission]) or 'no test'})")
    return int(missed.total() < (1 - MOST_SURVIVORS) * permissions.total())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
