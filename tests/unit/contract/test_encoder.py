"""Candidates become the numbers that the contract's order of levels says, by record and by column alike."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobchange import contract
from jobchange.contract import Column
from jobchange.contract.encoder import FEATURES, HASH, Factor, encode, encode_columns


def values(column: Column) -> st.SearchStrategy[object]:
    """Any canonical value of a column, or a missing one."""
    if not column.numeric:
        return st.sampled_from([None, "", *column.levels])
    assert column.minimum is not None
    assert column.maximum is not None
    numbers = st.floats(column.minimum, column.maximum) | st.integers(math.ceil(column.minimum), int(column.maximum))
    return st.none() | numbers | numbers.map(str)


candidates = st.lists(st.fixed_dictionaries({column.name: values(column) for column in contract.FEATURES}), min_size=1)


@given(candidates)
def test_records_and_columns_are_encoded_alike(rows: list[dict[str, object]]) -> None:
    columns = {name: [row[name] for row in rows] for name in FEATURES}
    factors = {
        column.name: columns[column.name] if column.numeric else factor([row[column.name] for row in rows])
        for column in contract.FEATURES
    }

    encoded = encode(rows)

    assert encoded.shape == (len(rows), len(FEATURES))
    assert encoded.dtype == np.float32
    np.testing.assert_array_equal(encoded, encode_columns(columns))
    np.testing.assert_array_equal(encoded, encode_columns(factors))


def factor(cells: list[object]) -> Factor:
    levels = sorted({str(cell) for cell in cells if cell})
    return Factor(np.array([levels.index(str(cell)) if cell else -1 for cell in cells], dtype=np.int8), levels)


def test_the_order_of_ordinal_levels_is_kept() -> None:
    for column in contract.FEATURES:
        encoded = encode([{column.name: level} for level in column.levels])

        assert encoded[:, FEATURES.index(column.name)].tolist() == list(range(len(column.levels)))


def test_what_is_missing_becomes_nan_and_what_is_no_feature_is_ignored() -> None:
    assert np.isnan(encode([{"city": "city_103", "gender": "Male", "experience": None}])).all()


def test_arrays_of_numbers_are_taken_as_they_are() -> None:
    columns = {column.name: np.array([1.0]) if column.numeric else [None] for column in contract.FEATURES}

    assert np.nansum(encode_columns(columns)) == sum(column.numeric for column in contract.FEATURES)


@pytest.mark.parametrize("name", FEATURES)
def test_a_value_outside_the_contract_is_refused_without_being_reported(name: str) -> None:
    columns: dict[str, list[str | None]] = {feature: [None] for feature in FEATURES}

    with pytest.raises(ValueError, match=name) as by_record:
        encode([{name: "s3cret"}])
    with pytest.raises(ValueError, match=name) as by_column:
        encode_columns({**columns, name: ["s3cret"]})

    assert "s3cret" not in str(by_record.value) + str(by_column.value)


def test_a_missing_column_is_an_error() -> None:
    with pytest.raises(KeyError):
        encode_columns({FEATURES[0]: [0.5]})


def test_no_candidates_are_an_empty_matrix() -> None:
    assert encode([]).shape == (0, len(FEATURES))


def test_the_hash_is_the_contracts_fingerprint() -> None:
    assert contract.fingerprint() == HASH
