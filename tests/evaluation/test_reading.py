"""How likely a voice finds messages: against reading them one by one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from talklike.evaluation.bits import surprisal
from talklike.evaluation.reading import by_character, costs
from talklike.generation.request import Turn
from talklike.generation.voice import Voice

MakeVoice = Callable[..., Voice]
TEXTS = ["tea", "", "a longer one: état 😀 with ünknown chars", "no", "rain on the harbour and on the land"]


def alone(voice: Voice, turns: list[Turn], text: str, author: int) -> np.ndarray:
    """Return what each symbol of a message costs, read by itself in one call from a fresh state."""
    symbols, authors = [0], [0]
    for turn in [*turns, Turn(author, text)]:
        ids = [*voice.alphabet.encode(turn.text).tolist(), 0]
        symbols += ids
        authors += [turn.author] * len(ids)
    read = np.array([symbols[:-1]], np.int64)
    logits = voice.engine.streams(1, author).read(read, np.array([authors[1:]], np.int64))
    own = len(voice.alphabet.encode(text)) + 1
    return np.asarray(surprisal(logits, np.array([symbols[1:]]))[0, -own:])


@pytest.mark.parametrize("author", [1, 2])
def test_costs_are_those_of_reading_one_by_one(make_voice: MakeVoice, author: int) -> None:
    """Whatever is read beside them, and with what was said before."""
    voice = make_voice(authors=("u1", "u2"), orders=(2, 3))
    before = [[Turn(1, "on the sea")] * number for number in range(len(TEXTS))]
    for contexts in (None, before):
        found = costs(voice, TEXTS, author, contexts)
        for number, text in enumerate(TEXTS):
            turns = contexts[number] if contexts else []
            np.testing.assert_allclose(found[number], alone(voice, turns, text, author), atol=1e-4)


def test_whoever_hears_gets_each_target_once(make_voice: MakeVoice) -> None:
    """What is told adds up to the costs, and the messages read to all of them."""
    voice = make_voice()
    heard = []
    read: list[int] = []
    found = costs(
        voice, TEXTS, 1, heard=lambda logits, targets, counted: heard.append(surprisal(logits, targets)[counted].sum()),
        read=read.append,
    )  # fmt: skip
    assert sum(heard) == pytest.approx(sum(one.sum() for one in found))
    assert read[-1] == len(TEXTS)


def test_a_running_text_has_no_ends(make_voice: MakeVoice) -> None:
    """Its passages cost what their symbols cost."""
    voice = make_voice(kind="stream")
    found = costs(voice, ["the sea"], 1, [[Turn(1, "in the ")]])[0]
    whole = costs(voice, ["in the the sea"], 1)[0]
    np.testing.assert_allclose(found, whole[-7:], atol=1e-4)


def test_characters_outside_the_alphabet_are_as_likely_as_their_bytes_together(make_voice: MakeVoice) -> None:
    """Each character has one probability."""
    voice = make_voice()
    text = "aüb"
    nats = costs(voice, [text], 1)[0]
    found = by_character(voice, text, nats)
    bytes_of_u, bytes_of_b = (len(voice.alphabet.encode(character)) for character in "üb")
    expected = [nats[0], nats[1 : 1 + bytes_of_u].sum(), nats[1 + bytes_of_u : 1 + bytes_of_u + bytes_of_b].sum()]
    np.testing.assert_allclose(found, np.exp(-np.array(expected)))
    assert by_character(voice, "", nats).shape == (0,)
