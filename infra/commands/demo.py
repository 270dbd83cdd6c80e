"""Start the stack, train a model, drop the sample in five files (one of them damaged), score them and show it all."""

import random
import shutil
import time

from data.corrupt import corrupt
from data.split import split
from infra import ROOT
from infra.commands import deploy, drop, parser, train
from infra.commands.outputs import page_address
from infra.stacks import current
from jobchange.contract import Issue, Severity

_DAMAGE = [issue for issue in Issue if issue.severity is Severity.ERROR]
_DAMAGED_SHARE = 0.02
"""Of the damaged file's rows, for each issue."""
_FILES = 5


def main() -> None:
    started = time.monotonic()
    stack = current.stack()
    _step(f"Starting the {stack.target} stack {stack.name} and deploying template.yaml to it")
    stack.start()
    deploy.deploy()
    train.first()

    from jobchange.store import file_listings

    _step(f"Dropping the sample of candidates in {_FILES} files, one of them damaged")
    # Another shuffle each time: the same content again would only be reported as a duplicate.
    seed = len(file_listings.list_newest(limit=1000)[0])
    folder = stack.home / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    paths = split(ROOT / "data" / "hr_data_sample.csv", folder, _FILES, random.Random(seed))  # noqa: S311
    damaged = paths[seed % _FILES]
    damaged.write_bytes(corrupt(damaged.read_bytes(), dict.fromkeys(_DAMAGE, _DAMAGED_SHARE), seed).data)
    records = drop.follow([drop.drop(path) for path in paths])

    print("\n" + drop.table(records))
    for record in records:
        if record.rows.bad:
            print(f"\nWhat is wrong in {record.name}:\n{drop.explain(record)}")
    print(f"\nDone in {time.monotonic() - started:.0f} s. The page, signed in:\n  {page_address()}")
    print("The stack stays up: make status, make drop FILE=…, make down.")


def _step(sentence: str) -> None:
    print(f"\n{sentence} ...", flush=True)


if __name__ == "__main__":
    parser("demo", __doc__).parse_args()
    main()
