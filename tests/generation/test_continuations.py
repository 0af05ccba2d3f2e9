"""Tests of how a text is likeliest to go on, against probabilities computed symbol by symbol through the voice's own graph."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from talklike.corpus.alphabet import END, FIRST_BYTE, FIRST_CHARACTER
from talklike.errors import AuthorNotFoundError, OptionError
from talklike.generation import continuations as module
from talklike.generation.voice import Voice
from talklike.generation.words import breaks, part
from talklike.voice.weights import packed
from talklike.voice.write import voice_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    MakeVoice = Callable[..., Voice]

LETTERS = "etao'. \n漢"


@pytest.fixture
def make_likely(make_card: Callable[..., Any], make_weights: Callable[..., Any]) -> MakeVoice:
    """Return a function that makes a voice of a small alphabet to which bytes are unlikely, but for those that are asked for."""

    def make(likely: dict[int, float] | None = None, *, scale: float = 1.0, seed: int = 1, **values: Any) -> Voice:
        card = make_card(**{"alphabet": LETTERS, "hidden": 9} | values)
        weights = make_weights(card.sizes, seed=seed, scale=scale)
        weights["output.weight"][:, FIRST_BYTE:FIRST_CHARACTER] = 0
        weights["output.bias"][FIRST_BYTE:FIRST_CHARACTER] = -60
        for symbol, bias in (likely or {}).items():
            weights["output.bias"][symbol] = bias
        return Voice.from_bytes(voice_bytes(card, packed(weights, card.precision)), threads=1)

    return make


def distributions(voice: Voice, symbols: Sequence[int], author: int = 1) -> np.ndarray:
    """Return what the voice expects after each symbol of a message, (T, V): one call of the file's graph, and a softmax."""
    ids = np.array([[END, *symbols]], np.int64)
    logits = voice.engine.streams(1, author).read(ids)[0].astype(np.float64)
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(exp / exp.sum(axis=1, keepdims=True))


def probability(voice: Voice, before: str, text: str, *, ends: bool, longest: int = 32, author: int = 1) -> float:
    """Return how likely a continuation is, by its definition: a product of steps, times the sum of what ends the word."""
    first, added = voice.alphabet.encode(before).tolist(), voice.alphabet.encode(text).tolist()
    steps = distributions(voice, [*first, *added], author)
    product = math.prod(steps[len(first) + n, symbol] for n, symbol in enumerate(added))
    if ends:
        return float(product * steps[-1, END])
    if len(text) >= longest or text[-1] == "漢":
        return float(product)
    running = voice.card.kind != "messages"
    last = text[-1] if text[-1] in voice.alphabet.characters else "e"  # what is spelt in bytes counts as a part of a word
    after = [FIRST_CHARACTER + n for n, c in enumerate(voice.alphabet.characters) if breaks(last, c)]
    return float(product * steps[-1, after + ([] if running else [END])].sum())


@pytest.mark.parametrize("orders", [(), (2, 3)])
@pytest.mark.parametrize("before", ["", "e", "to ea", "a. ", "eat\n", "日本 a", "é"])
def test_probabilities_are_products_and_sums_of_steps(make_likely: MakeVoice, before: str, orders: tuple[int, ...]) -> None:
    """Each is what the voice itself gives to the symbols of the text and to the end of the word; the likeliest comes first."""
    voice = make_likely(orders=orders, authors=("u1", "u2"))
    for author in (0, 1, 2):
        found = voice.continuations(before, 12, author=["someone", "u1", "u2"][author])
        assert len(found) == 12
        assert len({(one.text, one.ends) for one in found}) == 12
        assert [one.probability for one in found] == sorted((one.probability for one in found), reverse=True)
        for text, chance, ends in found:
            assert chance == pytest.approx(probability(voice, before, text, ends=ends, author=author), rel=1e-4)


def all_continuations(voice: Voice, before: str, longest: int) -> dict[tuple[str, bool], float]:
    """Return every continuation without bytes, by going through all texts up to ``longest`` characters."""
    found: dict[tuple[str, bool], float] = {}
    texts = [""]
    while texts:
        text = texts.pop()
        if not text or part(text[-1]) == 0:
            if before + text:
                found[text, True] = probability(voice, before, text, ends=True)
        else:
            found[text, False] = probability(voice, before, text, ends=False, longest=longest)
        if len(text) >= longest:
            found.pop((text, True), None)
            found[text, False] = probability(voice, before, text, ends=False, longest=longest)
            continue
        texts += [text + c for c in LETTERS if not text or not breaks(text[-1], c)]
    return found


