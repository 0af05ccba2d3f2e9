"""Many texts written at once."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from talklike.corpus.alphabet import END
from talklike.generation.batch import Batch
from talklike.generation.filters import pick
from talklike.generation.request import Request, Turn
from talklike.generation.rows import READ_AT_ONCE, primed
from talklike.generation.sampling import Sampling
from talklike.generation.voice import Voice
from talklike.generation.write import Likeness, begin, prompt_scores

MakeVoice = Callable[..., Voice]


def texts(voice: Voice, request: Request) -> list[str]:
    """Return what is written, joined by text."""
    joined = [""] * request.count
    for number, piece, _ in voice.write(request):
        assert piece
        joined[number] += piece
    return joined


def slow_text(voice: Voice, prompt: str, most: int, temperature: float, seed: int) -> str:
    """Return the text that the definition gives: read, mask, soften, draw, one symbol at a time, with plain floats."""
    alphabet = voice.alphabet
    draws = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0,)))
    beginning = [END, *alphabet.encode(prompt).tolist()]
    symbols: list[int] = []
    while True:
        logits = voice.engine.streams(1, 1).read(np.array([beginning + symbols]))[0, -1].astype(np.float64)
        allowed = []
        for i in range(len(alphabet)):
            spelt = b"".join(alphabet.bytes_of[s] for s in [*symbols, i])
            try:
                spelt.decode()
                valid = True
            except UnicodeDecodeError as error:
                # A character that is only begun may still become valid.
                valid = error.reason == "unexpected end of data" and i < 257
            allowed.append(valid and not (i == END and not symbols and not prompt))
        weights = np.where(allowed, np.exp((logits - logits[allowed].max()) / temperature), 0)
        symbol = int(np.searchsorted(weights.cumsum(), draws.random() * weights.sum(), "right"))
        if symbol == END:
            break
        symbols.append(symbol)
        text = alphabet.decode(symbols)
        if len(text) >= most and "\ufffd" not in text:
            break
    return alphabet.decode(symbols)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("prompt", ["", "the é"])
def test_a_text_is_that_of_the_definition(make_voice: MakeVoice, seed: int, prompt: str) -> None:
    """Written the slow way from the definition, the text is the same."""
    voice = make_voice(alphabet="the ", scale=0.8)
    request = Request(prompt, most=12, seed=seed, sampling=Sampling(temperature=1.0, min_p=0))
    assert texts(voice, request) == [slow_text(voice, prompt, 12, 1.0, seed)]


@pytest.mark.parametrize("alphabet", ["", "e😀\n"])
@pytest.mark.parametrize("kind", ["messages", "stream"])
def test_symbols_spell_valid_utf8(make_voice: MakeVoice, monkeypatch: pytest.MonkeyPatch, alphabet: str, kind: str) -> None:
    """Even random weights at temperature 100 emit bytes that a strict decoder accepts; and running text holds no END."""
    picked: list[int] = []

    def noting(*arguments: Any, **options: Any) -> np.ndarray:
        chosen = pick(*arguments, **options)
        picked.extend(chosen.tolist())
        return chosen

    def strictly(encoding: str) -> Any:
        return lambda _: codecs.getincrementaldecoder(encoding)("strict")

    monkeypatch.setattr(import_module("talklike.generation.batch"), "pick", noting)
    monkeypatch.setattr(import_module("talklike.generation.stopping"), "codecs", SimpleNamespace(getincrementaldecoder=strictly))
    voice = make_voice(alphabet=alphabet, kind=kind)
    request = Request("é", count=8, most=300, through=True, seed=9, sampling=Sampling(temperature=100.0, min_p=0))
    assert [len(text) for text in texts(voice, request)] == [300] * 8
    assert len(picked) > 8 * 300
    assert kind == "messages" or END not in picked


@pytest.mark.parametrize("together", [0.0, 1e9], ids=["told each step", "told in the end"])
@pytest.mark.parametrize("least", [0, 5, 60])
@pytest.mark.parametrize("through", [False, True], ids=["message", "through"])
def test_characters_taken_in_passing_change_nothing(
    make_voice: MakeVoice, monkeypatch: pytest.MonkeyPatch, together: float, least: int, through: bool
) -> None:
    """Texts and their lengths are those of texts whose probabilities are asked for, of which each symbol is looked at."""
    monkeypatch.setattr(import_module("talklike.generation.batch"), "TOGETHER", together)
    voice = make_voice(alphabet="tide é😀", scale=0.4)
    request = Request("", count=7, most=60, least=least, through=through, seed=5, sampling=Sampling(temperature=2.0))
    found = []
    for one in (request, replace(request, logprobs=0)):
        writings = begin(voice.rules, one)
        batch = Batch(voice.engine, voice.rules)
        batch.join(writings, primed(voice.engine, *one.context(voice.alphabet)))
        written = [""] * request.count
        while len(batch):
            for writing, piece, _ in batch.step():
                written[writing.number] += piece
        found.append([(written[w.number], w.symbols, w.text.written, w.text.finished) for w in writings])
    assert found[0] == found[1]


def test_finished_texts_leave_the_batch(make_voice: MakeVoice, monkeypatch: pytest.MonkeyPatch) -> None:
    """As texts are finished, steps grow narrower, and the others come out the same."""
    voice = make_voice(scale=1.0)
    sampling = Sampling(temperature=1.0, min_p=0)
    request = Request(count=16, most=60, seed=2, sampling=sampling)
    together = texts(voice, request)
    from talklike.generation import rows

    widths: list[int] = []
    step = rows.Rows.step

    def noted(self: rows.Rows, symbols: np.ndarray | int) -> np.ndarray:
        widths.append(self.count)
        return step(self, symbols)

    monkeypatch.setattr(rows.Rows, "step", noted)
    assert texts(voice, request) == together
    assert widths[0] >= 9
    assert widths[-1] <= 2
    assert widths == sorted(widths, reverse=True)


def test_the_prompt_is_read_once_for_all(make_voice: MakeVoice, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long prompt costs the same for one text and for a hundred."""
    from talklike.generation import engine

    voice = make_voice()
    shapes: list[tuple[int, ...]] = []
    read = engine.Streams.read

    def noted(streams: engine.Streams, symbols: np.ndarray, authors: np.ndarray | None = None) -> np.ndarray:
        shapes.append(symbols.shape)
        return read(streams, symbols, authors)

    monkeypatch.setattr(engine.Streams, "read", noted)
    assert len(texts(voice, Request("e" * 500, count=100, most=1, seed=1))) == 100
    assert shapes == [(1, 256), (1, 245)]


