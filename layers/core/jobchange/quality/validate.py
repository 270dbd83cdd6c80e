"""Bytes in, good parts, bad rows and findings out: the validation of one file, whatever it holds, in one pass."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Protocol

import numpy as np

from jobchange.contract import Issue
from jobchange.quality import bad_rows, good_rows, quarantine, schema
from jobchange.quality.findings import Finding, Findings
from jobchange.quality.findings_builder import FindingsBuilder
from jobchange.quality.good_rows import Parts
from jobchange.quality.identifiers import Index, IsWanted, candidate_rows
from jobchange.quality.quarantine import CorrectionIndex
from jobchange.quality.redact import Redactor, tombstones
from jobchange.quality.seen_packed import SeenPacked
from jobchange.reading.check import CheckedBlock
from jobchange.reading.decode import text_of
from jobchange.reading.header import Layout
from jobchange.reading.origin import FILE, ROW
from jobchange.reading.records import Records
from jobchange.reading.rejected import Rejected
from jobchange.reading.table import CHUNK_BYTES, Table

MAX_ROWS = 20_000_000
"""Rows of one file. It bounds the time a file can take, and the memory of its identifiers (some 50 MB)."""


MAX_NAME = 80
"""Characters of a file's name in the sentences about it."""


class Outputs(Protocol):
    """Where the rows go. All that was handed over is void if the findings turn out fatal."""

    def part(self, index: int, body: bytes) -> None:
        """One part of the good rows, complete (see `good_rows`)."""

    def bad(self, body: bytes) -> None:
        """The next bytes of the bad file (see `quarantine`): called in order, never if there are no bad rows."""

    def index(self, number: int, body: bytes) -> None:
        """One run of the index of whose rows these are, complete (see `identifiers.Index`)."""


def validate(
    source: IO[bytes],
    *,
    name: str,
    file_id: str,
    outputs: Outputs,
    chunk_bytes: int = CHUNK_BYTES,
    part_rows: int = 100_000,
    is_erased: IsWanted | None = None,
) -> Findings:
    """Validate a file against the contract.

    Args:
        source: the file as dropped, read once from its beginning. Whether it is a gzip is up to its content.
        name: its name, for the sentences about it.
        file_id: is written beside each bad row.
        outputs: gets the rows.
        chunk_bytes: bytes read at a time; doesn't change any result.
        part_rows: rows of a part of the good rows.
        is_erased: which candidates were erased. Their rows are read as if they had been redacted before: they are
            left out, and nothing of them is kept.

    No content makes it raise: for a file that can't be used, `Findings.fatal` says why. Errors of `source` and
    `outputs` propagate. The same bytes give the same outputs and findings.
    """
    try:
        return _validated(source, file_id, outputs, chunk_bytes, part_rows, is_erased)
    except Rejected as rejected:
        return Findings(
            findings=tuple(Finding(rejected.issue, column, 0) for column in rejected.columns or (None,)),
            fatal=rejected.issue,
            reason=f"{name[:MAX_NAME]} {rejected.predicate}.",
        )


def _validated(
    source: IO[bytes], file_id: str, outputs: Outputs, chunk_bytes: int, part_rows: int, is_erased: IsWanted | None
) -> Findings:
    table = Table(source, judge=schema.judge, seen=SeenPacked(), chunk_bytes=chunk_bytes)
    layout, checker = table.layout, table.checker
    builder, corrections = FindingsBuilder(table), CorrectionIndex(layout.mark)
    parts, index = Parts(outputs.part, part_rows), Index(outputs.index)
    redactor = Redactor(layout, is_erased) if is_erased else None
    bad = redacted = 0
    for records in _ahead(map(redactor.redact, table.blocks) if redactor else table.blocks):
        first_row = builder.total + 1
        erased = tombstones(records)
        redacted += len(erased)
        checked = checker.check(records).ignoring(erased)
        builder.add(records, checked)
        index.add(*candidate_rows(records, checked.identifiers, layout), checked.bad, first_row)
        if builder.total > MAX_ROWS:
            raise Rejected(Issue.UNREADABLE, f"has more than {MAX_ROWS:,} rows: split it and drop the pieces")
        good = records.whole[~checked.bad[records.whole]]
        parts.add(good + first_row, good_rows.lines(records, checked, layout, checker.dictionaries))
        if checked.bad.any():
            lines = bad_rows.lines(records, checked, layout, first_row, file_id)
            outputs.bad(lines if bad else quarantine.HEADER.encode() + lines)
            bad += int(checked.bad.sum())
        if layout.origin:
            _note_corrections(corrections, records, checked, layout)
    if not builder.total:
        raise Rejected(Issue.EMPTY, "has a header but no rows: check that the export finished, and drop the full file")
    index.close()
    return Findings(
        total=builder.total,
        good=builder.good,
        bad=bad,
        repaired=builder.repaired,
        findings=builder.findings(),
        parts=parts.close(),
        content_sha256=table.content.hexdigest(),
        histograms=builder.histograms(),
        corrections=corrections.corrections(),
        redacted=redacted,
        empty_lines=builder.empty_lines,
    )


def _ahead(blocks: Iterator[Records]) -> Iterator[Records]:
    """The same blocks, each one being read and split while the one before is checked."""
    with ThreadPoolExecutor(1) as reader:
        upcoming = reader.submit(next, blocks, None)
        while (records := upcoming.result()) is not None:
            upcoming = reader.submit(next, blocks, None)
            yield records


def _note_corrections(corrections: CorrectionIndex, records: Records, checked: CheckedBlock, layout: Layout) -> None:
    """Note which rows of which files the good rows of a corrected file were."""
    good = np.flatnonzero(~checked.bad[records.whole])
    texts = []
    for name in (FILE, ROW):
        position = layout.origin[name]
        starts, lengths = records.starts[position, good].tolist(), records.lengths[position, good].tolist()
        texts.append(
            [text_of(records.data[start : start + length]) for start, length in zip(starts, lengths, strict=True)]
        )
    for origin, row in zip(*texts, strict=True):
        corrections.add(origin, row)
