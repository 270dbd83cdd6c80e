"""`make stream EVERY=60`: drop a random file of generated candidates every EVERY seconds; Ctrl-C ends it."""

import random
import subprocess
import sys
import time
from pathlib import Path

from infra import ROOT, CommandError
from infra.commands import parser
from infra.commands.drop import drop
from infra.stacks import current

_ROWS, _FILES = 19_000, 100


def main(arguments: list[str] | None = None) -> None:
    command = parser("stream", __doc__)
    command.add_argument("--every", type=float, default=60, metavar="SECONDS", help="between two files (default: 60)")
    command.add_argument("--folder", type=Path, help="drop the CSV files of this folder instead")
    options = command.parse_args(arguments)
    current.set_environment()
    # Which file comes next is all that chance decides here.
    files = sorted((options.folder or _generated()).glob("*.csv"))
    if not files:
        raise CommandError(f"there is no .csv file in {options.folder}")
    print(f"Dropping one of {len(files)} files every {options.every:g} s. Ctrl-C ends it.")
    random.shuffle(files)
    try:
        for path in files:
            file_id = drop(path)
            print(f"{time.strftime('%H:%M:%S')}  {path.name}  {file_id}", flush=True)
            time.sleep(options.every)
    except KeyboardInterrupt:
        print("\nStopped.")


def _generated() -> Path:
    """Candidates nobody has dropped yet: new ones at each call, split into small files."""
    folder = current.stack().home / "raw" / time.strftime("%Y%m%d-%H%M%S")
    dataset = folder.with_suffix(".csv")
    dataset.parent.mkdir(parents=True, exist_ok=True)
    seed = str(int(time.time()))
    data = ROOT / "data"
    subprocess.run(
        [sys.executable, data / "generate.py", "--rows", str(_ROWS), "--seed", seed, "--output", dataset], check=True
    )
    subprocess.run(
        [sys.executable, data / "split.py", "--dataset", dataset, "--output-dir", folder, "--num-files", str(_FILES)],
        check=True,
    )
    return folder


if __name__ == "__main__":
    main()
