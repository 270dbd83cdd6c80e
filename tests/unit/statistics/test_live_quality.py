"""The AUC that scores imply: that of many drawn outcomes; and a bound that holds however often one looks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobchange.statistics.calibration import calibration_error
from jobchange.statistics.chance import mean_calibration_chance
from jobchange.statistics.concordance import expected_auc
from jobchange.statistics.isotonic import calibration_map
from jobchange.statistics.performance import auc
from jobchange.statistics.sequential import FALSE_ALARMS, shortfall_by_chance
from tests.simulations.live_quality import Candidates, Known, simulate

candidates = st.lists(st.tuples(st.integers(0, 5), st.floats(0.01, 0.99)), min_size=2, max_size=12)


@given(candidates)
def test_it_is_the_expected_concordance_over_all_pairs(drawn: list[tuple[int, float]]) -> None:
    scores, probabilities = (np.array(each, dtype=float) for each in zip(*drawn, strict=True))
    pairs = concordant = 0.0
    for i, p in enumerate(probabilities):
        for j, q in enumerate(probabilities):
            if i != j:
                pairs += p * (1 - q)
                concordant += p * (1 - q) * (0.5 if scores[i] == scores[j] else float(scores[i] > scores[j]))

    found = expected_auc(scores, probabilities)

    assert found is not None
    assert found.auc == pytest.approx(concordant / pairs)


def test_measured_aucs_spread_about_it_as_it_says() -> None:
    random = np.random.default_rng(1)
    for scores in (random.beta(1, 3, 800), random.uniform(0.4, 0.6, 800)):
        measured = [auc(scores, random.random(800) < scores) or 0 for _ in range(400)]
        found = expected_auc(scores, scores)
        assert found is not None
        assert np.mean(measured) == pytest.approx(found.auc, abs=0.004)
        assert np.std(measured) == pytest.approx(found.deviation, rel=0.12)


@pytest.mark.parametrize("probabilities", [[0.0, 0.0], [1.0, 1.0], [0.4]])
def test_without_a_chance_of_both_outcomes_there_is_none(probabilities: list[float]) -> None:
    values = np.array(probabilities)
    assert expected_auc(values, values) is None


def test_looking_all_the_time_costs_half_as_much_again_as_looking_once() -> None:
    widths = {outcomes: shortfall_by_chance(1.0, outcomes) for outcomes in (100, 300, 1_000, 3_000, 10_000)}

    assert min(widths.values()) == widths[1_000] == pytest.approx(3.36, abs=0.01)
    assert max(widths.values()) < 4.1


def test_a_random_walk_crosses_the_bound_no_more_often_than_promised() -> None:
    """Means of outcomes without any effect, looked at after every thirtieth one up to 6,000."""
    random = np.random.default_rng(2)
    looks = np.arange(30, 6_001, 30)
    sums = random.normal(0, np.sqrt(30), (3_000, len(looks))).cumsum(axis=1) / looks
    bound = np.array([shortfall_by_chance(look**-0.5, look) for look in looks.tolist()])

    crossed = (sums < -bound).any(axis=1).mean()

    assert 0.001 < crossed < FALSE_ALARMS


def unseen(seed: int) -> Candidates:
    """Candidates of a model whose scores are too bold, and whose map was learned from as many others."""
    random = np.random.default_rng(seed)
    training, scores = (np.concatenate([random.beta(2, 8, 9_000), random.beta(6, 5, 6_000)]) for _ in range(2))
    true = 0.05 + 0.6 * training, 0.05 + 0.6 * scores
    labels, changed = (random.random(15_000) < each for each in true)
    return Candidates(scores, changed, 0.4, calibration_map(training, labels.astype(np.int8)))


@pytest.mark.large
@pytest.mark.parametrize("known", Known)
def test_a_good_model_hardly_ever_alerts(known: Known) -> None:
    """A small version of the simulation in `make soak`."""
    assert simulate(unseen(1), known, trials=20, step=300, seed=1).ever == 0


def test_a_bad_model_soon_does() -> None:
    found = simulate(unseen(1), Known.ALL, spoiled=0.5, trials=20, step=300, seed=2)

    assert found.ever == found.trials
    assert found.median_outcomes is not None
    assert found.median_outcomes <= 1_500
    assert found.drop > 0.05


def test_perfect_probabilities_have_the_calibration_error_of_chance() -> None:
    random = np.random.default_rng(4)
    scores = random.beta(1, 3, 300)
    found = [calibration_error((random.random(300) < scores).astype(np.int8), scores) for _ in range(200)]

    assert np.mean(found) == pytest.approx(mean_calibration_chance(scores), rel=0.05)
