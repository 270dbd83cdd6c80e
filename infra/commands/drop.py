"""`make drop FILE=candidates.csv`: drop files into the lake, wait until they are scored, and fetch the results."""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from infra import CommandError
from infra.commands import parser
from infra.commands.answer import aligned
from infra.commands.outputs import page_address
from infra.stacks import current

if TYPE_CHECKING:
    from jobchange.store.files import File

_PATIENCE_SECONDS = 900
_CANDIDATE = {
    "rank": "rank",
    "_row": "row",
    "enrollee_id": "candidate",
    "city": "city",
    "experience": "experience",
    "probability": "probability",
    "will_change": "will change",
}
"""What is shown of a candidate: the scored file's columns, and what they are called here."""
_HIGHEST = 10
_DIFFERENT = {
    "drifted": "The candidates are unlike",
    "shifted": "The candidates differ a little, but certainly, from",
}
_HEADER = ("file", "rows", "good", "bad", "criticality", "scored", "status")


def drop(path: Path) -> str:
    """Upload a file under raw/; returns the id that its record will have."""
    from jobchange.store import lake_layout, source_objects
    from jobchange.store.clutter import clutter

    if not path.is_file():
        raise CommandError(f"there is no file {path}. Give one: make drop FILE=candidates.csv")
    if what := clutter(path.name, path.stat().st_size):
        raise CommandError(f"{path} has the name of {what}, which is skipped. Give it another name.")
    bucket, key = current.resources()["LakeBucket"], lake_layout.RAW + path.name
    size, sent = path.stat().st_size, 0

    def progress(more: int) -> None:
        nonlocal sent
        sent += more
        _say(f"{path.name}: {sent / max(size, 1):.0%} of {size / 1e6:,.1f} MB uploaded")

    current.s3().upload_file(str(path), bucket, key, Callback=progress)
    version = current.s3().head_object(Bucket=bucket, Key=key).get("VersionId")
    return source_objects.identity(bucket, key, version)


def follow(file_ids: Sequence[str]) -> list[File]:
    """Wait until every file is validated and scored, showing how far it is; returns their records.

    Scoring is started at once rather than at the schedule's next tick.
    """
    _wait(file_ids, lambda file: file.status != "VALIDATING", "validated")
    score_now()
    return _wait(file_ids, lambda file: file.status in ("SCORED", "REJECTED"), "scored")


def fetch(file: File, folder: Path) -> Path:
    """Download the ranked candidates of a scored file into a folder; returns where they are."""
    from jobchange.store import lake_layout, scored_files

    key = lake_layout.ranking_key(file.file_id, scored_files.RANKED)
    return _download(key, folder / scored_files.name(file.name))


def add_own_columns(scored: Path, dropped: Path) -> None:
    """Add to a downloaded scored file the columns that only the dropped file has, such as names, row by row: the lake's
    scored file leaves them out, as the contract doesn't know them."""
    from jobchange.documents.csv_lines import escape
    from jobchange.reading.table import Table
    from jobchange.store import scored_files

    with dropped.open("rb") as source:
        table = Table(source)
        names = [*table.layout.unexpected.values()]
        own = [at for at, name in enumerate(names) if name not in (scored_files.RANK, *scored_files.COLUMNS)]
        if not own:
            return
        cells = [[escape(row[at]) for at in own] if row else [] for each in table.blocks for row in table.others(each)]
    joined = scored.with_name(f"{scored.name}.part")
    with scored.open(encoding="utf-8", newline="") as text, joined.open("w", encoding="utf-8", newline="") as target:
        rows, writer = csv.reader(text), csv.writer(target, lineterminator="\n")
        header = next(rows)
        number = header.index(scored_files.ROW)
        writer.writerow([*header, *(escape(names[at]) for at in own)])
        writer.writerows([*row, *cells[int(row[number]) - 1]] for row in rows)
    joined.replace(scored)


def fetch_bad(file: File, folder: Path) -> Path:
    """Download the bad rows of a file into a folder; returns where they are."""
    from jobchange.store import lake_layout, scored_files

    path = folder / f"{scored_files.stem(file.name)}.bad.csv"
    return _download(lake_layout.bad_key(file.file_id, file.name), path)


def _download(key: str, path: Path) -> Path:
    current.s3().download_file(current.resources()["LakeBucket"], key, str(path))
    return path


