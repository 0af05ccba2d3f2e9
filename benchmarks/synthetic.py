"""Networks, voices and text of realistic sizes that need no training: speed depends on the sizes, not on what was learnt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from talklike.corpus.alphabet import END, FIRST_CHARACTER
from talklike.training.network import Network, voice_weights
from talklike.training.recipe import Recipe
from talklike.voice.card import Card, Sizes
from talklike.voice.weights import packed
from talklike.voice.write import voice_bytes

if TYPE_CHECKING:
    from pathlib import Path

CHARACTERS = "".join(map(chr, range(32, 127))) + "äöüßéèñç"
SYMBOLS = FIRST_CHARACTER + len(CHARACTERS)
"""V = 360, as a chat in one Latin-written language has."""

EMBEDDING = Recipe(hidden=1, steps=1, evaluate_every=1).embedding
"""E of the default recipe."""

SHARPNESS = 60
"""By how much an untrained network's output weights are multiplied, so that it is as sure of the next symbol as a trained voice:
some ten symbols are likelier than min-p asks and a character takes about two bits; a fresh network wavers between fifty."""

MESSAGE_LENGTH = 50  # symbols between two ends of messages


def frequencies() -> np.ndarray:
    """Return how often each symbol stands in a text, by Zipf's law; float64, shape (V,), summing to 1.

    Bytes don't occur: a trained voice all but never picks one, and with them a character would take several steps.
    """
    shares = np.zeros(SYMBOLS)
    shares[FIRST_CHARACTER:] = 1 / np.arange(1, len(CHARACTERS) + 1)
    shares *= (1 - 1 / MESSAGE_LENGTH) / shares.sum()
    shares[END] = 1 / MESSAGE_LENGTH
    return shares


def network(hidden: int, *, seed: int) -> Network:
    """Return an untrained one-layer network that expects ``frequencies`` on average, and at each step something of its own."""
    torch.manual_seed(seed)
    made = Network(Sizes(SYMBOLS, 1, EMBEDDING, hidden, 1)).eval()
    made.initialise(frequencies() * 1_000_000)
    with torch.no_grad():
        made.output.weight.mul_(SHARPNESS)
    return made


def voice_file(source: Network, precision: str) -> bytes:
    """Return the voice of a network, ``float32`` or ``int8``, as a file."""
    weights = voice_weights(source.state_dict(), source.sizes)
    card = Card(
        alphabet=CHARACTERS, authors=("author",), names=("author",), kind="messages", sizes=source.sizes, precision=precision
    )
    return voice_bytes(card, packed(weights, precision))


def write_voice_file(path: Path, hidden: int, *, seed: int) -> None:
    """Write an int8 voice, as most voices ship."""
    path.write_bytes(voice_file(network(hidden, seed=seed), "int8"))


def symbols(count: int, *, seed: int) -> np.ndarray:
    """Return a text as the corpus stores one: END and ``count`` symbols, uint16, shape (count + 1,)."""
    drawn = np.random.default_rng(seed).choice(SYMBOLS, size=count + 1, p=frequencies()).astype(np.uint16)
    drawn[0] = END
    return drawn
