"""Labelled candidates, read from files and reported outcomes, and held in columns of canonical values."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import IO

import numpy as np
from numpy.typing import NDArray

from jobchange import contract
from jobchange.contract import Issue
from jobchange.contract.encoder import encode_columns
from jobchange.errors import Unprocessable
from jobchange.reading.check import CheckedBlock
from jobchange.reading.records import Records
from jobchange.reading.rejected import Rejected
from jobchange.reading.table import Table
from jobchange.store.suppression_list import Suppressed

UNLABELLED, BROKEN, ERASED, REPEATED, UNJOINED = REASONS = ("unlabelled", "broken", "erased", "repeated", "unjoined")
"""Why a row isn't used: it has no label, breaks the contract, its candidate was erased, or was seen before; or it is an
outcome that doesn't say of which features (see `store.outcomes`)."""


@dataclass(frozen=True)
class FileRows:
    """What became of the rows of one file: how many it has, how many are used, and how many aren't, by reason."""

    name: str
    total: int
    used: int
    left_out: Mapping[str, int]

    def __str__(self) -> str:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in self.left_out.items() if count)
        return f"{self.name}: {self.used:,} of {self.total:,} rows used" + (
            f" (left out: {reasons})" if reasons else ""
        )


@dataclass(frozen=True)
class Dataset:
    """Candidates whose outcome is known.

    `columns` holds the canonical text (None where missing) of every column of the contract, the label among them;
    `outcomes` says how many of the rows were reported by users; `left_out` how many rows were not used, by reason, and
    `files` the same for each file; `sha256` identifies what was read.
    """

    columns: Mapping[str, list[str | None]]
    outcomes: int
    left_out: Mapping[str, int]
    sha256: str
    files: tuple[FileRows, ...] = ()

    @cached_property
    def features(self) -> NDArray[np.float32]:
        """Encoded, (rows, features)."""
        return encode_columns(self.columns)

    @cached_property
    def target(self) -> NDArray[np.int8]:
        """1 where the candidate was looking for a job, otherwise 0."""
        return np.array([float(value or "nan") for value in self.columns[contract.LABEL]]).astype(np.int8)

    @cached_property
    def fingerprints(self) -> NDArray[np.uint64]:
        """A number for each row that no other row has, by which the same row is found in another data set: a hash of
        what the row means, however it was spelled."""
        identifiers = map(int, map(str, self.columns[contract.IDENTIFIER]))
        rows = zip(identifiers, self.features, self.target.tolist(), strict=True)
        packed = (b"%d %b %d" % (number, features.tobytes(), label) for number, features, label in rows)
        digests = b"".join(hashlib.blake2b(row, digest_size=8).digest() for row in packed)
        return np.frombuffer(digests, dtype="<u8")

    def __len__(self) -> int:
        return len(self.target)


@dataclass(frozen=True)
class LabelledFile:
    """A file of candidates whose outcome is known: what to call it, and its bytes as they are."""

    name: str
    content: IO[bytes]


def read(
    files: Iterable[LabelledFile],
    outcomes: Iterable[Mapping[str, str | None] | None] = (),
    suppressed: Suppressed = Suppressed(),  # noqa: B008 - it can't be changed
) -> Dataset:
    """Read labelled candidates from files, as ingestion reads them, and from outcomes that users reported, each its
    canonical texts by column, or None for one of whose features nothing is known.

    Left out and counted are rows without a label, rows that break the contract, rows of erased candidates, and rows of
    a candidate seen before: one person must not be in training and test folds at once. Outcomes come first, since they
    are the latest that is known of a candidate.

    Raises Unprocessable for a file that can't be used, has no label or not all required columns.
    """
    rows = _Rows(suppressed)
    digest = hashlib.sha256()
    for outcome in outcomes:
        digest.update(repr(sorted(outcome.items()) if outcome else None).encode())
        rows.add_outcome(outcome)
    reported, counted = rows.used, []
    for file in files:
        before, used = Counter(rows.left_out), rows.used
        try:
            table = Table(file.content)
            if contract.LABEL not in table.layout.positions:
                raise Unprocessable(f"{file.name} has no column {contract.LABEL}. Add it and train again.")
            total = sum(rows.add_block(table, *block) for block in table.checked())
        except Rejected as rejected:
            raise Unprocessable(f"{file.name} {rejected.predicate}.") from None
        digest.update(table.content.digest())
        left_out = {reason: rows.left_out[reason] - before[reason] for reason in REASONS}
        counted.append(FileRows(file.name, total, rows.used - used, left_out))
    return Dataset(rows.columns, reported, dict(rows.left_out), digest.hexdigest(), tuple(counted))


class _Rows:
    """The rows that are used, and how many aren't."""

    def __init__(self, suppressed: Suppressed) -> None:
        self.columns: dict[str, list[str | None]] = {name: [] for name in contract.NAMES}
        self.left_out = dict.fromkeys(REASONS, 0)
        self._suppressed = suppressed
        self._seen: set[str | None] = set()

    @property
    def used(self) -> int:
        return len(self._seen)

    def add_block(self, table: Table, records: Records, checked: CheckedBlock) -> int:
        """Add the good rows of a block; returns how many rows it has."""
        repeated = [each.records for each in checked.violations if each.issue is Issue.DUPLICATE_ID]
        again = len(np.unique(np.concatenate(repeated))) if repeated else 0
        self.left_out[REPEATED] += again
        self.left_out[BROKEN] += int(checked.bad.sum()) - again
        self.add(table.good_columns(records, checked))
        return len(records)

    def add_outcome(self, outcome: Mapping[str, str | None] | None) -> None:
        """Add an outcome, if its features are known and keep the contract of today."""
        if outcome is None:
            self.left_out[UNJOINED] += 1
            return
        readings = {name: contract.read(column, outcome.get(name) or "") for name, column in contract.BY_NAME.items()}
        if any(reading.issue for reading in readings.values()):
            self.left_out[BROKEN] += 1
        else:
            self.add({name: [reading.text or None] for name, reading in readings.items()})

    def add(self, columns: Mapping[str, list[str | None]]) -> None:
        """Add rows that keep the contract."""
        places = []
        labelled = zip(columns[contract.IDENTIFIER], columns[contract.LABEL], strict=True)
        for place, (identifier, label) in enumerate(labelled):
            if label is None:
                self.left_out[UNLABELLED] += 1
            elif int(identifier or 0) in self._suppressed:
                self.left_out[ERASED] += 1
            elif identifier in self._seen:
                self.left_out[REPEATED] += 1
            else:
                self._seen.add(identifier)
                places.append(place)
        for name, values in columns.items():
            self.columns[name] += [values[place] for place in places]
