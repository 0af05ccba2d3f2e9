"""Whose it is: how often a room's voice says rightly who of its authors wrote a held-out message, beside a linear model.

Both choose among the same authors, each as likely as any other beforehand. The linear model (``talklike.evaluation.attributor``)
is fitted on what these authors wrote in the part that the voice learnt from, and knows nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from talklike.corpus.choose import without
from talklike.corpus.corpus import arranged, texts_of
from talklike.evaluation.attributor import MOST as MOST_FITTED
from talklike.evaluation.attributor import Attributor
from talklike.evaluation.bootstrap import difference
from talklike.evaluation.likeness import FEWEST
from talklike.evaluation.material import settings_of
from talklike.evaluation.shares import Share, share
from talklike.evaluation.who import evidence
from talklike.evaluation.writing import LONGEST

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.chat.table import Chat
    from talklike.generation.voice import Voice
    from talklike.voice.card import Card

LEAST = 60
"""Fewest characters of a message that is asked about: of a few words nobody can tell."""

MOST = 1000
"""Messages that are asked about; of more, so many, evenly spread."""

_MOST_READ = 20_000  # times a message is read: once as each author's, so that of a hundred authors 200 messages are asked about
_TOGETHER = 50  # messages between two words of progress


@dataclass(frozen=True)
class Whose:
    """How often the true author of a held-out message is found.

    Attributes:
        authors: Among so many.
        commonest: Share of the messages that one author wrote, the one who wrote most: what always naming him would have right.
        voice: What the voice has right.
        linear: What the linear model has right.
        ahead: The first less the second; negative where the linear model is better.
        low: Lower end of the 95 % interval of that.
        high: Upper end.
    """

    authors: int
    commonest: float
    voice: Share
    linear: Share
    ahead: float
    low: float
    high: float

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain JSON-ready values."""
        return {
            "authors": self.authors,
            "texts": self.voice.texts,
            "least": LEAST,
            "commonest": self.commonest,
            "voice": self.voice.to_dict(),
            "linear": self.linear.to_dict(),
            "ahead": {"share": self.ahead, "low": self.low, "high": self.high},
        }


def whose(voice: Voice, chat: Chat, *, seed: int = 0, progress: Callable[[float], None] = lambda _: None) -> Whose | None:
    """Return how often a voice of a whole room, and a linear model, find who wrote a held-out message.

    Asked about are messages of ``LEAST`` characters or more of those authors whom the voice names, of each as much as a generated
    one may have. Somebody of whom it learnt fewer than ``FEWEST`` messages is neither asked about nor an answer.

    Args:
        voice: The voice.
        chat: The chat that it learnt from, read in the same way.
        seed: Decides which messages the linear model is fitted on, and what the interval draws.
        progress: Is told what share has been done.

    Returns:
        None if the voice is one author's or a running text's, if there are fewer than two such authors, or if fewer than
        ``FEWEST`` such messages were held out.

    Raises:
        TooLittleTextError: The chat holds too little to split.
        MissingExtraError: scikit-learn isn't installed.
    """
    texts = _texts(chat, voice.card, seed)
    if texts is None:
        return None
    model = Attributor.fit(texts.learnt, [str(number) for number in texts.learnt_by.tolist()], seed=seed)
    order = [model.classes.index(str(number)) for number in texts.known.tolist()]
    linear = texts.known[model.probabilities(texts.asked)[:, order].argmax(axis=1)] == texts.asked_by
    scores: list[np.ndarray] = []
    for start in range(0, len(texts.asked), _TOGETHER):
        scores.append(evidence(voice, texts.asked[start : start + _TOGETHER])[:, texts.known])
        progress((start + len(scores[-1])) / len(texts.asked))
    own = texts.known[np.concatenate(scores).argmax(axis=1)] == texts.asked_by
    low, high = difference(own.astype(float), linear.astype(float), np.ones(len(own)), seed=seed)
    return Whose(
        authors=len(texts.known),
        commonest=float(np.bincount(texts.asked_by).max() / len(texts.asked)),
        voice=share(own),
        linear=share(linear),
        ahead=float(own.mean() - linear.mean()),
        low=low,
        high=high,
    )


@dataclass(frozen=True)
class _Texts:
    """What the linear model is fitted on, and what both are asked about.

    Attributes:
        known: Numbers of the authors who are asked about, in ``card.authors``, ascending.
        learnt: Messages of theirs from the training part.
        learnt_by: Number of each one's author.
        asked: Messages of theirs from the test part.
        asked_by: Number of each one's author.
    """

    known: np.ndarray
    learnt: list[str]
    learnt_by: np.ndarray
    asked: list[str]
    asked_by: np.ndarray


def _texts(chat: Chat, card: Card, seed: int) -> _Texts | None:
    """Return the texts, split as they were for training; None where ``whose`` returns None."""
    settings = settings_of(card)
    named = len(card.authors)
    if settings["author"] is not None or named < 2 or {chat.kind, card.kind} != {"messages"}:
        return None
    chat = without(chat, settings["left_out"])
    frame, table, where = arranged(chat, None, room=named, fraction=settings["fraction"], lowercase=settings["lowercase"])
    # By the card's list, not the arrangement's: of a chat that isn't quite the voice's, others may be the most active.
    numbers = {author: number for number, author in enumerate(card.authors)}
    by = table["author"].cast(pl.String).replace_strict(numbers, default=-1, return_dtype=pl.Int32).to_numpy()
    characters = table["characters"].to_numpy()
    train, test = where.train.rows, where.test.rows
    train, test = train[by[train] >= 0], test[(by[test] >= 0) & (characters[test] >= LEAST)]
    known = np.flatnonzero(np.bincount(by[train], minlength=named) >= FEWEST)
    test = test[np.isin(by[test], known)]
    if len(known) < 2 or len(test) < FEWEST:
        return None
    most = max(FEWEST, min(MOST, _MOST_READ // named))
    if len(test) > most:
        test = test[np.linspace(0, len(test) - 1, most).round().astype(np.int64)]
    train = train[_fitted(by[train], np.minimum(characters[train], LONGEST), known, seed)]
    texts = {row: text[:LONGEST] for row, text in texts_of(frame, np.concatenate([train, test]), len(table))}
    test = test[[bool(texts[row].strip()) for row in test.tolist()]]  # white space, where it was cut, is nobody's
    if len(test) < FEWEST:
        return None
    learnt, asked = ([texts[row] for row in rows.tolist()] for rows in (train, test))
    return _Texts(known, learnt, by[train], asked, by[test])


def _fitted(authors: np.ndarray, characters: np.ndarray, known: np.ndarray, seed: int) -> np.ndarray:
    """Return the places of training messages that the linear model is fitted on, drawn before their texts are read.

    Of each author as many as ``Attributor.fit`` would keep of all, so that a chat of any size needs no more memory.

    Args:
        authors: Number of each message's author, shape (N,).
        characters: Of each message, shape (N,).
        known: Numbers of the authors who count.
        seed: Decides which are drawn.
    """
    random = np.random.default_rng(seed)
    chosen = []
    for author in known.tolist():
        own = random.permutation(np.flatnonzero(authors == author))
        kept = np.searchsorted(characters[own].cumsum(), MOST_FITTED // len(known), side="right")
        chosen.append(own[: max(1, int(kept))])
    return np.concatenate(chosen)
