"""One ingestion without a network: what the validate function does with a file, its outputs written to a folder.

Runs in a fresh process for each measurement. Prints one JSON object.

python -m tests.benchmarks.ingest_once [--stages] FILE OUTPUT_DIR

With --stages it also says how many seconds of processor time each stage takes.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jobchange.quality import bad_rows, good_rows
from jobchange.quality import validate as validation
from jobchange.quality.findings_builder import FindingsBuilder
from jobchange.quality.good_rows import Parts
from jobchange.quality.identifiers import Index
from jobchange.quality.report import FileFacts, render
from jobchange.quality.validate import validate
from jobchange.reading import table
from jobchange.reading.check import Checker

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


STAGES: dict[str, tuple[tuple[Any, str], ...]] = {
    "read and split": ((table, "blocks"),),
    "check": ((Checker, "check"),),
    "count": ((FindingsBuilder, "add"),),
    "index of candidates": ((validation, "candidate_rows"), (Index, "add")),
    "good rows": ((good_rows, "lines"), (Parts, "add")),
    "bad rows": ((bad_rows, "lines"),),
}


def timed(stages: dict[str, float]) -> None:
    """From now on every call of a stage adds its processor time to it."""

    def wrap(stage: str, function: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            started = time.thread_time()
            try:
                result = function(*arguments, **options)
                return steps(stage, result) if isinstance(result, Iterator) else result
            finally:
                stages[stage] += time.thread_time() - started

        return call

    def steps(stage: str, iterator: Iterator[Any]) -> Iterator[Any]:
        while True:
            started = time.thread_time()
            item = next(iterator, None)
            stages[stage] += time.thread_time() - started
            if item is None:
                return
            yield item

    for stage, places in STAGES.items():
        stages[stage] = 0.0
        for place, name in places:
            setattr(place, name, wrap(stage, getattr(place, name)))


def main(path: Path, folder: Path, *, in_stages: bool) -> None:
    stages: dict[str, float] = {}
    if in_stages:
        timed(stages)
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
        json.dumps({"seconds": seconds, "peak_mb": peak, "good": findings.good, "bad": findings.bad, "stages": stages})
        + "\n"
    )


if __name__ == "__main__":
    main(Path(sys.argv[-2]), Path(sys.argv[-1]), in_stages="--stages" in sys.argv)