def highest(path: Path) -> str:
    """The first candidates of a ranked file as a table for the terminal."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [[each[column] for column in _CANDIDATE] for each in islice(csv.DictReader(file), _HIGHEST)]
    return aligned([tuple(_CANDIDATE.values()), *((*row[:-2], f"{float(row[-2]):.3f}", row[-1]) for row in rows)])


def score_now() -> None:
    """Do what the schedule does every two minutes."""
    answer = current.functions().invoke(FunctionName=current.resources()["DispatchFunction"], Payload=b"{}")
    payload = answer["Payload"].read()
    if answer.get("FunctionError") or "files" not in json.loads(payload):
        raise CommandError("dispatching failed. See: make logs FN=dispatch")


def table(files: Sequence[File]) -> str:
    """Records as a table for the terminal."""
    rows: list[tuple[str, ...]] = [_HEADER]
    for file in files:
        count = file.rows
        cells = (file.name, count.total, count.good, count.bad, file.criticality, file.scored)
        rows.append((*map(str, cells), file.status))
    return aligned(rows)


def explain(file: File) -> str:
    """What was found in one file and where its outputs are, in a few lines."""
    from jobchange.store import files, lake, lake_layout

    lines = [file.reason] if file.reason else []
    for issue in file.issues:
        column = f" in {issue.column}" if issue.column else ""
        rows = f"{issue.rows:>7} x " if issue.rows else ""
        lines.append(f"{rows}{issue.type.heading}{column} ({issue.severity})")
    for replaced in file.replaces:
        origin = files.get(replaced.file_id)
        lines.append(f"{origin.corrected} of {origin.rows.bad} quarantined rows of {origin.name} corrected")
    for verdict, meaning in _DIFFERENT.items():
        moved = [each.column for each in file.drift.columns if each.verdict == verdict] if file.drift else []
        if moved:
            lines.append(f"{meaning} those the model was trained on: {', '.join(moved)}")
    lines.append("These addresses work for an hour, without a token:")
    lines.append(f"report    {lake.presigned(lake_layout.report_key(file.file_id), seconds=3600)}")
    if file.rows.bad:
        lines.append(f"bad rows  {lake.presigned(lake_layout.bad_key(file.file_id, file.name), seconds=3600)}")
    return "\n".join(f"  {line}" for line in lines)


def _wait(file_ids: Sequence[str], done: Callable[[File], bool], what: str) -> list[File]:
    from jobchange.errors import NotFound
    from jobchange.store import files

    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found: list[File] = []
        for file_id in file_ids:
            try:
                found.append(files.get(file_id))
            except NotFound:
                continue
        finished = sum(done(file) for file in found)
        scored = sum(file.scored for file in found)
        _say(f"{finished} of {len(file_ids)} files {what}" + (f", {scored:,} rows" if scored else ""))
        if finished == len(file_ids):
            _say("")
            return found
        time.sleep(0.2)
    raise CommandError(f"the files were not {what} in {_PATIENCE_SECONDS // 60} minutes. See: make status, make logs")


def _say(line: str) -> None:
    """Show the progress in place; nothing where there is no terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{line}")
        sys.stderr.flush()


def main(arguments: list[str]) -> None:
    command = parser("drop", __doc__)
    command.add_argument("files", nargs="*", metavar="FILE")
    named = command.parse_args(arguments).files
    if not named or not all(named):
        raise CommandError("say which file: make drop FILE=candidates.csv")
    current.set_environment()
    paths = [Path(name) for name in named]
    files = follow([drop(path) for path in paths])
    print(table(files))
    for path, file in zip(paths, files, strict=True):
        print(f"\n{file.name}\n{explain(file)}")
        if file.rows.bad:
            rows = "1 bad row" if file.rows.bad == 1 else f"{file.rows.bad:,} bad rows"
            print(f"\n{rows}, each with its reasons in the last columns. Correct them and drop the file again:")
            print(f"  {fetch_bad(file, path.parent)}")
        if file.scored:
            scored = fetch(file, path.parent)
            add_own_columns(scored, path)
            print(f"\n{file.will_change:,} of {file.scored:,} candidates reach the threshold; all of them, ranked:")
            print(f"  {scored}\n\n{highest(scored)}")
    print(f"\n{sum(file.scored for file in files):,} candidates scored. The page shows them:")
    print(f"  {page_address()}")


if __name__ == "__main__":
    main(sys.argv[1:])
