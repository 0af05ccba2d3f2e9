"""Which messages train, which choose the checkpoint, and which are kept to report on."""

from __future__ import annotations

from dataclasses import dataclass

from talklike.errors import TooLittleTextError

HELD_OUT = 0.1
"""Share of an author's messages, the last by time, that nothing is trained on."""

MIN_MESSAGES = 10
"""Fewest messages that can be split into three parts that still hold something."""


@dataclass(frozen=True)
class Split:
    """Where the three parts begin and end, counted in messages (in characters for running text).

    Attributes:
        train_end: The first ``train_end`` items train.
        validation_end: Those up to here validate; the rest test.
        total: All items.
    """

    train_end: int
    validation_end: int
    total: int


def split(total: int, *, least: int = MIN_MESSAGES, unit: str = "messages") -> Split:
    """Split ``total`` items in time order: the last tenth is held out, its first half validates, its second tests.

    Args:
        total: How many messages, or characters of running text.
        least: Fewest items that can be split.
        unit: What the items are called in the error, in the plural.

    Raises:
        TooLittleTextError: Fewer than ``least`` items.

    >>> split(1000)
    Split(train_end=900, validation_end=950, total=1000)
    """
    if total < least:
        items = unit.removesuffix("s") if total == 1 else unit
        raise TooLittleTextError(
            f"only {total:,} {items} to learn from; at least {least:,} are needed, and a good voice wants 100,000 "
            "characters or more: choose a more active author (talklike explore shows who) or a longer chat"
        )
    held_out = max(2, round(total * HELD_OUT))
    train_end = total - held_out
    return Split(train_end, train_end + held_out // 2, total)
