"""The contract as a pandera schema, which decides what a value may be.

It judges text as `contract.clean` leaves it, missing values as None. Each check bears the code of the issue that a
failure is. `judge` shows the values' checks each distinct value once, which is all that they need to see; the whole
schema validates a frame of rows.
"""

import math
import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import compress
from typing import Any

import pandas as pd
import pandera.pandas as pa

from jobchange import contract
from jobchange.contract import Column, Issue, Kind

MAX_DIGITS = 40
"""Characters of a number: the longest double has 24."""

_INTEGER = re.compile(rf"(?=.{{1,{MAX_DIGITS}}}$)[+-]?[0-9]+(?:\.0*)?")
_NUMBER = re.compile(rf"(?=.{{1,{MAX_DIGITS}}}$)[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?")

_VALUE_ISSUES = (Issue.WRONG_TYPE, Issue.OUT_OF_RANGE, Issue.UNKNOWN_CATEGORY)
"""What a value can be wrong in by itself; of several, the first counts."""


@cache
def schema() -> pa.DataFrameSchema:
    """The whole contract. A missing value is pandera's own `not_nullable`.

    `duplicate_id` and `inconsistent` look at rows together; pandera reports the latter under every column.
    """
    columns = {column.name: _column(column) for column in contract.COLUMNS}
    return pa.DataFrameSchema(columns, checks=[_check(Issue.INCONSISTENT, _consistent)])


def judge(column: Column, values: Sequence[str | None]) -> list[Issue | None]:
    """For each of some cleaned values of a column the issue that it has by itself, if any."""
    missing = None if column.nullable else Issue.MISSING_VALUE
    issues = [missing if value is None else None for value in values]
    present = [index for index, value in enumerate(values) if value is not None]
    if present:
        series = pd.Series([values[index] for index in present], dtype=object)
        for check in schema().columns[column.name].checks:
            if check.name in _VALUE_ISSUES:
                passed = check(series).check_output
                for index in compress(present, ~passed.to_numpy(bool)):
                    issues[index] = issues[index] or Issue.of(check.name)
    return issues


def number(column: Column, text: str | None) -> float:
    """The number that a cleaned value of a numeric column is, NaN if it isn't one of the right kind."""
    pattern = _INTEGER if column.kind is Kind.INTEGER else _NUMBER
    return float(text) if isinstance(text, str) and pattern.fullmatch(text) else math.nan


def _column(column: Column) -> pa.Column:
    levels = frozenset(column.levels)
    if column.numeric:
        checks = [
            _check(Issue.WRONG_TYPE, lambda value: not math.isnan(number(column, value)), element_wise=True),
            _check(Issue.OUT_OF_RANGE, lambda value: not _outside(column, value), element_wise=True),
        ]
    else:
        checks = [_check(Issue.UNKNOWN_CATEGORY, lambda value: value in levels, element_wise=True)]
    if column.name == contract.IDENTIFIER:
        checks.append(_check(Issue.DUPLICATE_ID, lambda values: ~_repeated(column, values)))
    return pa.Column(None, checks=checks, nullable=column.nullable, required=column.required)


def _check(issue: Issue, test: Callable[[Any], Any], **options: Any) -> pa.Check:
    """A check by the issue's code. Element by element is pandera's fastest way with the few values that `judge` has."""
    return pa.Check(test, name=issue.value, error=issue.value, **options)


def _outside(column: Column, value: str | None) -> bool:
    minimum, maximum = column.interval
    return number(column, value) < minimum or number(column, value) > maximum


def _repeated(column: Column, values: "pd.Series[str]") -> "pd.Series[bool]":
    numbers = _valid_numbers(column, values)
    return numbers.notna() & numbers.duplicated()


def _consistent(frame: "pd.DataFrame") -> "pd.Series[bool]":
    index = _valid_numbers(contract.BY_NAME["city_development_index"], frame["city_development_index"])
    known = frame["city"].map(contract.CITIES).astype(float)
    return ~((index - known).abs() > contract.CITY_INDEX_TOLERANCE)


def _valid_numbers(column: Column, values: "pd.Series[str]") -> "pd.Series[float]":
    """The values as numbers, those that aren't numbers in the column's range as NaN."""
    numbers = values.map(lambda value: number(column, value)).astype(float)
    return numbers.where(numbers.between(*column.interval))
