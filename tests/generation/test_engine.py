"""Running a voice: streams, their state, and the fast paths against the slow one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.errors import VoiceFileError
from talklike.generation.engine import Engine, Streams
from talklike.generation.voice import Voice

if TYPE_CHECKING:
    from talklike.voice.card import Card

MakeVoice = Callable[..., Voice]
Textbook = Callable[..., tuple[np.ndarray, np.ndarray, np.ndarray]]
CLOSE: dict[str, Any] = {"atol": 1e-5, "rtol": 0}


def symbols(count: int | tuple[int, int], engine: Engine, seed: int = 0) -> np.ndarray:
    """Return random symbols, int64."""
    return np.random.default_rng(seed).integers(0, engine.card.sizes.symbols, count)


def stepped(streams: Streams, ids: np.ndarray) -> np.ndarray:
    """Return the logits after each symbol, read one at a time, (B, T, V)."""
    return np.stack([streams.step(ids[:, t]).copy() for t in range(ids.shape[1])], axis=1)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8), st.integers(1, 3))
def test_how_a_text_is_cut_into_calls_changes_nothing(make_voice: MakeVoice, lengths: list[int], count: int) -> None:
    """A voice with a memory reads in pieces, shorter and longer than the memory's window, what it reads at once."""
    engine = make_voice(orders=(2, 5)).engine
    ids = symbols((count, sum(lengths)), engine)
    streams = engine.streams(count, 1)
    pieces = [streams.read(piece) for piece in np.split(ids, np.cumsum(lengths)[:-1], axis=1)]
    np.testing.assert_allclose(np.concatenate(pieces, axis=1), engine.streams(count, 1).read(ids), **CLOSE)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("author", [0, 1, 2])
def test_steps_compute_the_textbook_lstm(
    make_voice: MakeVoice, make_weights: Callable[..., dict[str, np.ndarray]], textbook: Textbook, layers: int, author: int
) -> None:
    """Fifty bound steps give the logits and the state of the equations."""
    engine = make_voice(layers=layers, authors=("u1", "u2")).engine
    ids = symbols((3, 50), engine)
    streams = engine.streams(3, author)
    logits, h, c = textbook(make_weights(engine.card.sizes), ids, np.full_like(ids, author))
    np.testing.assert_allclose(stepped(streams, ids), logits, atol=1e-4, rtol=0)
    np.testing.assert_allclose(streams.state["h"], h, atol=1e-4, rtol=0)
    np.testing.assert_allclose(streams.state["c"], c, atol=1e-4, rtol=0)


def test_one_call_is_as_many_steps(make_voice: MakeVoice) -> None:
    """Reading T symbols at once gives the logits of T single steps, and leaves the same state."""
    engine = make_voice(layers=2, orders=(2, 3, 6)).engine
    ids = symbols((2, 40), engine)
    at_once, one_by_one = engine.streams(2, 1), engine.streams(2, 1)
    np.testing.assert_allclose(at_once.read(ids), stepped(one_by_one, ids), **CLOSE)
    assert set(at_once.state) == {"h", "c", "recent"}
    for name in at_once.state:
        np.testing.assert_allclose(at_once.state[name], one_by_one.state[name], **CLOSE)
    # An odd number of steps leaves the state in the other buffer; reading goes on from there all the same.
    more = symbols((2, 3), engine, seed=1)
    at_once.step(ids[:, 0])
    one_by_one.step(ids[:, 0])
    np.testing.assert_allclose(at_once.read(more), stepped(one_by_one, more), **CLOSE)


@pytest.mark.parametrize(("precision", "atol"), [("float32", 1e-5), ("int8", 0.06)])
def test_a_batch_is_its_streams_one_by_one(make_voice: MakeVoice, precision: str, atol: float) -> None:
    """A stream's logits don't depend on what is beside it, but for the scale that int8 streams are rounded on together."""
    engine = make_voice(hidden=32, precision=precision).engine
    ids = symbols((5, 30), engine)
    together = stepped(engine.streams(5, 1), ids)
    for row in range(5):
        np.testing.assert_allclose(together[row], stepped(engine.streams(1, 1), ids[row : row + 1])[0], atol=atol)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("length", [1, 100, 4096, 4097, 9000])
