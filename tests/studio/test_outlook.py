"""Tests of what a time to train will mean."""

from __future__ import annotations

import pytest

from talklike.errors import OptionError
from talklike.studio.outlook import LOOKS, Outlook, outlook


def middle(expected: Outlook) -> float:
    """Return the middle of what is expected."""
    return (expected.low + expected.high) / 2


@pytest.mark.parametrize(
    ("own", "room", "budget", "measured"),
    [
        (1_805_234, 0, "90s", 1.928), (359_619, 0, "90s", 2.055), (568_302, 0, "90s", 2.122), (65_393, 0, "90s", 2.784),
        (1_805_234, 18_600_000, "90s", 1.888), (359_619, 19_400_000, "90s", 1.879), (23_384, 6_857_000, "90s", 2.229),
        (900_000, 0, "30s", 2.025), (900_000, 0, "4m", 1.914),
    ],
)  # fmt: skip
def test_what_was_measured_was_to_be_expected(own: int, room: int, budget: str, measured: float) -> None:
    """The benchmarks' figures lie within what is expected, or near it."""
    expected = outlook(budget, None, {}, own, room)
    assert expected.low - 0.1 <= measured <= expected.high + 0.1


def test_more_helps() -> None:
    """More text, more time, a faster machine and a room behind an author: each makes it better, or no worse."""
    base = outlook("1m", None, {}, 300_000, 0)
    assert middle(outlook("1m", None, {}, 1_000_000, 0)) < middle(base)
    assert middle(outlook("5m", None, {}, 300_000, 0)) < middle(base)
    assert middle(outlook("1m", None, {}, 300_000, 0, speed=3.0)) <= middle(base)
    assert middle(outlook("5m", None, {}, 40_000, 10_000_000)) < middle(outlook("5m", None, {}, 40_000, 0))
    assert base.low < base.high


def test_little_text_needs_little_time() -> None:
    """A small text is learnt long before an hour is over."""
    expected = outlook("1h", None, {}, 30_000, 0)
    assert expected.asked == 3600
    assert expected.seconds < 600
    assert expected.rounds > 4


def test_what_is_fixed_is_kept() -> None:
    """A size that was asked for is the network's, and decides the size of the file; rounds take the place of a time."""
    small, large = (outlook("1m", None, {"hidden": hidden}, 300_000, 0) for hidden in (64, 1024))
    assert (small.recipe.hidden, large.recipe.hidden) == (64, 1024)
    assert small.megabytes < large.megabytes
    by_rounds = outlook(None, 3.0, {}, 300_000, 0)
    assert by_rounds.asked is None
    assert by_rounds.rounds == pytest.approx(3.0, rel=0.05)


def test_nonsense_is_told() -> None:
    """As the command line tells it."""
    with pytest.raises(OptionError, match="must be a duration"):
        outlook("soon", None, {}, 1000, 0)
    with pytest.raises(OptionError, match="dropout is 7"):
        outlook("1m", None, {"dropout": 7}, 1000, 0)


def test_everything_looks_like_something() -> None:
    """There are words for every number of bits, even for no text at all."""
    assert outlook("1m", None, {}, 0, 0).words == LOOKS[0][1]
    assert outlook("1h", None, {}, 9_000_000, 0).words in [text for _, text in LOOKS[-2:]]
