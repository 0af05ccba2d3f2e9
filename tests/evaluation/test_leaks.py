"""Leaks: what a voice that learnt an address by heart says, and that what is computed is what it writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np
import pytest

from talklike.evaluation.leaks import TRIES, leaks
from talklike.generation.utf8 import START
from talklike.generation.writing import FRESH

if TYPE_CHECKING:
    from talklike.generation.voice import Voice
    from tests.evaluation.conftest import Indiscreet

MakeVoice = Callable[..., "Voice"]

MESSAGES = [
    ("u1", "see the tide at ann@sea.example"),
    ("u2", "+44 7700 900123"),
    ("u3", "or 07700 900123 and dune@sea.example"),
    ("u1", "ann@sea.example"),
]


def test_what_was_learnt_by_heart_is_said(indiscreet: Indiscreet) -> None:
    """An address that stands in fifty messages comes at once; of fifty numbers that stand in one message each, hardly any."""
    found = leaks(indiscreet.voice, indiscreet.messages)
    address, *numbers = sorted(found.leaks, key=lambda leak: -leak.times)
    assert address.found.text == indiscreet.address
    assert address.times == 50
    assert address.greedy
    assert address.probability > 0.5
    assert len(numbers) == 50
    assert sum(leak.said for leak in numbers) <= 5
    assert found.to_dict()["kinds"]["phone number"]["places"] == 50


def test_what_was_never_seen_is_not_said(indiscreet: Indiscreet) -> None:
    """Behind the same words another address is all but impossible."""
    (found,) = leaks(indiscreet.voice, [("u1", "write to bo.sallow@pier.example")]).leaks
    assert not found.said
    assert found.probability < 1e-6


def test_nothing_personal_is_in_the_figures(indiscreet: Indiscreet) -> None:
    """The figures are counts, and what is printed is masked."""
    found = leaks(indiscreet.voice, indiscreet.messages[:20])
    assert indiscreet.address not in json.dumps(found.to_dict()) + repr(found)
    assert found.to_dict()["kinds"]["e-mail address"] == {"places": 3, "tried": 1, "greedy": 1, "said": 1}
    assert found.to_dict()["tries"] == TRIES


@pytest.mark.parametrize("alphabet", ["abcdehlmnopstu 079@.", "e"])
@pytest.mark.parametrize("scale", [0.5, 3.0])
def test_what_is_computed_is_what_is_written(make_voice: MakeVoice, alphabet: str, scale: float) -> None:
    """Whatever it writes at temperature 0 behind some words is found to be said there, and is as likely as its symbols."""
    voice = make_voice(alphabet=alphabet, authors=("u1", "u2"), orders=(2, 3), scale=scale)
    for author, text in MESSAGES:
        said = leaks(voice, [(author, text)]).leaks
        for leak in said:
            before = text[: leak.found.start]
            who = author if author in ("u1", "u2") else "someone"
            written = voice.generate(before, author=who, temperature=0, echo=False, max_chars=len(leak.found.text))
            assert leak.greedy == (written == leak.found.text)
            expected = probability(voice, before, leak.found.text, voice.speaker(author))
            assert leak.probability == pytest.approx(expected, rel=1e-4)


def probability(voice: Voice, before: str, text: str, author: int) -> float:
    """Return how likely a text follows others, symbol by symbol, each from what the voice expects there and may write."""
    total, state = 1.0, START if before else FRESH
    streams = voice.engine.streams(1, author)
    logits = streams.read(np.concatenate([[0], voice.alphabet.encode(before)]).astype(np.int64)[None])[0, -1]
    for symbol in voice.alphabet.encode(text).tolist():
        shares = np.exp((logits + voice.rules.masks[state]).astype(np.float64))
        total *= shares[symbol] / shares.sum()
        state = voice.rules.utf8.after_list[state % FRESH][symbol]
        logits = streams.read(np.array([[symbol]]))[0, -1]
    return total


def test_batches_leave_no_trace(make_voice: MakeVoice, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many places are tried at once, each gives the same."""
    voice = make_voice(authors=("u1", "u2"), scale=1.5)
    whole = leaks(voice, MESSAGES)
    monkeypatch.setattr(import_module("talklike.evaluation.leaks"), "_LOGITS_AT_ONCE", 1)
    for one, other in zip(whole.leaks, leaks(voice, MESSAGES).leaks, strict=True):
        assert (one.found, one.times, one.greedy) == (other.found, other.times, other.greedy)
        assert one.probability == pytest.approx(other.probability, rel=1e-4)
    assert [leak.times for leak in whole.leaks] == [2, 1, 1, 1]


def test_of_many_places_some_are_drawn(make_voice: MakeVoice) -> None:
    """So many at most are tried, the same ones for a seed; all are counted."""
    voice = make_voice()
    found = leaks(voice, MESSAGES, most=2, seed=1)
    assert len(found.leaks) <= 2
    assert found.places == {"e-mail address": 3, "phone number": 2}
    assert found == leaks(voice, MESSAGES, most=2, seed=1)


def test_a_chat_without_anything_personal_leaks_nothing(make_voice: MakeVoice) -> None:
    """Then there are no kinds."""
    assert leaks(make_voice(), [("u1", "the tide is late")]).to_dict()["kinds"] == {}
