"""Who wrote it: the voice's own likelihoods, against an LSTM written from its equations, and a trained room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.corpus.alphabet import END
from talklike.errors import OptionError
from talklike.evaluation.who import READING, evidence, log_likelihoods, who
from talklike.generation.voice import Voice
from talklike.voice.signatures import Signatures
from talklike.voice.write import with_signatures
from tests.evaluation.styles import loud, plain

if TYPE_CHECKING:
    from talklike.chat.table import Chat

MakeVoice = Callable[..., "Voice"]
Textbook = Callable[..., tuple[np.ndarray, np.ndarray, np.ndarray]]

THREE = ("u1", "u2", "u3")


def by_the_book(voice: Voice, weights: dict[str, np.ndarray], textbook: Textbook, texts: Sequence[str]) -> np.ndarray:
    """Return log-likelihoods symbol by symbol: each text after END, as each author's, its own END included."""
    found = np.zeros((len(texts), len(voice.card.authors)))
    for row, text in enumerate(texts):
        ids = np.concatenate([[END], voice.alphabet.encode(text), [END]]).astype(np.int64)
        for author in range(1, found.shape[1] + 1):
            logits, _, _ = textbook(weights, ids[None, :-1], np.full((1, len(ids) - 1), author))
            shares = np.exp(logits[0]) / np.exp(logits[0]).sum(axis=1, keepdims=True)
            found[row, author - 1] = np.log(shares[np.arange(len(ids) - 1), ids[1:]]).sum()
    return found


@pytest.mark.parametrize("at_once", [1 << 21, 1])
def test_likelihoods_are_those_of_the_equations(
    make_voice: MakeVoice,
    make_weights: Callable[..., dict[str, np.ndarray]],
    textbook: Textbook,
    monkeypatch: pytest.MonkeyPatch,
    at_once: int,
) -> None:
    """Of texts of all lengths, read together or a symbol at a time, in the order in which they were given."""
    monkeypatch.setattr(import_module("talklike.evaluation.who"), "_LOGITS_AT_ONCE", at_once)
    voice = make_voice(authors=THREE, layers=2)
    texts = ["hello there", "é😀", "a", "the tide is out " * 12 + "now", "naïve 日本"]
    expected = by_the_book(voice, make_weights(voice.card.sizes), textbook, texts)
    np.testing.assert_allclose(log_likelihoods(voice, texts), expected, rtol=1e-5)
    powers = np.exp(expected - expected.max(axis=1, keepdims=True))
    np.testing.assert_allclose(who(voice, texts), powers / powers.sum(axis=1, keepdims=True), atol=1e-4)


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(str.strip), max_size=5))
def test_answers_are_probabilities(make_voice: MakeVoice, texts: list[str]) -> None:
    """Rows sum to 1, and a text has the same answer among others as alone."""
    voice = make_voice(authors=THREE, hidden=9)
    found = who(voice, texts)
    assert found.shape == (len(texts), 3)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    for row, text in enumerate(texts):
        np.testing.assert_allclose(who(voice, [text])[0], found[row], atol=1e-5)


def test_a_prior_multiplies(make_voice: MakeVoice) -> None:
    """Bayes' rule: probabilities times the prior, made to sum to 1; only its proportions count."""
    voice = make_voice(authors=THREE)
    texts, prior = ["hello", "the tide"], np.array([1.0, 2.0, 5.0])
    product = who(voice, texts) * prior
    np.testing.assert_allclose(who(voice, texts, prior=prior), product / product.sum(axis=1, keepdims=True))
    np.testing.assert_allclose(who(voice, texts, trust=0.0, prior=prior), np.tile(prior / 8, (2, 1)))


@pytest.mark.parametrize("prior", [[1, 1], [1, 0, 1], [1, -1, 1], [1, float("nan"), 1], [[1, 1, 1]]])
def test_a_prior_that_is_none(make_voice: MakeVoice, prior: list[float]) -> None:
    """There is a number above 0 for each author."""
    with pytest.raises(OptionError, match="3 numbers above 0"):
        who(make_voice(authors=THREE), ["a"], prior=np.array(prior))


def test_a_voice_of_one_author_is_refused(make_voice: MakeVoice) -> None:
    """It says what to train instead."""
    with pytest.raises(OptionError, match=r"one author only.*--room.*--named"):
        who(make_voice(), ["hello"])


@pytest.mark.parametrize("text", ["", " ", "\n\r\n"])
def test_of_an_empty_text_nothing_can_be_said(make_voice: MakeVoice, text: str) -> None:
    """The error says which text it is, and doesn't quote the others."""
    with pytest.raises(OptionError, match=r"^text 2 is empty: there is nothing to tell its author by$"):
        who(make_voice(authors=THREE), ["secret", text])


def test_texts_are_read_as_they_were_learnt(make_voice: MakeVoice) -> None:
    """White space at the ends and carriage returns are cleaned away, and case where the voice knows none."""
    voice = make_voice(authors=THREE)
    cleaned, raw = log_likelihoods(voice, ["a\nb", "\r\na\r\nb \n"])
    np.testing.assert_allclose(cleaned, raw)
    folded = make_voice(authors=THREE, recipe={"lowercase": True})
    small, capital = log_likelihoods(folded, ["tide", "TIDE"])
    np.testing.assert_allclose(small, capital)


def test_signatures_are_added_to_a_third_of_the_likelihoods(make_bytes: Callable[..., bytes]) -> None:
    """Of each text as it is read: without the white space at its ends, in lower case where the voice knows no other."""
    random = np.random.default_rng(0)
    signatures = Signatures(random.integers(-127, 128, (1024, 3)).astype(np.int8), np.full(3, 0.01, np.float32))
    data = make_bytes(authors=THREE, recipe={"lowercase": True})
    plain_voice, voice = (Voice.from_bytes(file, threads=1) for file in (data, with_signatures(data, signatures)))
    texts = ["The tide", "a"]
    np.testing.assert_array_equal(evidence(plain_voice, texts), log_likelihoods(plain_voice, texts))
    carried = signatures.logits([voice.alphabet.encode(text) for text in ("the tide", "a")])
    expected = READING * log_likelihoods(voice, texts) + carried
    np.testing.assert_allclose(evidence(voice, ["\nThe tide \n", "a"]), expected, rtol=1e-5)
    powers = np.exp(expected)
    np.testing.assert_allclose(who(voice, texts), powers / powers.sum(axis=1, keepdims=True), rtol=1e-4)


def test_a_trained_room_knows_who_is_who(make_chat: Callable[..., Chat]) -> None:
    """After two seconds of training at least 99 of 100 unseen messages of two very different people are told right."""
    import torch

    from talklike.training.train import train

    torch.set_num_threads(1)
    texts = [text for pair in zip(plain(400, 1), loud(400, 2), strict=True) for text in pair]
    voice = train(
        make_chat(texts, author=["bo", "al"] * 400), room=True, epochs=3, hidden=32, embedding=16, streams=8, length=32, memory=0,
        learning_rate=0.02, seed=3, threads=1, precision="32-true",
    )  # fmt: skip
    names = [voice.card.authors[place] for place in who(voice, [*plain(100, 11), *loud(100, 12)]).argmax(axis=1)]
    assert np.mean([name == right for name, right in zip(names, ["bo"] * 100 + ["al"] * 100, strict=True)]) >= 0.99
