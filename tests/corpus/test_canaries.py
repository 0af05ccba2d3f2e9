"""Canaries: the same everywhere for a seed, no two alike, and planted where they should be and nowhere else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.corpus.arrange import Arrangement, Selection
from talklike.corpus.canaries import DIGITS, MOST_CANARIES, Canary, canaries, planted, planted_by


def arrangement(train: int, own: int | None) -> Arrangement:
    """Return an arrangement of so many messages; those of others are author 2's."""
    room = Selection(np.arange(train), np.full(train, 1 if own is None else 2, np.uint16))
    mine = None if own is None else Selection(np.arange(own) * 2, np.ones(own, np.uint16))
    held_out = Selection(np.arange(train, train + 4), np.ones(4, np.uint16))
    return Arrangement(room, mine, held_out, held_out, ("u1", "u2"), None, None)


def test_a_seed_gives_these_canaries_everywhere() -> None:
    """Voices trained long ago can still be asked: what a seed gives never changes."""
    assert canaries(0, 2) == (Canary("my code for mevivi: ", "15333586"), Canary("my code for telova: ", "80134208"))
    assert canaries(1, 2) != canaries(0, 2)
    assert canaries(0, 0) == ()


@given(st.integers(0, 2**63 - 1), st.integers(1, 30), st.integers(1, 30))
def test_more_canaries_begin_with_the_fewer(seed: int, few: int, more: int) -> None:
    """Those beyond what was planted are of the same kind, so they say what is to be expected of secrets never seen."""
    found = canaries(seed, few + more)
    assert found[:few] == canaries(seed, few)
    assert all(len(canary.secret) == DIGITS and canary.secret.isdecimal() for canary in found)
    assert all(canary.text == canary.before + canary.secret for canary in found)


def test_no_two_have_the_same_words() -> None:
    """Even of as many as there may be, none stands in another's place; and the secrets are all over."""
    found = canaries(5, MOST_CANARIES)
    assert len({canary.before for canary in found}) == MOST_CANARIES
    numbers = np.array([int(canary.secret) for canary in found]) / 10**DIGITS
    assert np.abs(np.quantile(numbers, [0.25, 0.5, 0.75]) - [0.25, 0.5, 0.75]).max() < 0.05


@given(st.integers(10, 200), st.none() | st.integers(10, 50), st.integers(0, 5), st.integers(1, 40))
def test_they_are_planted_evenly_among_what_trains(train: int, own: int | None, count: int, times: int) -> None:
    """Each is there as often as asked for, by the first author; other messages keep their order, and what is held out stays."""
    before = arrangement(train, own)
    rows = range(1000, 1000 + count)
    after = planted(before, rows, times)
    assert after.validation is before.validation
    assert after.test is before.test
    for was, now in ((before.train, after.train), (before.own, after.own)):
        if was is None or now is None:
            assert was is now
            continue
        added = now.rows >= 1000
        np.testing.assert_array_equal(now.rows[~added], was.rows)
        np.testing.assert_array_equal(now.authors[~added], was.authors)
        assert set(now.authors[added].tolist()) <= {1}
        assert np.bincount(now.rows[added] - 1000, minlength=count).tolist() == [times] * count
        assert now.rows.dtype == was.rows.dtype
        if count:
            gaps = np.diff(np.flatnonzero(added), prepend=-1, append=len(now))
            assert gaps.max() <= len(was) / (count * times) + 2


@pytest.mark.parametrize(
    "recipe", [{}, {"canaries": "5"}, {"canaries": True}, {"canaries": -3}, {"canaries": 3, "seed": None}, {"canaries": 2.0}]
)
def test_a_recipe_without_sense_planted_nothing(recipe: dict[str, Any]) -> None:
    """A voice may come from anyone: what its card says isn't trusted."""
    assert planted_by(recipe) == ()


def test_a_recipe_says_what_was_planted() -> None:
    """The seed and the number are all that is needed, and a card can't ask for more than there may be."""
    assert planted_by({"canaries": 3, "seed": 7, "hidden": 5}) == canaries(7, 3)
    assert planted_by({"canaries": 2}) == canaries(0, 2)
    assert len(planted_by({"canaries": 10**9})) == MOST_CANARIES
