"""One ingestion without a network: what the validate function does with a file, its outputs written to a folder.

Runs in a fresh process for each measurement. Prints one JSON object.

python -m tests.benchmarks.ingest_once FILE OUTPUT_DIR
"""

import json
import resource
import sys
import time
from pathlib import Path

from jobchange.quality.report import FileFacts, render
from jobchange.quality.validate import validate

FILE_ID = "0" * 32


class Folder:
    """The outputs of a validation as files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bad = (folder / "bad.csv").open("wb")

    def part(self, index: int, body: bytes) -> None:
        (self._folder / f"part-{index:05}.csv").write_bytes(body)

    def bad(self, body: bytes) -> None:
        self._bad.write(body)

    def index(self, number: int, body: bytes) -> None:
        (self._folder / f"index-{number:05}.bin").write_bytes(body)

    def close(self) -> None:
        self._bad.close()


def main(path: Path, folder: Path) -> None:
    started = time.perf_counter()
    outputs = Folder(folder)
    with path.open("rb") as source:
        findings = validate(source, name=path.name, file_id=FILE_ID, outputs=outputs)
    outputs.close()
    facts = FileFacts(file_id=FILE_ID, name=path.name, uploaded_at="2026-01-01T00:00:00.000Z", links={})
    (folder / "report.html").write_text(render(findings, file=facts), encoding="utf-8")
    (folder / "record.json").write_text(json.dumps(findings.to_dict()), encoding="utf-8")
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        json.dumps({"seconds": seconds, "peak_mb": peak, "good": findings.good, "bad": findings.bad}) + "\n"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
