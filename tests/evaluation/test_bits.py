"""Likelihood, against direct computations."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.corpus.alphabet import END, Alphabet
from talklike.corpus.encode import Part
from talklike.errors import CorpusError
from talklike.evaluation.bits import BURN_IN, LEAST_STRETCH, Score, score, stretches, surprisal
from talklike.generation.engine import Engine
from talklike.generation.voice import Voice
from talklike.voice.write import voice_bytes

if TYPE_CHECKING:
    from talklike.voice.card import Card

MakeVoice = Callable[..., Voice]
Textbook = Callable[..., tuple[np.ndarray, np.ndarray, np.ndarray]]

SCORE_TOOL = Path(__file__).parents[2] / ".." / "shared" / "tools" / "score.py"


def part_of(messages: list[str], alphabet: Alphabet, *, author: int = 1) -> Part:
    """Return messages as a part of a corpus, in memory."""
    ids = np.concatenate([np.array([END], np.uint16), alphabet.encode_messages(messages)])
    characters = sum(len(message) + 1 for message in messages)
    utf8_bytes = sum(len(message.encode()) + 1 for message in messages)
    return Part(ids, np.broadcast_to(np.uint16(author), ids.shape), len(messages), characters, utf8_bytes)


def numbered(total: int) -> Part:
    """Return a part of ``total`` symbols to predict, in which every symbol and author tells its place."""
    places = np.arange(total + 1)
    return Part((places % 60_000).astype(np.uint16), (places % 50_000).astype(np.uint16), 0, max(1, total), max(1, total))


@pytest.mark.parametrize("layers", [1, 2])
def test_a_score_is_that_of_one_stream(
    make_voice: MakeVoice, make_weights: Callable[..., dict[str, np.ndarray]], textbook: Textbook, layers: int
) -> None:
    """The cost of a text is the mean of −log2 p of its symbols, computed with the equations in float64."""
    voice = make_voice(layers=layers, authors=("u1", "u2"))
    part = part_of(["hello there", "naïve 😀😀", "rad"] * 4, voice.alphabet, author=2)
    logits, _, _ = textbook(make_weights(voice.card.sizes), part.ids[None, :-1], np.full((1, len(part)), 2))
    shares = np.exp(logits[0]) / np.exp(logits[0]).sum(axis=1, keepdims=True)
    bits = -np.log2(shares[np.arange(len(part)), part.ids[1:]]).sum()
    found = score(voice.engine, part)
    assert found.bits_per_character == pytest.approx(bits / part.characters, abs=1e-5)
    assert found.bits_per_byte == pytest.approx(bits / part.utf8_bytes, abs=1e-5)
    assert found.characters == 4 * (12 + 9 + 4)


def test_bytes_of_emoji_are_counted(make_voice: MakeVoice) -> None:
    """An emoji is one character and four bytes of UTF-8, whether it is a symbol or not."""
    for alphabet in ("a😀", "a"):
        voice = make_voice(alphabet=alphabet)
        found = score(voice.engine, part_of(["😀a"] * 5, voice.alphabet))
        assert found.characters == 15
        assert found.bits_per_character / found.bits_per_byte == pytest.approx(30 / 15)


@pytest.mark.parametrize("total", [3, 20_000])
def test_a_uniform_voice_costs_the_logarithm_of_its_alphabet(
    make_card: Callable[..., Card], make_weights: Callable[..., dict[str, np.ndarray]], total: int
) -> None:
    """Whose logits are all equal spends log2(V) bits on each symbol, in one stretch or in several."""
    card = make_card()
    engine = Engine(card, voice_bytes(card, make_weights(card.sizes, scale=0)), threads=1)
    part = part_of(["e" * (total - 1)], Alphabet(card.alphabet))
    assert score(engine, part).bits_per_character == pytest.approx(math.log2(card.sizes.symbols), abs=1e-6)


def test_stretches_cost_nearly_what_one_stream_costs(make_voice: MakeVoice) -> None:
    """Read in several stretches with burn-in, a text costs what it costs in one go, to 0.001 bits."""
    voice = make_voice(scale=0.7)
    random = np.random.default_rng(3)
    messages = ["".join(random.choice(list("etaoin shrdlu"), 30)) for _ in range(600)]
    part = part_of(messages, voice.alphabet)
    assert len(stretches(part).read) == 4
    logits = voice.engine.streams(1, 1).read(part.ids[None, :-1].astype(np.int64))
    bits = surprisal(logits, part.ids[None, 1:].astype(np.int64)).sum() / math.log(2)
    assert score(voice.engine, part).bits_per_character == pytest.approx(bits / part.characters, abs=1e-3)


def test_of_a_long_part_only_so_much_is_scored(make_voice: MakeVoice) -> None:
    """A part whose text is alike throughout costs the same, whether all of it is read or some."""
    voice = make_voice(scale=0.7)
    random = np.random.default_rng(3)
    part = part_of(["".join(random.choice(list("etaoin shrdlu"), 30)) for _ in range(900)], voice.alphabet)
    whole, some = score(voice.engine, part), score(voice.engine, part, most=6000)
    assert some.characters == pytest.approx(6000, abs=10)
    assert some.bits_per_character == pytest.approx(whole.bits_per_character, rel=0.02)
    assert some.bits_per_character / some.bits_per_byte == pytest.approx(part.utf8_bytes / part.characters)
    assert score(voice.engine, part, most=len(part)) == whole


@given(st.integers(1, 6 * LEAST_STRETCH), st.integers(1, 20))
def test_every_symbol_is_counted_exactly_once(total: int, most: int) -> None:
    """However a part is cut, its counted targets are its symbols, each once, with what stands before and its author."""
    part = numbered(total)
    cut = stretches(part, most=most)
    assert sorted(cut.targets[cut.counted].tolist()) == sorted((np.arange(1, total + 1) % 60_000).tolist())
    np.testing.assert_array_equal((cut.read[cut.counted] + 1) % 60_000, cut.targets[cut.counted])
    np.testing.assert_array_equal(cut.authors[cut.counted], cut.targets[cut.counted] % 50_000)
    assert len(cut.read) == max(1, min(most, total // LEAST_STRETCH))


@given(st.integers(2 * LEAST_STRETCH, 6 * LEAST_STRETCH))
def test_a_stretch_begins_with_uncounted_context(total: int) -> None:
    """Each stretch but the first reads 256 symbols before any counts; the first has none before it."""
    cut = stretches(numbered(total))
    assert cut.counted[0, 0]
    assert not cut.counted[1:, :BURN_IN].any()
    assert cut.counted[1:, BURN_IN].all()
    np.testing.assert_array_equal(cut.read[1:, 0], cut.targets[1:, BURN_IN] - 1 - BURN_IN)


@given(st.integers(1, 6 * LEAST_STRETCH), st.integers(1, 5000), st.integers(1, 20))
def test_a_limit_counts_about_as_many(total: int, limit: int, most: int) -> None:
    """With a limit, so many symbols are counted, a few more to make the stretches equal; none twice."""
    cut = stretches(numbered(total), most=most, limit=limit)
    targets = cut.targets[cut.counted]
    assert len(np.unique(targets)) == len(targets)
    assert min(total, limit) - len(cut.read) <= len(targets) <= min(total, limit) + len(cut.read)


@given(st.integers(1, 3000), st.integers(1, 500))
def test_pieces_join_to_the_stretches(total: int, length: int) -> None:
    """Cut into pieces, nothing is lost or read twice."""
    cut = stretches(numbered(total))
    pieces = list(cut.pieces(length))
    assert all(piece.read.shape[1] <= length for piece in pieces)
    for name in ("read", "targets", "authors", "counted"):
        np.testing.assert_array_equal(np.concatenate([getattr(p, name) for p in pieces], axis=1), getattr(cut, name))


def test_surprisal_of_known_probabilities() -> None:
    """Probabilities 1/2, 1/4, 1/4 cost 1, 2 and 2 bits, whatever is added to their logits."""
    logits = np.log(np.array([[[0.5, 0.25, 0.25]] * 3], np.float32)) + np.array([[[0.0], [80.0], [-5.0]]], np.float32)
    costs = surprisal(logits, np.array([[0, 1, 2]])) / math.log(2)
    np.testing.assert_allclose(costs, [[1, 2, 2]], atol=1e-4)
    assert costs.dtype == np.float64


def test_nothing_to_score_is_an_error(make_voice: MakeVoice) -> None:
    """A part without text has no mean."""
    with pytest.raises(CorpusError, match="nothing to score"):
        score(make_voice().engine, Part(np.array([END], np.uint16), np.array([1], np.uint16), 0, 0, 0))


def test_a_score_is_rounded_for_the_card() -> None:
    """A card holds what is meaningful: four digits."""
    assert Score(1.23456789, 1.1111111, 10).to_dict() == {"bits_per_character": 1.2346, "bits_per_byte": 1.1111}


@pytest.mark.skipif(
    not SCORE_TOOL.exists(), reason="the tool that scores voices from the description lies outside the repository"
)
@pytest.mark.parametrize("precision", ["float32", "int8"])
@pytest.mark.parametrize("layers", [1, 2])
def test_the_independent_tool_agrees(make_bytes: Callable[..., bytes], tmp_path: Path, precision: str, layers: int) -> None:
    """A scorer that knows the file format only from its description finds the same to 0.001 bits per character."""
    voice_path, text_path = tmp_path / "voice.onnx", tmp_path / "text.txt"
    data = make_bytes(precision=precision, layers=layers, hidden=32, scale=0.3)
    voice_path.write_bytes(data)
    voice = Voice.from_bytes(data, threads=1)
    random = np.random.default_rng(4)
    messages = ["".join(random.choice(list("etaoin shrdlué😀X"), 25)) for _ in range(380)]
    text_path.write_text("\n".join(messages), encoding="utf-8")
    result = subprocess.run(
        [sys.executable, str(SCORE_TOOL), str(voice_path), str(text_path)], capture_output=True, text=True, check=True
    )
    match = re.match(r"([\d.]+) bits/char .* over (\d+)", result.stdout)
    assert match is not None
    found = score(voice.engine, part_of(messages, voice.alphabet))
    assert len(stretches(part_of(messages, voice.alphabet)).read) > 1
    assert found.characters == int(match[2])
    assert found.bits_per_character == pytest.approx(float(match[1]), abs=1e-3)
