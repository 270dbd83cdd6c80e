"""One part of a file's good rows, read in batches: as numbers for the model, as records for the store."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jobchange import contract
from jobchange.contract import Column, Kind
from jobchange.contract.encoder import Factor, encode_columns
from jobchange.store import scoring_state

if TYPE_CHECKING:
    from pandas import DataFrame

ROW = "_row"
"""The first column: the row's number in the file as dropped."""
_MISSING = ""
_NUMBERS = {Kind.INTEGER: "int64", Kind.NUMBER: "float64"}


@dataclass(frozen=True, eq=False)
class Batch:
    """Some rows of a part: their lines, their numbers in the file as dropped, their candidates, and the encoded
    features."""

    lines: list[bytes]
    rows: NDArray[np.int64]
    enrollee_ids: NDArray[np.int64]
    encoded: NDArray[np.float32]
    _frame: "DataFrame"

    def __len__(self) -> int:
        return len(self.rows)

    def features(self) -> list[dict[str, str | float | None]]:
        """What is stored with each row's prediction: the canonical values, None where missing, of every column of the
        contract but the identifier and the label."""
        names = [column.name for column in contract.STORED]
        columns = [_values(column, self._frame) for column in contract.STORED]
        return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def read(part: bytes) -> Iterator[Batch]:
    """The rows of a part in order, in batches of `scoring_state.BATCH_ROWS`.

    A part is CSV in UTF-8 with a header, the column `_row`, then the contract's columns; all values are canonical.
    Raises ValueError when it isn't.
    """
    import pandas as pd

    dtypes: dict[str, Any] = {ROW: "int64", contract.IDENTIFIER: "int64"}
    for column in contract.STORED:
        # With its levels, as pandas would make numbers of those that look like numbers; and with the empty text for
        # what is missing, so that only a value which is no level gets the code -1.
        dtypes[column.name] = _NUMBERS.get(column.kind) or pd.CategoricalDtype([_MISSING, *column.levels])
    frames = pd.read_csv(
        BytesIO(part),
        usecols=list(dtypes),
        dtype=dtypes,
        na_filter=False,
        chunksize=scoring_state.BATCH_ROWS,
    )
    # Nothing is quoted in a part, so that each of its rows is a line.
    lines = part.split(b"\n")
    for number, frame in enumerate(frames):
        start = 1 + number * scoring_state.BATCH_ROWS
        yield Batch(
            lines=lines[start : start + len(frame)],
            rows=frame[ROW].to_numpy(),
            enrollee_ids=frame[contract.IDENTIFIER].to_numpy(),
            encoded=encode_columns({column.name: _column(column, frame) for column in contract.FEATURES}),
            _frame=frame,
        )


def _column(column: Column, frame: "DataFrame") -> Factor | NDArray[Any]:
    series = frame[column.name]
    if column.numeric:
        return series.to_numpy()
    codes = series.cat.codes.to_numpy()
    if len(codes) and codes.min() < 0:
        raise ValueError(f"{column.name} has a value that the contract doesn't allow")
    return Factor(codes, [_MISSING, *column.levels])


def _values(column: Column, frame: "DataFrame") -> list[Any]:
    found = _column(column, frame)
    if isinstance(found, Factor):
        values = [value or None for value in found.values]
        return [values[code] for code in found.codes]
    return list(found.tolist())
