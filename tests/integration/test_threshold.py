"""A version's threshold is decided on again: for what comes later, with a reason, and never for what was."""

import pytest

from jobchange import times
from jobchange.contract.candidate import Candidate
from jobchange.errors import BadRequest, Conflict, NotFound
from jobchange.registry import lifecycle, threshold
from jobchange.registry.threshold import CAPACITY, COST, ThresholdRule, threshold_at
from jobchange.scoring import model, online
from jobchange.store import lake, models, predictions
from tests.support.candidates import CANDIDATE

pytestmark = pytest.mark.usefixtures("aws")
NOBODY, EVERYBODY = ThresholdRule(COST, 0.001), ThresholdRule(COST, 1_000)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The time, which each test sets; every process has read what was decided before."""
    now = ["2030-01-01T12:00:00.000Z"]

    def read() -> str:
        threshold._decisions.cache_clear()
        return now[0]

    monkeypatch.setattr(times, "now", read)
    return now


def called(key: str | None = None) -> bool:
    candidate = [Candidate(**CANDIDATE)]
    if key is None:
        (prediction,) = online.predict(candidate, source="api")
    else:
        (prediction,) = online.predict_once(candidate, source="api", client="a", key=key)
    assert predictions.get(prediction.id).will_change == prediction.will_change
    return prediction.will_change


def test_a_decision_holds_for_what_comes_later_only(champion: str, clock: list[str]) -> None:
    lifecycle.change_threshold(champion, EVERYBODY, by="ann", reason="to begin with")
    clock[0] = "2030-01-01T12:01:00.000Z"
    assert called()
    first = called("k")

    lifecycle.change_threshold(champion, NOBODY, by="bob", reason="no time")
    assert called()
    clock[0] = "2030-01-01T12:01:09.999Z"
    assert called()
    clock[0] = "2030-01-01T12:01:10.000Z"
    assert not called()
    # Sent again, a request gets the verdict of its first time.
    assert called("k") == first

    assert threshold_at(champion, "2030-01-01T12:00:30.000Z") == EVERYBODY.threshold([])
    assert [(each["at"], each["by"], each["reason"]) for each in models.get(champion).decisions[1:]] == [
        ("2030-01-01T12:00:10.000Z", "ann", "to begin with"),
        ("2030-01-01T12:01:10.000Z", "bob", "no time"),
    ]
    assert models.get(champion).threshold == NOBODY.threshold([])
    assert threshold.of_champion() == NOBODY


def test_a_capacity_is_measured_on_the_training_population(champion: str) -> None:
    lifecycle.change_threshold(champion, ThresholdRule(CAPACITY, 0.1), by="ann", reason="60 of 600")

    found = models.get(champion).threshold
    assert found is not None
    assert model.load(champion).above(found) == pytest.approx(0.9, abs=0.001)


def test_a_decision_needs_a_reason_and_a_version_that_is_whole(champion: str) -> None:
    with pytest.raises(BadRequest, match="reason"):
        lifecycle.change_threshold(champion, NOBODY, by="ann", reason=" ")
    with pytest.raises(NotFound):
        lifecycle.change_threshold("none", NOBODY, by="ann", reason="why not")
    with pytest.raises(NotFound):
        models.decide("none", models.get(champion).decisions[0])
    lake.put(f"models/{champion}/profile.json", b"{}", content_type="application/json")
    with pytest.raises(Conflict):
        lifecycle.change_threshold(champion, NOBODY, by="ann", reason="why not")
    assert len(models.get(champion).decisions) == 1


def test_a_decision_and_a_promotion_leave_each_other_alone(champion: str) -> None:
    lifecycle.change_threshold(champion, NOBODY, by="ann", reason="no time")

    (promotion,) = models.get(champion).promotions
    assert promotion["by"] == "test"
    assert models.aliases().champion == champion
