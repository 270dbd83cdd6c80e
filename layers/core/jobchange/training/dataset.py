"""Labelled candidates, read from CSV and reported outcomes, and held in columns of canonical values."""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jobchange import contract
from jobchange.contract import Column, Kind
from jobchange.contract.encoder import encode_columns
from jobchange.errors import Unprocessable
from jobchange.store.suppression_list import Suppressed


@dataclass(frozen=True)
class Dataset:
    """Candidates whose outcome is known.

    `columns` holds the canonical text (None where missing) of every column of the contract, the label among them;
    `outcomes` says how many of the rows were reported by users; `left_out` how many rows were not used, by reason;
    `sha256` identifies what was read.
    """

    columns: Mapping[str, list[str | None]]
    outcomes: int
    left_out: Mapping[str, int]
    sha256: str

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
        """A number for each row that no other row has, by which the same row is found in another data set."""
        rows = zip(*self.columns.values(), strict=True)
        packed = b"".join(hashlib.blake2b(repr(row).encode(), digest_size=8).digest() for row in rows)
        return np.frombuffer(packed, dtype="<u8")

    def __len__(self) -> int:
        return len(self.target)


def read(
    files: Iterable[Iterable[str]],
    outcomes: Iterable[Mapping[str, str | None]] = (),
    suppressed: Suppressed = Suppressed(),  # noqa: B008 - it can't be changed
) -> Dataset:
    """Read labelled candidates from CSV files and from outcomes that users reported. A file is its lines, such as an
    open text file; an outcome is its values by column.

    Values are cleaned as ingestion cleans them. Left out and counted are rows without a label, rows that break the
    contract, rows of erased candidates, and rows of a candidate seen before: one person must not be in training and
    test folds at once. Outcomes come first, since they are the latest that is known of a candidate.

    Raises Unprocessable for a file that isn't CSV, or has no label or not all required columns.
    """
    columns: dict[str, list[str | None]] = {name: [] for name in contract.NAMES}
    left_out = {"unlabelled": 0, "broken": 0, "erased": 0, "repeated": 0}
    seen: set[str | None] = set()
    digest = hashlib.sha256()

    def take(row: Mapping[str, str | None] | None) -> None:
        values = row and {name: contract.clean(contract.BY_NAME[name], row.get(name) or "") for name in contract.NAMES}
        if not values or not all(_allowed(column, values[column.name]) for column in contract.COLUMNS):
            left_out["broken"] += 1
        elif values[contract.LABEL] is None:
            left_out["unlabelled"] += 1
        elif int(float(values[contract.IDENTIFIER] or "nan")) in suppressed:
            left_out["erased"] += 1
        elif values[contract.IDENTIFIER] in seen:
            left_out["repeated"] += 1
        else:
            seen.add(values[contract.IDENTIFIER])
            for name, value in values.items():
                columns[name].append(value)

    for outcome in outcomes:
        digest.update(repr(sorted(outcome.items())).encode())
        take(outcome)
    reported = len(seen)
    for file in files:
        for row in _rows(_hashed(file, digest)):
            take(row)
    return Dataset(columns, reported, left_out, digest.hexdigest())


def _hashed(lines: Iterable[str], digest: "hashlib._Hash") -> Iterable[str]:
    for line in lines:
        digest.update(line.encode())
        yield line


def _rows(lines: Iterable[str]) -> Iterator[dict[str, str | None] | None]:
    """Each row by column; None for one with fields beyond the header, or too few."""
    reader = csv.DictReader(lines)
    try:
        header = reader.fieldnames or ()
        missing = [column.name for column in contract.COLUMNS if column.required and column.name not in header]
        if contract.LABEL not in header:
            missing.append(contract.LABEL)
        if missing:
            raise Unprocessable(f"The training file has no column {', '.join(missing)}. Add it and train again.")
        for row in reader:
            # What DictReader does with too many and too few fields.
            yield None if None in row or None in row.values() else row
    except csv.Error as error:
        raise Unprocessable(f"The training file isn't CSV after line {reader.line_num}: {error}.") from None


_LEVELS = {column.name: frozenset(column.levels) for column in contract.COLUMNS}


def _allowed(column: Column, value: str | None) -> bool:
    if value is None:
        return column.nullable
    if not column.numeric:
        return value in _LEVELS[column.name]
    try:
        number = float(value)
    except ValueError:
        return False
    if column.kind is Kind.INTEGER and not number.is_integer():
        return False
    return (column.minimum is None or number >= column.minimum) and (column.maximum is None or number <= column.maximum)
