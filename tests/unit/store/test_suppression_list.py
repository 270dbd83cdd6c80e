"""Who was erased is known by a keyed hash alone."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from jobchange.store.suppression_list import Suppressed


def listed(*ids: int, salt: bytes = b"salt") -> Suppressed:
    empty = Suppressed(salt)
    return Suppressed(salt, len(ids), {empty.hash(each): 1 for each in ids}, frozenset(map(empty.bucket, ids)))


identifiers = st.integers(1, 2**31 - 1)


@settings(deadline=None, max_examples=60)
@given(st.sets(identifiers, max_size=5), st.lists(identifiers, max_size=20))
def test_exactly_those_who_are_listed_are_found_one_by_one_and_all_at_once(erased: set[int], others: list[int]) -> None:
    suppressed = listed(*erased)
    asked = [*others, *erased]

    assert [each in suppressed for each in asked] == [each in erased for each in asked]
    assert suppressed.among(np.array(asked, np.int64)).tolist() == [each in erased for each in asked]


def test_a_hash_says_nothing_without_the_salt() -> None:
    assert listed(7, salt=b"one").since.keys().isdisjoint(listed(7, salt=b"two").since)


def test_an_empty_list_holds_nobody() -> None:
    assert 7 not in Suppressed()
    assert not Suppressed()
    assert not Suppressed().among(np.array([7], np.int64)).any()
