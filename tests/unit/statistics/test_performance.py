"""Live measures agree with scikit-learn's, and with those of training."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, roc_auc_score

from jobchange.statistics.performance import auc, measure

# Few distinct values, so that there are ties.
pairs = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.5000001, 0.9, 1.0]), st.booleans()), max_size=60)


@given(pairs)
def test_the_measures_are_those_of_scikit_learn(known: list[tuple[float, bool]]) -> None:
    probabilities = np.array([each for each, _ in known], dtype=np.float64)
    changed = np.array([each for _, each in known], dtype=bool)

    found = measure(probabilities, changed)

    assert found.outcomes == len(known) == sum(each.outcomes for each in found.calibration)
    if len(set(changed.tolist())) == 2:
        assert found.auc == pytest.approx(roc_auc_score(changed, probabilities), abs=1e-12)
    else:
        assert found.auc is None
    if known:
        assert found.brier == pytest.approx(brier_score_loss(changed, probabilities, pos_label=True))
        gaps = (each.outcomes * abs(each.observed_rate - each.mean_probability) for each in found.calibration)
        assert found.ece == pytest.approx(sum(gaps) / len(known))
    else:
        assert (found.brier, found.ece) == (None, None)


def test_ties_count_half() -> None:
    assert auc(np.array([0.5, 0.5]), np.array([True, False])) == 0.5
    assert auc(np.array([0.5, 0.4]), np.array([True, False])) == 1


def test_a_probability_of_one_is_in_the_last_bin() -> None:
    (only,) = measure(np.array([1.0]), np.array([True])).calibration

    assert (only.low, only.high, only.mean_probability, only.observed_rate) == (14 / 15, 1, 1, 1)
