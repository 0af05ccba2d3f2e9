"""What many tests need: tiny voices with random weights, a textbook LSTM to compare them with, and small chats."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import settings

from talklike.chat.report import ReadReport
from talklike.chat.table import SCHEMA, Chat, Kind
from talklike.generation.voice import Voice
from talklike.voice.card import Card, Sizes
from talklike.voice.graph import INT64, describe
from talklike.voice.weights import packed
from talklike.voice.write import voice_bytes

# No time limit on an example: machines are shared, and how long something takes is for benchmarks to say.
# In CI the same examples each time: whether a change passes must depend on the change. Everywhere else they are new each time.
settings.register_profile("talklike", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("talklike")

ALPHABET = "etaoin shrdlu\né😀"


@pytest.fixture(scope="session")
def make_card() -> Callable[..., Card]:
    """Return a function that makes the card of a tiny voice: ``make_card(hidden=7, layers=2, authors=("u1", "u2"))``."""

    def make(
        *,
        alphabet: str = ALPHABET,
        authors: tuple[str, ...] = ("u1",),
        kind: str = "messages",
        precision: str = "float32",
        embedding: int = 5,
        hidden: int = 7,
        layers: int = 1,
        orders: tuple[int, ...] = (),
        **rest: Any,
    ) -> Card:
        memory = (orders, 97, 3) if orders else ()
        sizes = Sizes(257 + len(alphabet), len(authors), embedding, hidden, layers, *memory)
        names = tuple(f"name of {author}" for author in authors)
        return Card(alphabet=alphabet, authors=authors, names=names, kind=kind, sizes=sizes, precision=precision, **rest)

    return make


@pytest.fixture(scope="session")
def make_weights() -> Callable[..., dict[str, np.ndarray]]:
    """Return a function that makes random float32 weights: ``make_weights(sizes, seed=0, scale=0.5)``."""

    def make(sizes: Sizes, *, seed: int = 0, scale: float = 0.5) -> dict[str, np.ndarray]:
        random = np.random.default_rng(seed)
        return {
            name: (random.standard_normal([int(size) for size in tensor.shape]) * scale).astype(np.float32)
            for name, tensor in describe(sizes, "float32").constants.items()
            if tensor.element != INT64
        }

    return make


@pytest.fixture(scope="session")
def make_bytes(make_card: Callable[..., Card], make_weights: Callable[..., dict[str, np.ndarray]]) -> Callable[..., bytes]:
    """Return a function that makes a tiny voice file with random weights; it takes what ``make_card`` takes, seed and scale."""

    def make(*, seed: int = 0, scale: float = 0.5, **card_values: Any) -> bytes:
        card = make_card(**card_values)
        weights = make_weights(card.sizes, seed=seed, scale=scale)
        return voice_bytes(card, packed(weights, card.precision))

    return make


@pytest.fixture(scope="session")
def make_voice(make_bytes: Callable[..., bytes]) -> Callable[..., Voice]:
    """Return a function that makes a tiny voice, loaded; it takes what ``make_bytes`` takes."""

    def make(*, device: str = "cpu", **values: Any) -> Voice:
        return Voice.from_bytes(make_bytes(**values), threads=1, device=device)

    return make


Textbook = Callable[..., tuple[np.ndarray, np.ndarray, np.ndarray]]


@pytest.fixture(scope="session")
def textbook() -> Textbook:
    """Return a stacked LSTM written from its equations in float64, with the gates in ONNX's order i, o, f, c.

    ``textbook(weights, ids, authors, h=None, c=None)`` returns the logits (B, T, V) and the state after, each (L, B, H).
    """

    def sigmoid(x: np.ndarray) -> np.ndarray:
        return np.asarray(1 / (1 + np.exp(-x)))

    def run(
        weights: dict[str, np.ndarray],
        ids: np.ndarray,
        authors: np.ndarray,
        h: np.ndarray | None = None,
        c: np.ndarray | None = None,
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        w = {name: array.astype(np.float64) for name, array in weights.items()}
        layers = sum(name.endswith(".recurrent") for name in w)
        B, T = ids.shape
        H = w["lstm.0.recurrent"].shape[2]
        h = np.zeros((layers, B, H)) if h is None else h.astype(np.float64)
        c = np.zeros((layers, B, H)) if c is None else c.astype(np.float64)
        logits = []
        for t in range(T):
            x = w["symbol_embedding"][ids[:, t]] + w["author_embedding"][authors[:, t]]  # (B, E)
            total = np.zeros((B, H))
            for layer in range(layers):
                bias = w[f"lstm.{layer}.bias"][0]
                gates = x @ w[f"lstm.{layer}.input"][0].T + h[layer] @ w[f"lstm.{layer}.recurrent"][0].T
                gates += bias[: 4 * H] + bias[4 * H :]
                i, o, f, g = np.split(gates, 4, axis=1)
                c[layer] = sigmoid(f) * c[layer] + sigmoid(i) * np.tanh(g)
                h[layer] = sigmoid(o) * np.tanh(c[layer])
                x = h[layer]
                total += x
            logits.append(total @ w["output.weight"] + w["output.bias"])
        return np.stack(logits, axis=1), h, c

    return run


@pytest.fixture(scope="session")
def make_chat() -> Callable[..., Chat]:
    """Return a function that makes a chat of texts, one an hour: ``make_chat(["hi", "ho"], author="u1", kind="messages")``.

    ``times`` are hours since the first of January 2020, or None for messages without a time; ``author`` is one id or one for
    each text.
    """

    def make(
        texts: Sequence[str],
        *,
        times: Sequence[float | None] | None = None,
        author: str | Sequence[str] = "u1",
        kind: Kind = "messages",
    ) -> Chat:
        hours = list(range(len(texts))) if times is None else times
        authors = [author] * len(texts) if isinstance(author, str) else list(author)
        start = datetime(2020, 1, 1, tzinfo=UTC)
        frame = pl.DataFrame(
            {
                "time": [None if hour is None else start + timedelta(hours=hour) for hour in hours],
                "author": authors,
                "name": [f"name of {a}" for a in authors],
                "channel": [None] * len(texts),
                "text": list(texts),
            },
            schema=SCHEMA,
        )
        return Chat(frame.lazy(), ReadReport("made", "made", "made for a test", kept=len(texts)), kind)

    return make


@pytest.fixture(scope="session")
def textbook_memory() -> Callable[..., np.ndarray]:
    """Return an n-gram memory written from its definition, symbol by symbol in Python's own integers.

    ``textbook_memory(weights, sizes, ids)`` returns what the memory adds to the logits, (B, T, V), read from a fresh state.
    """

    def number(name: str, buckets: int) -> int:
        return 1 + int(hashlib.sha256(f"{name} {buckets}".encode()).hexdigest()[:16], 16) % (buckets - 1)

    def run(weights: dict[str, np.ndarray], sizes: Sizes, ids: np.ndarray) -> np.ndarray:
        table, projection = (weights[f"memory.{name}"].astype(np.float64) for name in ("table", "projection"))
        P, result = sizes.buckets, np.zeros((*ids.shape, sizes.symbols))
        for b, t in np.ndindex(*ids.shape):
            found = []
            for n in sizes.orders:
                if t + 1 < n:  # the n-gram would begin before the text
                    found.append(table[0])
                    continue
                window = [int(ids[b, t - j]) + 1 for j in range(n)]
                total = number(f"salt {n}", P) + sum(number(f"multiplier {n} {j}", P) * x for j, x in enumerate(window))
                found.append(table[total % P])
            result[b, t] = np.concatenate(found) @ projection
        return result

    return run
