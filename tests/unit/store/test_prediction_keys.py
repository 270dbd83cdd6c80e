"""A prediction's id is its key, and nothing else is."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobchange import times
from jobchange.store import prediction_keys
from jobchange.store.prediction_keys import SOURCES, PredictionKey

instants = st.datetimes(timezones=st.just(times.parse("2026-01-01T00:00:00Z").tzinfo)).filter(lambda t: t.year >= 1970)
a_key = st.sampled_from(SOURCES).flatmap(
    lambda source: st.builds(
        PredictionKey,
        source=st.just(source),
        created_at=instants.map(times.text),
        origin=st.binary(min_size=1, max_size=32).map(bytes.hex),
        row=st.integers(0, 2**32 - 1),
    )
)


@given(a_key)
def test_an_id_is_url_safe_and_leads_back_to_its_key(key: PredictionKey) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]+", key.id)
    assert not key.id.startswith("-")
    assert prediction_keys.parse(key.id) == key


@given(a_key, st.integers(0, 2**32 - 1))
def test_read_backwards_the_predictions_of_one_instant_are_in_the_order_of_their_rows(
    key: PredictionKey, row: int
) -> None:
    other = replace(key, row=row)
    assert (key.sort > other.sort) == (key.row < other.row)


@given(a_key, a_key)
def test_sort_keys_are_in_the_order_of_time(one: PredictionKey, other: PredictionKey) -> None:
    if one.created_at != other.created_at:
        assert (one.sort < other.sort) == (one.created_at < other.created_at)


@given(st.one_of(st.text(), st.text("AZaz09-_", max_size=60), st.binary(max_size=40).map(bytes.hex)))
def test_no_other_text_is_an_id(text: str) -> None:
    try:
        key = prediction_keys.parse(text)
    except ValueError:
        return
    assert key.id == text


@given(a_key, st.data())
def test_a_changed_id_is_another_key_or_none(key: PredictionKey, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(key.id) - 1))
    digit = data.draw(st.sampled_from("AZaz09-_=.é"))
    changed = key.id[:place] + digit + key.id[place + 1 :]
    try:
        found = prediction_keys.parse(changed)
    except ValueError:
        return
    assert (found == key) == (changed == key.id)


@pytest.mark.parametrize("text", ["", "-", "3", "../../etc/passwd", "3-5X2BBiix4N-g2S-uG6zzzzzk-" * 2 + "="])
def test_a_text_that_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        prediction_keys.parse(text)
