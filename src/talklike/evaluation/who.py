"""Who wrote it: which of the authors that a voice of a room knows most likely wrote a text, by the voice itself.

Two things in a voice can tell. It reads a text once as each author's, and says how likely that author's next message is just this
one; and a voice of a whole room carries ``talklike.voice.signatures``, which it learnt for nothing else. Bayes' rule makes
probabilities of the two, relative to each other: somebody whom the voice doesn't name is none of the answers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from talklike.corpus.alphabet import END
from talklike.errors import OptionError
from talklike.evaluation.bits import surprisal
from talklike.evaluation.calibration import Calibration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.generation.voice import Voice

READING = 1 / 3
"""What the voice's log-likelihoods are multiplied by where it carries signatures too: both see the same runs, and the sum of two
judges who repeat each other is too sure (docs/experiments.md)."""

_PIECE = 128  # symbols of a text read in a call
_LOGITS_AT_ONCE = 1 << 21  # 8 MB as float32, and twice that as float64


def who(voice: Voice, texts: Sequence[str], *, prior: np.ndarray | None = None, trust: float = 1.0) -> np.ndarray:
    """Return how likely each author of a voice wrote each text.

    Args:
        voice: A voice that knows several authors.
        texts: Messages, each judged by itself; N of them. White space at their ends doesn't count.
        prior: How likely each author is before the text is read, shape (A,), above 0. All are equally likely without it;
            ``Calibration.fit`` finds one, and ``trust``, from messages whose author is known.
        trust: What the voice's evidence is multiplied by.

    Returns:
        Probabilities, float64, shape (N, A), in the order of ``voice.card.authors``; rows sum to 1. Those of an int8 voice
        depend in their third digit on what else is asked.

    Raises:
        OptionError: The voice knows one author only, a text is empty, or the prior makes no sense.
    """
    authors = len(voice.card.authors)
    weights = np.full(authors, 1 / authors) if prior is None else np.asarray(prior, np.float64)
    if weights.shape != (authors,) or not (np.isfinite(weights).all() and (weights > 0).all()):
        raise OptionError(f"the prior must be {authors} numbers above 0, one for each author of the voice")
    return Calibration(trust, weights / weights.sum()).probabilities(evidence(voice, texts))


def evidence(voice: Voice, texts: Sequence[str]) -> np.ndarray:
    """Return how much speaks for each author of each text [nat], float64 (N, A), up to a number that a text's authors share.

    Args:
        voice: A voice that knows several authors.
        texts: N messages.

    Raises:
        OptionError: The voice knows one author only, or a text is empty.
    """
    symbols = _symbols(voice, texts)
    found = _likelihoods(voice, symbols)
    if voice.signatures is not None:
        found *= READING
        found += voice.signatures.logits([text[1:-1] for text in symbols])
    return found


def log_likelihoods(voice: Voice, texts: Sequence[str]) -> np.ndarray:
    """Return how likely each text is as each author's next message [nat], float64, shape (N, A).

    Args:
        voice: A voice that knows several authors.
        texts: N messages.

    Raises:
        OptionError: The voice knows one author only, or a text is empty.
    """
    return _likelihoods(voice, _symbols(voice, texts))


def _symbols(voice: Voice, texts: Sequence[str]) -> list[np.ndarray]:
    """Return END, the symbols of a text as the voice learnt to read them, and END, for each."""
    if len(voice.card.authors) < 2:
        raise OptionError(
            "this voice knows one author only, so it can't tell who wrote something; train one that knows several: "
            "talklike train CHAT --room, with --named for how many"
        )
    found = []
    for number, text in enumerate(texts, 1):
        said = re.sub("\r\n?", "\n", text).rstrip().lstrip("\n")
        if voice.card.recipe.get("lowercase") is True:
            said = said.lower()
        if not said:
            raise OptionError(f"text {number} is empty: there is nothing to tell its author by")
        found.append(np.concatenate([[END], voice.alphabet.encode(said), [END]]).astype(np.int64))
    return found


def _likelihoods(voice: Voice, symbols: Sequence[np.ndarray]) -> np.ndarray:
    """Return the log-likelihoods of texts as symbols, shape (N, A)."""
    authors = len(voice.card.authors)
    found = np.zeros((len(symbols), authors))
    order = sorted(range(len(symbols)), key=lambda number: len(symbols[number]))  # like lengths together: little is read in vain
    together = max(1, _LOGITS_AT_ONCE // (_PIECE * len(voice.alphabet) * authors))
    for start in range(0, len(order), together):
        batch = order[start : start + together]
        found[batch] = _read(voice, [symbols[number] for number in batch])
    return found


def _read(voice: Voice, texts: Sequence[np.ndarray]) -> np.ndarray:
    """Return the log-likelihoods of B texts that are read at once, shape (B, A)."""
    A, B, T = len(voice.card.authors), len(texts), max(map(len, texts))
    ids = np.zeros((B, T), np.int64)
    counted = np.zeros((B, T), bool)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = text
        counted[row, 1 : len(text)] = True
    ids, counted = np.repeat(ids, A, axis=0), np.repeat(counted, A, axis=0)  # (B·A, T)
    authors = np.tile(np.arange(1, A + 1), B)
    streams = voice.engine.streams(B * A, author=0)
    nats = np.zeros(B * A)
    piece = max(1, min(_PIECE, _LOGITS_AT_ONCE // (B * A * len(voice.alphabet))))
    for start in range(0, T - 1, piece):
        end = min(start + piece, T - 1)
        read, following, here = ids[:, start:end], ids[:, start + 1 : end + 1], counted[:, start + 1 : end + 1]
        logits = streams.read(read, np.broadcast_to(authors[:, None], read.shape))
        nats += (surprisal(logits, following) * here).sum(axis=1)
    return -nats.reshape(B, A)