def test_priming_reads_any_length(make_voice: MakeVoice, count: int, length: int) -> None:
    """Every stream is where reading the symbols in one go would leave it, however many there are."""
    engine = make_voice(hidden=3, embedding=2, alphabet="ab").engine
    ids = symbols((1, length), engine)
    streams, plain = engine.streams(count, 1), engine.streams(1, 1)
    logits = streams.prime(ids[0].astype(np.uint16))
    expected = plain.read(ids)[:, -1]
    assert logits.shape == (count, engine.card.sizes.symbols)
    for row in range(count):
        np.testing.assert_allclose(logits[row], expected[0], **CLOSE)
        np.testing.assert_allclose(streams.state["h"][:, row], plain.state["h"][:, 0], **CLOSE)
        np.testing.assert_allclose(streams.state["c"][:, row], plain.state["c"][:, 0], **CLOSE)


@pytest.mark.parametrize("count", [1, 2])
def test_priming_begins_afresh_or_goes_on_alike(make_voice: MakeVoice, count: int) -> None:
    """Priming streams that have read something does the same to one stream as to many."""
    engine = make_voice().engine
    before, after = symbols((1, 5), engine), symbols((1, 6), engine, seed=1)
    lone = engine.streams(1, 1)
    lone.read(before)
    expected = lone.prime(after[0]).copy()
    streams = engine.streams(count, 1)
    streams.read(np.repeat(before, count, axis=0))
    np.testing.assert_allclose(streams.prime(after[0])[:1], expected, **CLOSE)


def test_kept_streams_go_on(make_voice: MakeVoice) -> None:
    """Some rows of a batch, in any order, go on from their state as if the others had never been."""
    engine = make_voice(layers=2).engine
    ids, more = symbols((4, 7), engine), symbols((4, 9), engine, seed=1)
    streams = engine.streams(4, 1)
    stepped(streams, ids)
    kept = streams.keep([3, 1])
    expected = stepped(streams, more)
    assert kept.count == 2
    np.testing.assert_allclose(stepped(kept, more[[3, 1]]), expected[[3, 1]], **CLOSE)


def test_each_symbol_may_have_its_own_author(
    make_voice: MakeVoice, make_weights: Callable[..., dict[str, np.ndarray]], textbook: Textbook
) -> None:
    """Reading other people's symbols and then one's own gives what the equations give."""
    engine = make_voice(authors=("u1", "u2", "u3")).engine
    ids = symbols((2, 12), engine)
    authors = np.random.default_rng(2).integers(0, 4, (2, 12))
    expected, _, _ = textbook(make_weights(engine.card.sizes), ids, authors)
    np.testing.assert_allclose(engine.streams(2, 1).read(ids, authors), expected, atol=1e-4, rtol=0)


def test_two_sets_of_streams_do_not_share_state(make_voice: MakeVoice) -> None:
    """Streams of one engine may be stepped in turns."""
    engine = make_voice().engine
    ids = symbols((1, 10), engine)
    expected = stepped(engine.streams(1, 1), ids)
    one, other = engine.streams(1, 1), engine.streams(1, 1)
    for t in range(10):
        found = one.step(ids[:, t]).copy()
        other.step(ids[:, 9 - t])
        np.testing.assert_allclose(found, expected[:, t], **CLOSE)


def test_a_file_that_the_runtime_cannot_load_is_a_voice_file_error(make_card: Callable[..., Card]) -> None:
    """Whatever ONNX Runtime says of a file, we say that it is damaged."""
    with pytest.raises(VoiceFileError, match="can't be loaded"):
        Engine(make_card(), b"not ONNX", threads=1)
