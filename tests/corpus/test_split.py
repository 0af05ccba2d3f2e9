"""How a corpus is split."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.corpus.split import MIN_MESSAGES, Split, split
from talklike.errors import TooLittleTextError


@given(st.integers(MIN_MESSAGES, 10**9))
def test_the_last_tenth_is_held_out(total: int) -> None:
    """Nine tenths train, the rest is halved; no part is empty and none overlaps."""
    cut = split(total)
    held_out = total - cut.train_end
    assert abs(held_out - total / 10) <= 1
    assert 0 < cut.train_end < cut.validation_end < cut.total == total
    validation, test = cut.validation_end - cut.train_end, cut.total - cut.validation_end
    assert 0 <= test - validation <= 1


def test_known_splits() -> None:
    """Ten messages are the fewest; 1,000 give 900, 50 and 50."""
    assert split(10) == Split(8, 9, 10)
    assert split(1000) == Split(900, 950, 1000)


@pytest.mark.parametrize(("total", "items"), [(0, "messages"), (1, "message"), (9, "messages")])
def test_too_few_items_say_how_many_are_needed(total: int, items: str) -> None:
    """The error says what there is, what is needed, and what to try."""
    with pytest.raises(TooLittleTextError, match=f"only {total} {items} .*at least 10 .*more active author"):
        split(total)


def test_the_unit_of_the_error_is_that_of_the_text() -> None:
    """Running text is counted in characters."""
    with pytest.raises(TooLittleTextError, match=r"only 4,999 characters .*at least 5,000"):
        split(4999, least=5000, unit="characters")
