"""Where a peer runs: an environment of its own, pinned by a lock in peers/."""

import shutil
from pathlib import Path

from infra.tools.install import install
from tests.benchmarks.results import FOLDER, say

PEERS = Path(__file__).parent / "peers"


def python(peer: str) -> Path:
    """The Python of peers/<peer>.lock, installed when that has changed."""
    folder, lock = FOLDER / peer.replace("_", "-"), PEERS / f"{peer}.lock"
    found, installed = folder / "bin" / "python", folder / "installed.lock"
    if not installed.exists() or installed.read_bytes() != lock.read_bytes():
        say(f"installing {lock.name} into an environment of its own, once ...")
        shutil.rmtree(folder, ignore_errors=True)
        FOLDER.mkdir(parents=True, exist_ok=True)
        install(folder, lock)
        installed.write_bytes(lock.read_bytes())
    return found
