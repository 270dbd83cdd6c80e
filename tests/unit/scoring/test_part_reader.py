"""A part of good rows is read in batches, without a row, a digit or a level changed."""

import csv
import io
from itertools import pairwise

import numpy as np
import pytest

from data.generate import generate
from jobchange import contract
from jobchange.contract.encoder import encode
from jobchange.scoring.part_reader import read
from jobchange.store import scoring_state

STORED = [name for name in contract.NAMES if name not in (contract.IDENTIFIER, contract.LABEL)]


def a_part(rows: int, names: tuple[str, ...] = contract.NAMES) -> bytes:
    header, *lines = "".join(generate(rows, 11, names)).splitlines()
    return "\n".join(
        [f"_row,{header}", *(f"{2 * number + 5},{line}" for number, line in enumerate(lines)), ""]
    ).encode()


def test_every_row_comes_once_in_order_with_its_number_and_values() -> None:
    body = a_part(2 * scoring_state.BATCH_ROWS + 1)
    expected = list(csv.DictReader(io.StringIO(body.decode())))

    batches = list(read(body))

    assert [len(batch) for batch in batches] == [scoring_state.BATCH_ROWS, scoring_state.BATCH_ROWS, 1]
    assert np.concatenate([batch.rows for batch in batches]).tolist() == [int(row["_row"]) for row in expected]
    ids = np.concatenate([batch.enrollee_ids for batch in batches]).tolist()
    assert ids == [int(row["enrollee_id"]) for row in expected]
    features = [each for batch in batches for each in batch.features()]
    assert features == [
        {
            **{name: row[name] or None for name in STORED},
            "city_development_index": float(row["city_development_index"]),
            "training_hours": int(row["training_hours"]),
        }
        for row in expected
    ]
    assert all(type(each["training_hours"]) is int for each in features)
    np.testing.assert_array_equal(np.concatenate([batch.encoded for batch in batches]), encode(expected))


def test_a_part_needs_no_label() -> None:
    names = tuple(name for name in contract.NAMES if name != contract.LABEL)

    (batch,) = read(a_part(10, names))

    assert contract.LABEL not in batch.features()[0]


def test_a_number_keeps_its_last_digit() -> None:
    first, second, *_ = a_part(1).decode().split("\n")
    exact = "0.7759999999999999"
    index = first.split(",").index("city_development_index")
    cells = [exact if position == index else cell for position, cell in enumerate(second.split(","))]

    (batch,) = read("\n".join([first, ",".join(cells)]).encode())

    assert batch.features()[0]["city_development_index"] == float(exact)


@pytest.mark.filterwarnings("ignore:Constructing a Categorical")
@pytest.mark.parametrize(
    ("column", "value"), [("experience", "21"), ("training_hours", "many"), ("training_hours", ""), ("enrollee_id", "")]
)
def test_what_validation_would_have_refused_is_never_scored(column: str, value: str) -> None:
    first, second, *_ = a_part(1).decode().split("\n")
    index = first.split(",").index(column)
    cells = [value if position == index else cell for position, cell in enumerate(second.split(","))]

    with pytest.raises(ValueError, match=rf"{column}|invalid|convert"):
        list(read("\n".join([first, ",".join(cells)]).encode()))


def test_a_part_without_a_column_is_refused() -> None:
    with pytest.raises(ValueError, match="city"):
        list(read(b"_row,enrollee_id\n1,2\n"))


def test_batches_are_read_one_at_a_time() -> None:
    batches = read(a_part(3 * scoring_state.BATCH_ROWS))

    assert all(one.rows[-1] < other.rows[0] for one, other in pairwise(batches))
