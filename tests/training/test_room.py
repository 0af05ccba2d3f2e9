"""Whether the room helps: it does where others write alike, and doesn't where they write something else."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from talklike.corpus.corpus import build_corpus
from talklike.training.room import LEAST_GAIN, room_gain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from talklike.chat.table import Chat

WORDS = ["tide", "rope", "crab", "gull", "mast", "pier", "salt", "sail", "knot", "fog", "net", "reef", "anchor", "harbour"]


@pytest.mark.parametrize(("alike", "helps"), [(True, True), (False, False)])
def test_others_help_if_they_write_alike(make_chat: Callable[..., Chat], tmp_path: Path, alike: bool, helps: bool) -> None:
    """Others' messages of the same words make the author's cheaper; messages of other letters don't."""
    choose = random.Random(0)
    texts, authors = [], []
    for n in range(1200):
        own = n % 12 == 0
        word = choose.choice(WORDS)
        texts.append(" ".join([word, choose.choice(WORDS)]) if own or alike else "".join(choose.choices("0123456789", k=12)))
        authors.append("me" if own else "other")
    made = make_chat(texts)
    chat = replace(made, frame=made.frame.with_columns(author=pl.Series(authors)))
    gain = room_gain(build_corpus(chat, "me", tmp_path, room=2))
    assert (gain > LEAST_GAIN) == helps