VARIOUS: list[dict[str, Any]] = [
    {}, {"temperature": 0.0}, {"top_k": 5}, {"top_p": 0.8}, {"typical_p": 0.8}, {"top_n_sigma": 1.0}, {"xtc_probability": 0.5},
    {"mirostat": 2}, {"dry_multiplier": 1.0, "dry_allowed_length": 2}, {"no_repeat_ngram_size": 3}, {"repetition_penalty": 1.2},
    {"presence_penalty": 0.5, "frequency_penalty": 0.2}, {"logit_bias": ((260, 3.0),)},
    {"temperature": 0.2, "temperature_end": 2.0, "temperature_span": 9},
]  # fmt: skip


@pytest.mark.parametrize("values", VARIOUS, ids=str)
@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_a_seed_gives_the_same_text_alone_and_in_a_batch(make_voice: MakeVoice, values: dict[str, Any], precision: str) -> None:
    """Every sampler, in both precisions: text i of a batch is text i of a larger one, and the first is the one written alone."""
    voice = make_voice(precision=precision, hidden=16, orders=(2, 3))
    request = Request("e", most=40, seed=3, sampling=Sampling(**{"min_p": 0.01} | values))
    many = texts(voice, replace(request, count=9))
    assert texts(voice, replace(request, count=3)) == many[:3]
    assert texts(voice, request) == many[:1]


def test_texts_with_other_wishes_do_not_disturb(make_voice: MakeVoice) -> None:
    """In one batch of texts with different samplers, lengths and prompts, each is the one that it would be alone."""
    voice = make_voice(precision="int8", hidden=16, authors=("u1", "u2"))
    requests = [
        Request(f"e{n % 3}", author=n % 3, most=10 + 5 * n, seed=n, sampling=Sampling(**{"min_p": 0.01} | values))
        for n, values in enumerate(VARIOUS)
    ]
    batch = Batch(voice.engine, voice.rules)
    found = [""] * len(requests)
    waiting = list(enumerate(requests))
    writings: dict[int, int] = {}
    while waiting or len(batch):
        if waiting:  # one joins at each step
            which, request = waiting.pop(0)
            (writing,) = begin(voice.rules, request)
            writings[id(writing)] = which
            batch.join([writing], primed(voice.engine, *request.context(voice.alphabet)))
        for writing, piece, _ in batch.step():
            found[writings[id(writing)]] += piece
    assert found == [texts(voice, request)[0] for request in requests]


def test_a_conversation_is_read_as_it_was_said(make_voice: MakeVoice) -> None:
    """What is read before the first symbol: each message by its author, the prompt by whose it is, and then the writer."""
    voice = make_voice(authors=("u1", "u2"), alphabet="ab")
    a, b = 257, 258
    request = Request("b", turns=(Turn(2, "ab"), Turn(0, "a")), author=1, prompt_author=2)
    symbols, authors = request.context(voice.alphabet)
    assert symbols.tolist() == [END, a, b, END, a, END, b]
    assert authors.tolist() == [2, 2, 2, 0, 0, 2, 1]  # of each next symbol


