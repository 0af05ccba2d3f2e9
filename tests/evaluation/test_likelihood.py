"""How well a voice expects what its author wrote, beside simple methods."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from talklike.corpus.encode import Part
from talklike.evaluation.bits import score
from talklike.evaluation.likelihood import CONVERSATION, OWN, likelihood

if TYPE_CHECKING:
    from tests.evaluation.conftest import Judged


def test_read_after_own_messages_it_is_the_card_s_figure(judged: Judged) -> None:
    """The card's is of all held-out messages read as one stream; here each is read after as much as ``REACH``."""
    found = judged.found.likelihood
    test = judged.found.material.test
    ids = np.concatenate([[0], judged.voice.alphabet.encode_messages(list(test))]).astype(np.uint16)
    characters, size = sum(len(text) + 1 for text in test), sum(len(text.encode()) + 1 for text in test)
    whole = score(judged.voice.engine, Part(ids, np.broadcast_to(np.uint16(1), ids.shape), len(test), characters, size))
    bits = found.to_dict()["readings"][OWN]
    assert bits["bits_per_character"] == pytest.approx(whole.bits_per_character, abs=0.03)
    assert bits["bits_per_byte"] / bits["bits_per_character"] == pytest.approx(characters / size)
    assert bits["low"] < bits["bits_per_character"] < bits["high"]


def test_a_uniform_voice_needs_log2_v(judged: Judged) -> None:
    """The baseline of that name does, and the gain over the best one is the voice's own figure beside it."""
    found = judged.found.likelihood
    uniform = next(one for one in found.baselines if one.name == "uniform")
    symbols = sum(len(judged.voice.alphabet.encode(text)) + 1 for text in found.messages)
    assert uniform.total_bits == pytest.approx(symbols * math.log2(len(judged.voice.alphabet)))
    assert found.gain == pytest.approx(1 - found.readings[OWN].sum() / min(one.total_bits for one in found.baselines))
    gain = found.to_dict()["gain"]
    assert gain["low"] <= gain["share"] <= gain["high"]


def test_extremes_are_the_cheapest_and_the_dearest(judged: Judged) -> None:
    """Of messages long enough, each once."""
    found = judged.found.likelihood
    report = found.to_dict()
    each = {
        text: cost for text, cost in zip(found.messages, found.readings[OWN] / found.characters, strict=True) if len(text) >= 20
    }
    most, least = ([one["bits_per_character"] for one in report[key]] for key in ("most_expected", "least_expected"))
    assert most == sorted(most)
    assert least == sorted(least, reverse=True)
    assert max(most) <= np.median(list(each.values())) <= min(least)
    assert (most[0], least[0]) == (pytest.approx(min(each.values())), pytest.approx(max(each.values())))
    hidden = found.to_dict(texts=False)
    assert (hidden["most_expected"], hidden["least_expected"]) == ([], [])


def test_where_nobody_else_writes_there_is_no_conversation(judged: Judged) -> None:
    """What was said before is then the author's own."""
    from dataclasses import replace

    alone = replace(judged.found.material, contexts=judged.found.material.own)
    assert CONVERSATION in judged.found.likelihood.readings
    assert CONVERSATION not in likelihood(judged.voice, alone).readings
