"""Reading with a voice: texts, their state, and how they are cut into calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.errors import OptionError, VoiceFileError
from talklike.generation.engine import Engine
from talklike.generation.voice import Voice

if TYPE_CHECKING:
    from talklike.voice.card import Card

MakeVoice = Callable[..., Voice]
Textbook = Callable[..., tuple[np.ndarray, np.ndarray, np.ndarray]]
CLOSE: dict[str, Any] = {"atol": 1e-5, "rtol": 0}


def symbols(count: int | tuple[int, int], engine: Engine, seed: int = 0) -> np.ndarray:
    """Return random symbols, int64."""
    return np.random.default_rng(seed).integers(0, engine.card.sizes.symbols, count)


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
def test_reading_computes_the_textbook_lstm(
    make_voice: MakeVoice, make_weights: Callable[..., dict[str, np.ndarray]], textbook: Textbook, layers: int, author: int
) -> None:
    """Fifty symbols give the logits and the state of the equations."""
    engine = make_voice(layers=layers, authors=("u1", "u2")).engine
    ids = symbols((3, 50), engine)
    streams = engine.streams(3, author)
    logits, h, c = textbook(make_weights(engine.card.sizes), ids, np.full_like(ids, author))
    np.testing.assert_allclose(streams.read(ids), logits, atol=1e-4, rtol=0)
    np.testing.assert_allclose(streams.state["h"], h, atol=1e-4, rtol=0)
    np.testing.assert_allclose(streams.state["c"], c, atol=1e-4, rtol=0)


def test_each_symbol_may_have_its_own_author(
    make_voice: MakeVoice, make_weights: Callable[..., dict[str, np.ndarray]], textbook: Textbook
) -> None:
    """Reading other people's symbols and then one's own gives what the equations give."""
    engine = make_voice(authors=("u1", "u2", "u3")).engine
    ids = symbols((2, 12), engine)
    authors = np.random.default_rng(2).integers(0, 4, (2, 12))
    expected, _, _ = textbook(make_weights(engine.card.sizes), ids, authors)
    np.testing.assert_allclose(engine.streams(2, 1).read(ids, authors), expected, atol=1e-4, rtol=0)


def test_a_file_that_the_runtime_cannot_load_is_a_voice_file_error(make_card: Callable[..., Card]) -> None:
    """Whatever ONNX Runtime says of a file, we say that it is damaged."""
    with pytest.raises(VoiceFileError, match="can't be loaded"):
        Engine(make_card(), b"not ONNX", threads=1)


def test_a_device_that_onnx_runtime_lacks_is_told_with_what_to_try(
    make_voice: MakeVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It isn't fallen back from in silence."""
    from talklike.generation.quiet_runtime import onnxruntime

    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(OptionError, match="no cuda; install onnxruntime-gpu"):
        make_voice(device="cuda")
    with pytest.raises(OptionError, match="'npu', must be one of cpu, cuda"):
        make_voice(device="npu")


def test_a_device_whose_libraries_are_missing_is_told(make_voice: MakeVoice, monkeypatch: pytest.MonkeyPatch) -> None:
    """ONNX Runtime then loads the voice on the processor instead."""
    from talklike.generation.quiet_runtime import onnxruntime

    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("this ONNX Runtime has CUDA")
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CUDAExecutionProvider"])
    with (
        pytest.warns(UserWarning, match="CUDAExecutionProvider"),
        pytest.raises(OptionError, match="can't use this machine's cuda"),
    ):
        make_voice(device="cuda")


def test_a_graphics_card_reads_and_writes_what_the_processor_does(make_voice: MakeVoice) -> None:
    """Where there is one, logits of texts and of steps agree."""
    from talklike.generation.quiet_runtime import onnxruntime
    from talklike.generation.rows import Rows, primed

    if "CUDAExecutionProvider" not in onnxruntime.get_available_providers():
        pytest.skip("this ONNX Runtime has no CUDA")
    found = []
    for device in ("cpu", "cuda"):
        engine = make_voice(device=device).engine
        ids = symbols(20, engine)
        rows = Rows(engine)
        rows.add(primed(engine, ids, np.ones(20, np.int64)), 1, times=3)
        found.append(rows.step(ids[:3]).copy())
    np.testing.assert_allclose(found[1], found[0], atol=1e-3, rtol=0)
