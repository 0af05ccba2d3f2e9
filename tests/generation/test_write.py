"""Many texts written at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from talklike.corpus.alphabet import END
from talklike.errors import OptionError
from talklike.generation.sampling import Sampling
from talklike.generation.stopping import Text
from talklike.generation.utf8 import Utf8
from talklike.generation.voice import Voice
from talklike.generation.write import Request, write

MakeVoice = Callable[..., Voice]


def texts(voice: Voice, request: Request) -> list[str]:
    """Return what is written, joined by text."""
    joined = [""] * request.count
    for number, piece in write(voice.engine, voice.alphabet, Utf8(len(voice.alphabet)), request):
        assert piece
        joined[number] += piece
    return joined


def slow_text(voice: Voice, prompt: str, most: int, temperature: float, seed: int) -> str:
    """Return the text that the definition gives: read, mask, soften, draw, one symbol at a time, with plain floats."""
    alphabet = voice.alphabet
    streams = voice.engine.streams(1, 1)
    draws = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0,)))
    logits = np.array([])
    for symbol in [END, *alphabet.encode(prompt).tolist()]:
        logits = streams.step(np.array([symbol]))[0].astype(np.float64)
    symbols: list[int] = []
    while True:
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
        logits = streams.step(np.array([symbol]))[0].astype(np.float64)
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
    from talklike.generation import write as module

    added: list[list[int]] = []

    class Noting(Text):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            added.append([])
            self.symbols = added[-1]

        def add(self, symbol: int) -> str:
            self.symbols.append(symbol)
            return super().add(symbol)

    monkeypatch.setattr(module, "Text", Noting)
    voice = make_voice(alphabet=alphabet, kind=kind)
    request = Request("é", count=8, most=300, through=True, seed=9, sampling=Sampling(temperature=100.0, min_p=0))
    found = texts(voice, request)
    assert len(added) == 8
    for text, symbols in zip(found, added, strict=True):
        assert b"".join(voice.alphabet.bytes_of[symbol] for symbol in symbols).decode("utf-8", "strict") == text
        assert kind == "messages" or END not in symbols


def test_finished_texts_leave_the_batch(make_voice: MakeVoice, monkeypatch: pytest.MonkeyPatch) -> None:
    """When half of the texts are finished, only the others are stepped on, and they come out the same."""
    voice = make_voice(scale=1.0)
    sampling = Sampling(temperature=1.0, min_p=0)
    request = Request(count=16, most=60, seed=2, sampling=sampling)
    together = texts(voice, request)
    from talklike.generation import engine

    widths: list[int] = []
    step = engine.Streams.step

    def noted(streams: engine.Streams, symbols: np.ndarray) -> np.ndarray:
        widths.append(len(symbols))
        return step(streams, symbols)

    monkeypatch.setattr(engine.Streams, "step", noted)
    assert texts(voice, request) == together
    assert widths[0] >= 9
    assert widths[-1] <= 8
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
    assert len(texts(voice, Request("e" * 5000, count=100, most=1, seed=1))) == 100
    assert shapes == [(1, 4096), (1, 905)]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"count": 0}, "count is 0, must be from 1 to 10,000"),
        ({"most": 0}, "number of characters is 0, must be 1 or more"),
        ({"seed": -1}, "seed is -1, must be 0 or more"),
        ({"stops": ("a", "")}, "a stop string is empty"),
    ],
)
def test_requests_that_make_no_sense_are_refused(values: dict[str, Any], message: str) -> None:
    """The error says what is wrong and what it must be."""
    with pytest.raises(OptionError, match=message):
        Request(**values)