def test_symbols_come_with_their_probabilities(make_voice: MakeVoice) -> None:
    """The log-probabilities are the voice's own, before any filter; with the text they are cut at a stop string."""
    voice = make_voice(alphabet="etaoin é", scale=0.8)
    request = Request("e", most=30, seed=1, logprobs=2, sampling=Sampling(temperature=2.0, min_p=0.0))
    pieces = list(voice.write(request))
    scored = [symbol for _, _, symbols in pieces for symbol in symbols]
    text = "".join(piece for _, piece, _ in pieces)
    assert b"".join(one.data for one in scored).decode() == text
    ids = [END, *voice.alphabet.encode("e").tolist(), *(one.symbol for one in scored)]
    logits = voice.engine.streams(1, 1).read(np.array([ids[:-1]]))[0, 1:].astype(np.float64)
    logprobs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    for row, one in zip(logprobs, scored, strict=True):
        assert one.logprob == pytest.approx(row[one.symbol], abs=1e-4)
        assert [symbol for symbol, _ in one.top] == np.argsort(-row, kind="stable")[:2].tolist()
    stop = text[3:5]
    cut = list(voice.write(replace(request, stops=(stop,))))
    assert "".join(one.text for _, _, symbols in cut for one in symbols) == "".join(piece for _, piece, _ in cut) == text[:3]


def test_prompts_are_scored_too(make_voice: MakeVoice) -> None:
    """The log-probabilities of a prompt add up to what reading it costs, the end of a message included."""
    voice = make_voice(alphabet="etaoin é")
    ids = (*voice.alphabet.encode("tea").tolist(), END, *voice.alphabet.encode("é").tolist())
    found = prompt_scores(voice.engine, voice.alphabet, Request(ids, most=0, logprobs=1, prompt_logprobs=True))
    logits = voice.engine.streams(1, 1).read(np.array([[END, *ids[:-1]]]))[0].astype(np.float64)
    expected = [row[symbol] - np.log(np.exp(row).sum()) for row, symbol in zip(logits, ids, strict=True)]
    assert [one.logprob for one in found] == pytest.approx(expected, abs=1e-5)
    assert [one.text for one in found] == ["t", "e", "a", "\n", "é"]


def test_the_best_of_many_comes_first(make_voice: MakeVoice) -> None:
    """The texts returned are those of the batch that are most the author's rather than anyone's, in that order."""
    voice = make_voice(authors=("u1", "u2"), scale=1.0)
    request = Request("e", author=2, count=3, best_of=8, most=20, seed=1, sampling=Sampling(temperature=1.0, min_p=0))
    every = Counter(texts(voice, replace(request, count=8, best_of=None)))
    best = texts(voice, request)
    assert not Counter(best) - every
    likeness = Likeness(voice.engine, voice.alphabet, request)
    worth = {text: likeness.of(text, ended=len(text) < 20) for text in every}
    assert best == sorted(every.elements(), key=lambda text: -worth[text])[:3]


def test_without_a_room_the_best_is_the_likeliest(make_voice: MakeVoice) -> None:
    """A voice of one author has nobody to compare with."""
    voice = make_voice()
    request = Request("e", most=20)
    ids = np.array([[END, *voice.alphabet.encode("eta").tolist()]])
    logits = voice.engine.streams(1, 1).read(ids)[0].astype(np.float64)
    logprobs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    expected = np.mean([logprobs[1, ids[0, 2]], logprobs[2, ids[0, 3]]])
    assert Likeness(voice.engine, voice.alphabet, request).of("ta", ended=False) == pytest.approx(expected, abs=1e-5)


def test_likeness_compares_the_author_with_anyone_after_a_long_prompt(make_voice: MakeVoice) -> None:
    """Read in pieces once, or whole each time: the difference of the two mean log-probabilities is the same."""
    voice = make_voice(authors=("u1", "u2"), alphabet="etaoin ")
    request = Request("eta " * 150, author=2, turns=(Turn(1, "oin"),))
    context, authors = request.context(voice.alphabet)
    text = voice.alphabet.encode("tone")
    expected = []
    for author in (2, 0):
        after = np.concatenate([authors[:-1], np.full(len(text), author)])[None]
        logits = voice.engine.streams(1, 0).read(np.concatenate([context, text[:-1]]).astype(np.int64)[None], after)[
            0, -len(text) :
        ]
        logprobs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        expected.append(np.mean(logprobs[np.arange(len(text)), text]))
    likeness = Likeness(voice.engine, voice.alphabet, request)
    assert len(context) > 2 * READ_AT_ONCE
    assert likeness.of("tone", ended=False) == pytest.approx(expected[0] - expected[1], abs=1e-5)
    assert likeness.of("", ended=False) == -np.inf


def test_a_text_that_nothing_may_follow_ends(make_voice: MakeVoice) -> None:
    """Where every symbol is forbidden, the text ends, rather than breaking the rule or failing."""
    voice = make_voice(alphabet="ab", kind="stream")
    request = Request("a", most=5000, seed=1, sampling=Sampling(no_repeat_ngram_size=1, min_p=0, temperature=5.0))
    (text,) = texts(voice, request)
    assert len(set(text)) == len(text) < 5000
