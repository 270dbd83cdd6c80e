"""Whom a token belongs to, through the API's handler."""

import pytest

from jobchange.access import tokens
from tests.support.rest import call

pytestmark = pytest.mark.usefixtures("aws")


def test_a_token_says_whose_it_is_and_what_it_may_do() -> None:
    token = tokens.issue("night shift", "operator", "webapp", 1)

    assert call("GET", "/me", token=token).json == {"name": "night shift", "role": "operator", "source": "webapp"}


def test_without_a_token_nobody_learns_anything() -> None:
    assert call("GET", "/me").status == 401
