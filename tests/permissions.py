"""Take each single permission of each function's role away, and see that a test then fails.

python -m tests.permissions            finds a test for each permission, then takes each away: twenty minutes
python -m tests.permissions --as-kept  takes each away from the tests in the table

The table, tests/template/permissions.json, has for each permission a test that fails without it. In the tests every
call of a function is judged by its role (tests/support/acting.py); what Lambda itself does with a role, taking messages
from its queue, is compared with the template (tests/template/test_deployed.py).
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from infra import ROOT

TABLE: Final = ROOT / "tests" / "template" / "permissions.json"
MOST_SURVIVORS: Final = 0.02
"""The share of permissions that may be taken away unnoticed."""
_LAMBDAS_OWN: Final = (
    "tests/template/test_deployed.py::test_lambda_takes_messages_for_a_function_from_its_own_queue_and_no_other"
)


def _found() -> dict[str, str]:
    """For each permission the first test that needs it."""
    from tests.support.acting import name
    from tests.support.permissions import grants

    with tempfile.TemporaryDirectory() as folder:
        run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/integration"]
        subprocess.run(run, cwd=ROOT, env={**os.environ, "ROLE_USES": folder}, check=False)
        uses: dict[str, str] = {}
        for path in Path(folder).glob("*.json"):
            uses |= json.loads(path.read_text())
    permissions = [name(function, each) for function, them in grants().items() for each in them]
    return {each: uses.get(each, _LAMBDAS_OWN if " sqs:" in each else "") for each in sorted(permissions)}


def _fails(test: str, without: str) -> bool:
    """Whether a test fails without a permission; in a process of its own, that begins with what is imported here."""
    pid = os.fork()
    if pid == 0:
        os.environ["ROLE_WITHOUT"] = without
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
            os._exit(int(pytest.main(["-q", "-p", "no:cacheprovider", test])))
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == pytest.ExitCode.TESTS_FAILED


def main(arguments: list[str]) -> int:
    table: dict[str, str] = json.loads(TABLE.read_text()) if "--as-kept" in arguments else _found()
    permissions, noticed = Counter[str](), Counter[str]()
    for permission, test in table.items():
        function = permission.split()[0]
        permissions[function] += 1
        if test and _fails(test, permission):
            noticed[function] += 1
        else:
            table[permission] = ""
            print(f"survives: {permission} ({test or 'no test'})", flush=True)
    TABLE.write_text(json.dumps(table, indent=1) + "\n")
    for function in [*permissions, "all"]:
        one, other = (sum(each.values()) if function == "all" else each[function] for each in (permissions, noticed))
        print(f"{function:24} {one:4} permissions, {other:4} missed when taken away")
    return int(noticed.total() < (1 - MOST_SURVIVORS) * permissions.total())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
