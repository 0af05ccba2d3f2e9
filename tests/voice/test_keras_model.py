"""A voice as a Keras model, against real Keras."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from talklike.errors import OptionError
from talklike.generation.engine import Engine
from talklike.voice.card import Card, Sizes
from talklike.voice.keras_model import functional_model, sequential_model
from talklike.voice.keras_write import keras_file
from talklike.voice.ngrams import multipliers, salts
from talklike.voice.weights import packed
from talklike.voice.write import voice_bytes
from tests.real_keras import predicted, real_keras
from tests.voice.test_stack import ALPHABET, probabilities, random_stack

if TYPE_CHECKING:
    from pathlib import Path

MakeWeights = Callable[..., dict[str, np.ndarray]]


def spoken(card: Card, weights: dict[str, np.ndarray], ids: np.ndarray, authors: np.ndarray) -> np.ndarray:
    """Return what a voice says comes next after each symbol, (B, T, V)."""
    streams = Engine(card, voice_bytes(card, weights), threads=1).streams(len(ids), 1)
    logits = streams.read(ids, authors).astype(np.float64)
    scores = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(scores / scores.sum(axis=-1, keepdims=True))


@pytest.mark.parametrize("units", [(5,), (3, 6, 2)])
def test_keras_reads_the_tutorials_model_and_predicts_the_same(tmp_path: Path, units: tuple[int, ...]) -> None:
    """Windows of one-hot characters give the probabilities of the LSTM's equations, whatever the layers' widths."""
    stack = random_stack(units)
    (tmp_path / "voice.keras").write_bytes(keras_file(sequential_model(stack, 8)))
    model = real_keras().models.load_model(tmp_path / "voice.keras")
    assert [type(layer).__name__ for layer in model.layers] == ["LSTM"] * len(units) + ["Dense"]
    assert model.input_shape == (None, 8, len(ALPHABET))
    read = [1, 3, 0, 5, 2, 2, 4, 1]
    found = predicted(model, np.eye(len(ALPHABET))[read][None])
    np.testing.assert_allclose(found[0], probabilities(stack, read)[-1], atol=1e-6)


def test_keras_has_the_straight_gates_too(tmp_path: Path) -> None:
    """Gates that are lines, as Keras 2 had them, are so in Keras 3, whose line is another."""
    stack = replace(random_stack((4, 3)), hard=True)
    (tmp_path / "voice.keras").write_bytes(keras_file(sequential_model(stack, 6)))
    read = [1, 3, 0, 5, 2, 2]
    found = predicted(real_keras().models.load_model(tmp_path / "voice.keras"), np.eye(len(ALPHABET))[read][None])
    np.testing.assert_allclose(found[0], probabilities(stack, read)[-1], atol=1e-5)
    assert np.abs(found[0] - probabilities(replace(stack, hard=False), read)[-1]).max() > 1e-3


@pytest.mark.parametrize(
    ("layers", "orders", "authors", "gates"),
    [(1, (), 1, "sigmoid"), (2, (2,), 3, "hard_sigmoid"), (3, (1, 2, 3, 5), 2, "sigmoid")],
    ids=["plain", "memory", "long memory"],
)
def test_keras_reads_any_voice_and_predicts_the_same(
    make_weights: MakeWeights, tmp_path: Path, layers: int, orders: tuple[int, ...], authors: int, gates: str
) -> None:
    """Several layers summed, several authors, an n-gram memory: Keras needs no code of ours for them."""
    sizes = Sizes(257 + len(ALPHABET), authors, 5, 7, layers, *((orders, 97, 3) if orders else ()))
    names = tuple(f"u{number}" for number in range(authors))
    card = Card(ALPHABET, names, names, "messages", sizes, gates=gates)
    weights = packed(make_weights(sizes, seed=layers), "float32")
    (tmp_path / "voice.keras").write_bytes(keras_file(functional_model(sizes, weights, gates)))
    model = real_keras().models.load_model(tmp_path / "voice.keras")
    random = np.random.default_rng(3)
    ids, who = random.integers(0, sizes.symbols, (3, 11)), random.integers(0, authors + 1, (3, 11))
    found = predicted(model, [ids, who])
    assert found.shape == (3, 11, sizes.symbols)
    np.testing.assert_allclose(found, spoken(card, weights, ids, who), atol=1e-5)
    np.testing.assert_array_equal(predicted(model, {"ids": ids, "authors": who}), found)


def test_hashes_are_those_of_the_voice(make_weights: MakeWeights) -> None:
    """What the tables of the model add up to is the hash, for orders and rows as large as trained voices have."""
    sizes = Sizes(600, 1, 2, 2, 1, (2, 3, 8), 262_139, 1)
    model = functional_model(sizes, packed(make_weights(sizes), "float32"))
    tables = [layer.arrays["embeddings"] for layer in model.layers if layer.name.startswith("hash_")]
    assert len(tables) == 8
    window = np.random.default_rng(0).integers(1, 601, 8)  # the newest first, counted from 1
    sums = np.sum([table[symbol] for table, symbol in zip(tables, window, strict=True)], axis=0, dtype=np.float32)
    expected = (window @ multipliers(sizes.orders, sizes.buckets) + salts(sizes.orders, sizes.buckets)) % sizes.buckets
    np.testing.assert_array_equal(sums.astype(np.int64) % sizes.buckets, expected)
    window[5:] = 0  # the text began five symbols ago
    sums = np.sum([table[symbol] for table, symbol in zip(tables, window, strict=True)], axis=0, dtype=np.float32)
    assert (sums > 0).tolist() == [True, True, False]


def test_a_memory_too_large_for_float32_is_refused(make_weights: MakeWeights) -> None:
    """Where whole numbers would no longer be exact, the model isn't made, and it is said what to do."""
    sizes = Sizes(260, 1, 2, 2, 1, (32,), 1_000_003, 1)
    with pytest.raises(OptionError, match=r"1,000,003 rows.*--memory 0"):
        functional_model(sizes, {name: np.zeros((2, 2), np.float32) for name in ("symbol_embedding", "author_embedding")} | {
            "lstm.0.input": np.zeros((1, 8, 2)), "lstm.0.recurrent": np.zeros((1, 8, 2)), "lstm.0.bias": np.zeros((1, 16)),
            "output.weight": np.zeros((2, 260)), "output.bias": np.zeros(260),
        })  # fmt: skip