@pytest.mark.parametrize("scale", [0.3, 1.0, 2.0])
@pytest.mark.parametrize("before", ["t", "to "])
def test_nothing_likelier_is_missed(make_likely: MakeVoice, before: str, scale: float) -> None:
    """Of all texts there are, those found are the likeliest; and all together have the probability 1."""
    voice = make_likely(scale=scale)
    every = all_continuations(voice, before, 3)
    assert sum(every.values()) == pytest.approx(1, abs=1e-6)
    found = voice.continuations(before, 20, longest=3)
    best = sorted(every.values(), reverse=True)[:20]
    assert [one.probability for one in found] == pytest.approx(best, rel=1e-4)


def test_what_comes_is_a_word(make_likely: MakeVoice) -> None:
    """At most one word, with what stands before it."""
    for text, _, ends in make_likely().continuations("to", 50, longest=6):
        inside = [a + b for a, b in pairwise(text) if breaks(a, b)]
        assert inside == []
        assert len(text) <= 6
        assert text or ends


def test_an_empty_message_never_ends(make_likely: MakeVoice) -> None:
    """A message has something in it, and where there is something it may end at once."""
    voice = make_likely({END: 5.0})
    assert all(one.text for one in voice.continuations("", 10))
    assert voice.continuations("e")[0][::2] == ("", True)


def test_running_text_never_ends(make_likely: MakeVoice) -> None:
    """In a voice of running text nothing ends a message, and nothing counts as if it did."""
    voice = make_likely({END: 5.0}, kind="stream")
    found = voice.continuations("eat", 10)
    assert not any(one.ends for one in found)
    for text, chance, ends in found:
        assert chance == pytest.approx(probability(voice, "eat", text, ends=ends), rel=1e-4)


def test_rare_characters_are_spelt_in_bytes(make_likely: MakeVoice) -> None:
    """A character that the alphabet lacks is found by its bytes, as a part of a word, whole."""
    spelt = "ü".encode()
    voice = make_likely({FIRST_BYTE + byte: 6.0 for byte in spelt})
    found = voice.continuations("e", 8)
    assert any("ü" in one.text for one in found)
    assert not any("\ufffd" in one.text for one in found)
    for text, chance, ends in found:
        assert chance == pytest.approx(probability(voice, "e", text, ends=ends), rel=1e-4)


def test_a_text_is_found_once(make_likely: MakeVoice) -> None:
    """What has a symbol of its own isn't spelt in bytes, however likely those are; its probability is its own symbol's."""
    voice = make_likely({FIRST_BYTE + byte: 9.0 for byte in [*"漢".encode(), *b"e"]})
    found = voice.continuations("t", 8)
    assert len({(one.text, one.ends) for one in found}) == len(found)
    for text, chance, ends in found:
        assert chance == pytest.approx(probability(voice, "t", text, ends=ends), rel=1e-4)


def test_what_was_said_counts(make_likely: MakeVoice) -> None:
    """The conversation is read before the text, and whoever wrote the text is taken at his word."""
    voice = make_likely(authors=("u1", "u2"))
    alone, told, other = (
        voice.continuations("ea", **more) for more in ({}, {"conversation": [("u2", "to eat")]}, {"prompt_author": "u2"})
    )
    assert alone != told
    assert alone != other
    with pytest.raises(AuthorNotFoundError):
        voice.continuations("ea", author="u3")


def test_a_voice_that_knows_nothing_comes_to_an_end(make_voice: MakeVoice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all is about as likely the search gives up, and returns the likeliest that it has seen."""
    monkeypatch.setattr(module, "PATIENCE", 40)
    found = make_voice(scale=0.01).continuations("e", 10)
    assert 1 <= len(found) <= 10


@pytest.mark.parametrize("values", [{"count": 0}, {"count": 101}, {"longest": 0}])
def test_numbers_that_make_no_sense(make_voice: MakeVoice, values: dict[str, Any]) -> None:
    """Are refused."""
    with pytest.raises(OptionError, match="must be"):
        make_voice().continuations("e", **values)
