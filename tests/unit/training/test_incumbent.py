"""The champion is compared on rows that it hasn't seen, however these are spelled and wherever they come from."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from data.generate import generate
from jobchange import contract
from jobchange.registry import folds
from jobchange.statistics.interval import Interval
from jobchange.statistics.intervals import roc_auc_difference
from jobchange.training.dataset import Dataset, read
from jobchange.training.export import export
from jobchange.training.fit import fit
from jobchange.training.incumbent import Incumbent
from tests.support.labelled import dataset_of

HEADER, *ROWS = "".join(generate(300, seed=6)).splitlines()


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return dataset_of([HEADER, *ROWS])


@pytest.fixture(scope="module")
def champion(dataset: Dataset) -> Incumbent:
    """It knows its training rows by heart, and its cross-validation says something else of them."""
    out_of_fold = np.random.default_rng(1).random(len(dataset))
    file = folds.dumps(dataset.fingerprints, out_of_fold, dataset.target == 1)
    onnx = export(fit(dataset.features, dataset.target, seed=1))
    return Incumbent("champion", onnx, folds.loads(file))


def respelled(**spellings: Callable[[str], str]) -> list[list[str]]:
    places = {contract.NAMES.index(name): spell for name, spell in spellings.items()}
    rows = (row.split(",") for row in ROWS)
    return [[places.get(place, str)(cell) for place, cell in enumerate(row)] for row in rows]


def _next_double(index: str) -> str:
    """As 0.827 becomes 0.8270000000000001 where it is computed."""
    return repr(math.nextafter(float(index), 0.5))


SPELLINGS: dict[str, dict[str, Callable[[str], str]]] = {
    "label": {"target": lambda cell: str(int(float(cell)))},
    "hours": {"training_hours": lambda cell: f"{float(cell)}"},
    "index": {"city_development_index": _next_double},
    "padded number": {"enrollee_id": lambda cell: f"00{cell}"},
    "decimal number": {"enrollee_id": lambda cell: f"{cell}.0"},
}
SPELLINGS["all at once"] = {name: spell for each in SPELLINGS.values() for name, spell in each.items()}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_rows_of_a_file_are_known_again_however_they_are_spelled(
    dataset: Dataset, champion: Incumbent, spelling: str
) -> None:
    again = dataset_of([HEADER, *(",".join(row) for row in respelled(**SPELLINGS[spelling]))])

    assert (again.fingerprints == dataset.fingerprints).all()
    ours = champion.probabilities(dataset)
    assert roc_auc_difference(again.target, ours, champion.probabilities(again)) == Interval(0, 0, 0)


def test_reported_outcomes_are_known_again(dataset: Dataset, champion: Incumbent) -> None:
    """As `store.outcomes` gives them: whole numbers without a fraction, None where missing."""
    rows = respelled(**SPELLINGS["label"])
    outcomes = [dict(zip(contract.NAMES, (cell or None for cell in row), strict=True)) for row in rows]

    again = read([], outcomes)

    assert again.outcomes == len(dataset)
    assert (again.fingerprints == dataset.fingerprints).all()
    assert (champion.probabilities(again) == champion.probabilities(dataset)).all()


def test_a_row_that_means_something_else_is_new_to_the_champion(dataset: Dataset, champion: Incumbent) -> None:
    changed = dataset_of([HEADER, *(",".join(row) for row in respelled(target=lambda cell: str(1 - int(float(cell)))))])

    assert not (changed.fingerprints == dataset.fingerprints).any()
    assert (champion.probabilities(changed) != champion.probabilities(dataset)).all()
