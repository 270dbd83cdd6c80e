"""What must hold for any file: no row is lost, good rows keep the contract, and the same bytes give the same result."""

import csv
import io
from collections.abc import Callable

import pandas as pd
import pandera.errors
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jobchange import contract
from jobchange.contract import Column, Issue
from jobchange.documents.csv_lines import unescape
from jobchange.quality.schema import schema
from tests.support.dropped_files import CANDIDATE, HEADER, Dropped, drop, numbers

# As many examples as the profile says; `make soak` takes more of them.
thorough = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

texts = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=12)


def _right(column: Column) -> st.SearchStrategy[str]:
    """Values that the contract accepts, in its own words or in others."""
    if column.levels:
        values = st.sampled_from([*column.levels, *column.repairs])
    elif column.name == contract.IDENTIFIER:
        values = st.integers(1, 12).map(str)  # few, so that many are the same
    elif column.name == "city_development_index":
        values = st.sampled_from(["0.92", "0.9200000001", "0", "1", ".5", "9e-1", "0.624"])
    else:
        low, high = (int(limit) for limit in column.interval)
        values = st.integers(low, high).map(str) | st.integers(low, high).map(lambda value: f"{value}.0")
    missing = st.sampled_from(["", "NaN", "null"]) if column.nullable else st.nothing()
    return st.tuples(st.sampled_from(["", " "]), values | missing).map("".join)


def _wrong() -> st.SearchStrategy[str]:
    return (
        st.sampled_from(["", "0", "-5", "1e9", "99999999999", "=1+1", "7 h", "male", "1.5", "N/A", "'x", "@y"]) | texts
    )


cells = st.fixed_dictionaries({column.name: _right(column) for column in contract.COLUMNS})
changes = st.dictionaries(st.sampled_from(contract.NAMES), _wrong(), max_size=2)
rows = st.builds(lambda right, wrong: list({**right, **wrong}.values()), cells, st.just({}) | changes)


def _plain(values: list[str]) -> str:
    return ",".join(
        f'"{value.replace(chr(34), chr(34) * 2)}"' if set(value) & set(',"\n\r') else value for value in values
    )


damages: st.SearchStrategy[Callable[[list[str]], str]] = st.sampled_from(
    [
        _plain,
        _plain,
        _plain,
        lambda values: _plain([*values, "x"]),
        lambda values: _plain(values[:9]),
        lambda values: "x" + _plain(values[1:]),
        lambda values: _plain([*values[:7], 'several\nlines, "quoted"', *values[8:]]),
        lambda values: _plain([*values[:7], "one\nmore", *values[7:]]),
        lambda values: ",".join(f'"{value.replace(chr(34), chr(34) * 2)}"' for value in values),
        lambda values: ",".join([values[0] or "x", *list(CANDIDATE.values())[1:]]).replace("STEM", '"STEM'),
    ]
)
records = st.builds(lambda values, damage: damage(values), rows, damages).filter(lambda record: record.strip() != "")


@given(st.lists(records, min_size=1, max_size=12), st.sampled_from(["\n", "\r\n"]), st.integers(1, 400))
@thorough
def test_every_row_is_good_or_bad_and_nothing_else_matters(raw: list[str], newline: str, chunk_bytes: int) -> None:
    text = "".join(record + newline for record in [HEADER, *raw])
    data = text.encode()

    dropped = drop(data)

    _conserves(dropped, [line.removesuffix("\r") for line in text.split("\n")[1:-1]])
    _keeps_the_contract(dropped)
    assert drop(data).outputs == dropped.outputs
    assert drop(data, chunk_bytes=chunk_bytes).outputs == dropped.outputs
    assert b"".join(part.split(b"\n", 1)[1] for part in drop(data, part_rows=2).parts) == b"".join(
        part.split(b"\n", 1)[1] for part in dropped.parts
    )


def test_an_unclosed_mark_does_not_take_the_next_row_along_though_that_has_a_quoted_separator() -> None:
    values = list(CANDIDATE.values())
    unclosed = _plain(values).replace("STEM", '"STEM')
    raw = [_plain(values), unclosed, _plain([",0", *values[1:]])]

    _conserves(drop("\n".join([HEADER, *raw, ""]).encode()), raw)


@given(st.binary(max_size=300) | st.text(',"\r\n;a1\0é').map(str.encode), st.integers(1, 50))
@thorough
@example(b'"\n' * 200, 1)
@example(b"\n\n1,\r\r\n\r", 1)
def test_no_text_makes_it_raise_or_lose_a_row(noise: bytes, chunk_bytes: int) -> None:
    data = HEADER.encode() + b"\n" + noise + b"\n" + ",".join(CANDIDATE.values()).encode()

    dropped = drop(data, chunk_bytes=chunk_bytes)

    found = dropped.findings
    if found.fatal is None:
        assert found.total == found.good + found.bad
        assert sorted(numbers(dropped.good_rows) + numbers(dropped.bad_rows)) == list(range(1, found.total + 1))
    assert drop(data).findings == found
    assert drop(noise, chunk_bytes=chunk_bytes).findings.fatal is not None


@given(st.lists(rows, min_size=1, max_size=10))
@settings(thorough, max_examples=settings().max_examples // 2)
def test_pandera_finds_the_same(raw: list[list[str]]) -> None:
    data = io.StringIO()
    csv.writer(data, lineterminator="\n").writerows([contract.NAMES, *raw])

    dropped = drop(data.getvalue().encode())

    found = {
        (finding.type, finding.column, example.row)
        for finding in dropped.findings.findings
        for example in finding.examples
        if finding.type is not Issue.REPAIRED_VALUE
    }
    assert found == _failures(pd.DataFrame(raw, columns=list(contract.NAMES), dtype=object))


def _failures(frame: pd.DataFrame) -> set[tuple[Issue, str | None, int]]:
    """What pandera says is wrong with which row."""
    try:
        schema().validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        failures = set()
        for case in errors.failure_cases.to_dict("records"):
            issue = Issue.of(case["check"])
            column = "city_development_index" if issue is Issue.INCONSISTENT else case["column"]
            failures.add((issue, column, int(case["index"]) + 1))
        return failures
    return set()


def _conserves(dropped: Dropped, raw: list[str]) -> None:
    found = dropped.findings
    assert (found.total, found.good + found.bad) == (len(raw), len(raw))
    assert (len(dropped.good_rows), len(dropped.bad_rows)) == (found.good, found.bad)
    assert sorted(numbers(dropped.good_rows) + numbers(dropped.bad_rows)) == list(range(1, len(raw) + 1))
    for each in dropped.bad_rows:
        assert unescape(each["_raw"]) == raw[int(each["_row"]) - 1]


def _keeps_the_contract(dropped: Dropped) -> None:
    good = [{name: each[name] for name in contract.NAMES} for each in dropped.good_rows]
    failures = _failures(pd.DataFrame(good, columns=list(contract.NAMES), dtype=object))
    assert {issue for issue, _, _ in failures} <= {Issue.INCONSISTENT}
    for each in dropped.good_rows:
        assert all(contract.read(contract.BY_NAME[name], each[name]).text == each[name] for name in contract.NAMES)


@pytest.mark.parametrize("column", contract.COLUMNS, ids=lambda column: column.name)
def test_every_level_and_repair_of_the_contract_is_accepted(column: Column) -> None:
    for value in [*column.levels, *column.repairs]:
        line = ",".join({**CANDIDATE, column.name: value}.values())
        dropped = drop(f"{HEADER}\n{line}\n".encode())
        assert dropped.good_rows[0][column.name] == column.repairs.get(value, value)
