"""Writing voice files."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import onnx
import pytest

from talklike.errors import MissingExtraError, RunError
from talklike.generation.voice import Voice, load_voice
from talklike.voice.card import Card, IndexFacts
from talklike.voice.graph import INDEX, SIGNATURES
from talklike.voice.read import arrays, check_voice, read_voice
from talklike.voice.signatures import Signatures
from talklike.voice.weights import packed
from talklike.voice.write import atomic_write, voice_bytes, with_index, with_signatures

if TYPE_CHECKING:
    from pathlib import Path

MakeCard = Callable[..., Card]
MakeBytes = Callable[..., bytes]
MakeWeights = Callable[..., dict[str, np.ndarray]]


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_onnx_accepts_the_file(make_bytes: MakeBytes, layers: int) -> None:
    """The checker of the onnx package, shapes inferred, finds nothing wrong."""
    onnx.checker.check_model(onnx.load_from_string(make_bytes(layers=layers, authors=("a", "b"))), full_check=True)


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_the_same_voice_gives_the_same_bytes(make_bytes: MakeBytes, precision: str) -> None:
    """Bytes depend on the card and the weights alone."""
    assert make_bytes(precision=precision) == make_bytes(precision=precision)
    assert make_bytes(precision=precision) != make_bytes(precision=precision, seed=1)


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_what_is_written_is_read(make_card: MakeCard, make_weights: MakeWeights, tmp_path: Path, precision: str) -> None:
    """The card and every weight come back from the file."""
    card = make_card(precision=precision, layers=2)
    weights = make_weights(card.sizes)
    weights = packed(weights, precision)
    path = tmp_path / "voice.onnx"
    atomic_write(path, voice_bytes(card, weights))
    assert read_voice(path) == (card, path.read_bytes())
    model = onnx.load(path)
    stored = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    assert stored.pop("one").tolist() == [1]
    assert stored.keys() == weights.keys()
    for name, array in weights.items():
        np.testing.assert_array_equal(stored[name], array)
    assert [entry.key for entry in model.metadata_props] == ["talklike"]
    assert json.loads(model.metadata_props[0].value)["alphabet"] == card.alphabet


def test_weights_of_another_shape_are_a_bug(make_card: MakeCard, make_weights: MakeWeights) -> None:
    """A writer that is given arrays that don't fit stops before it writes a file that nobody could read."""
    card = make_card()
    weights = make_weights(card.sizes)
    with pytest.raises(AssertionError, match=r"output\.bias"):
        voice_bytes(card, weights | {"output.bias": np.zeros(3, np.float32)})
    with pytest.raises(AssertionError, match="float64"):
        voice_bytes(card, weights | {"output.bias": weights["output.bias"].astype(np.float64)})


def test_without_onnx_the_error_says_what_to_install(
    make_card: MakeCard, make_weights: MakeWeights, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writing needs the train extra."""
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'talklike\[train\]'"):
        voice_bytes(make_card(), make_weights(make_card().sizes))


def test_writing_replaces_the_old_file(tmp_path: Path) -> None:
    """The new data take the place of the old, and nothing else is left in the folder."""
    path = tmp_path / "voice.onnx"
    atomic_write(path, b"old")
    atomic_write(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_what_can_not_be_written_says_what_to_try(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Space is asked for only where it lacks."""
    with pytest.raises(RunError, match=r"No such file or directory; choose another folder$"):
        atomic_write(tmp_path / "nowhere" / "voice.onnx", b"new")

    def full(descriptor: int) -> None:
        raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunError, match=r"; free some space or choose another folder$"):
        atomic_write(tmp_path / "voice.onnx", b"new")


@pytest.mark.parametrize(
    ("raised", "expected"),
    [(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), RunError), (KeyboardInterrupt(), KeyboardInterrupt)],
)
def test_an_interrupted_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: BaseException, expected: type[BaseException]
) -> None:
    """A full disk or a Ctrl-C while writing changes nothing: the old file is whole and no temporary one is left."""

    def interrupted(descriptor: int) -> None:
        raise raised

    path = tmp_path / "voice.onnx"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(expected) as caught:
        atomic_write(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    if expected is RunError:
        assert str(path) in str(caught.value)
        assert "No space left" in str(caught.value)


def test_a_folder_that_is_not_there_is_a_run_error(make_card: MakeCard, make_weights: MakeWeights, tmp_path: Path) -> None:
    """The error is one line that names the file."""
    path = tmp_path / "missing" / "voice.onnx"
    with pytest.raises(RunError, match=r"^\S+missing/voice\.onnx: can't be written: [^\n]+$"):
        atomic_write(path, voice_bytes(make_card(), make_weights(make_card().sizes)))


def test_a_run_folder_will_do_as_a_voice(make_card: MakeCard, make_weights: MakeWeights, tmp_path: Path) -> None:
    """The voice.onnx in a folder is what the folder's name means."""
    atomic_write(tmp_path / "voice.onnx", voice_bytes(make_card(), make_weights(make_card().sizes)))
    assert load_voice(tmp_path).card == make_card()
    assert load_voice(str(tmp_path / "voice.onnx")).card == make_card()


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_an_index_is_added_to_a_file(make_bytes: MakeBytes, precision: str) -> None:
    """The index and what the card says of it are all that changes; it can be replaced, and other readers of ONNX accept it."""
    before = make_bytes(precision=precision, orders=(2, 3))
    index = np.arange(50, dtype=np.uint8) * 5
    data = with_index(before, index)
    card = check_voice(data, "x")
    assert card.novelty_index == IndexFacts(50, hashlib.sha256(index.tobytes()).hexdigest())
    assert replace(card, novelty_index=None) == check_voice(before, "x")
    found = arrays(data)
    assert found.pop(INDEX).view(np.uint8).tolist() == index.tolist()
    assert found.keys() == arrays(before).keys()
    assert all((found[name] == array).all() for name, array in arrays(before).items())
    assert with_index(with_index(before, index[:20]), index) == data
    onnx.checker.check_model(onnx.load_from_string(data), full_check=True)


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_signatures_are_added_to_a_file(make_bytes: MakeBytes, precision: str) -> None:
    """They and what the card says of them are all that changes; an index stays, and other readers of ONNX accept the file."""
    before = with_index(make_bytes(precision=precision, authors=("u1", "u2"), orders=(2, 3)), np.arange(50, dtype=np.uint8))
    random = np.random.default_rng(0)
    table = random.integers(-127, 128, (1024, 2)).astype(np.int8)
    units = random.random(2).astype(np.float32)
    data = with_signatures(before, Signatures(table, units))
    card = check_voice(data, "x")
    assert card.signatures == 1024
    assert replace(card, signatures=0) == check_voice(before, "x")
    found = arrays(data)
    for name, expected in zip(SIGNATURES, (table, units), strict=True):
        np.testing.assert_array_equal(found.pop(name), expected)
    assert all((found[name] == array).all() for name, array in arrays(before).items())
    assert found.keys() == arrays(before).keys()
    onnx.checker.check_model(onnx.load_from_string(data), full_check=True)
    voice = Voice.from_bytes(data)
    assert voice.signatures is not None
    np.testing.assert_array_equal(voice.signatures.table, table)
    assert voice.generate("a", seed=1, chars=20) == Voice.from_bytes(before).generate("a", seed=1, chars=20)
