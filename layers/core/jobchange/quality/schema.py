"""The contract as a pandera schema, for validations.

It judges the texts of cells as they are in the file. Each check bears the code of the issue that a failure is, and
calls the contract's reader, so that the rule itself is there once. `judge` shows the values' checks each distinct value
once, which is all that they need to see; the whole schema validates a frame of rows.
"""

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from jobchange import contract
from jobchange.contract import Column, DecimalMark, Issue, read
from jobchange.contract.issues import OF_VALUES


@cache
def schema(mark: DecimalMark = DecimalMark.POINT) -> pa.DataFrameSchema:
    """The whole contract, for files with such a decimal mark.

    `duplicate_id` and `inconsistent` look at rows together; pandera reports the latter under every column.
    """
    columns = {column.name: _column(column, mark) for column in contract.COLUMNS}
    return pa.DataFrameSchema(columns, checks=[_check(Issue.INCONSISTENT, partial(_consistent, mark))])


def judge(column: Column, texts: Sequence[str], mark: DecimalMark) -> list[Issue | None]:
    """For each of some texts of a column the issue that it has by itself, if any."""
    issues: list[Issue | None] = [None] * len(texts)
    series = pd.Series(texts, dtype=object)
    for check in schema(mark).columns[column.name].checks:
        if check.name in OF_VALUES:
            for index in np.flatnonzero(~check(series).check_output.to_numpy(bool)).tolist():
                issues[index] = Issue.of(check.name)
    return issues


def _column(column: Column, mark: DecimalMark) -> pa.Column:
    possible = (Issue.WRONG_TYPE, Issue.OUT_OF_RANGE) if column.numeric else (Issue.UNKNOWN_CATEGORY,)
    if not column.nullable:
        possible = (Issue.MISSING_VALUE, *possible)
    checks = [_check(issue, partial(_free_of, issue, column.name, mark), element_wise=True) for issue in possible]
    if column.name == contract.IDENTIFIER:
        checks.append(_check(Issue.DUPLICATE_ID, lambda texts: ~_repeated(column, mark, texts)))
    return pa.Column(None, checks=checks, required=column.required)


def _check(issue: Issue, test: Callable[[Any], Any], **options: Any) -> pa.Check:
    """A check by the issue's code. Element by element is pandera's fastest way with the few values that `judge` has."""
    return pa.Check(test, name=issue.value, error=issue.value, **options)


def _free_of(issue: Issue, name: str, mark: DecimalMark, text: str) -> bool:
    return read(contract.BY_NAME[name], text, mark).issue is not issue


def _repeated(column: Column, mark: DecimalMark, texts: "pd.Series[str]") -> "pd.Series[bool]":
    numbers = _numbers(column, mark, texts)
    return numbers.notna() & numbers.duplicated()


def _consistent(mark: DecimalMark, frame: "pd.DataFrame") -> "pd.Series[bool]":
    index = _numbers(contract.BY_NAME["city_development_index"], mark, frame["city_development_index"])
    cities = frame["city"].map(lambda text: read(contract.BY_NAME["city"], text, mark).value)
    return ~((index - cities.map(contract.CITIES).astype(float)).abs() > contract.CITY_INDEX_TOLERANCE)


def _numbers(column: Column, mark: DecimalMark, texts: "pd.Series[str]") -> "pd.Series[float]":
    """The texts as numbers, what the column can't hold as NaN."""
    return texts.map(lambda text: read(column, text, mark).value).astype(float)
