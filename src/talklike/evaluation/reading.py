"""How likely a voice finds single messages, each with something read before it or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talklike.corpus.alphabet import END
from talklike.evaluation.bits import surprisal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from talklike.generation.request import Turn
    from talklike.generation.voice import Voice

    Heard = Callable[[np.ndarray, np.ndarray, np.ndarray], None]

_LOGITS_AT_ONCE = 1 << 22  # 16 MB as float32, and twice that as float64
_MOST_TOGETHER = 64  # rows; more aren't read faster


def costs(
    voice: Voice,
    messages: Sequence[str],
    author: int,
    before: Sequence[Sequence[Turn]] | None = None,
    *,
    heard: Heard | None = None,
    read: Callable[[int], None] = lambda _: None,
) -> list[np.ndarray]:
    """Return what each symbol of some messages costs [nat], float64, (T,) each: the message's symbols and, of messages, its END.

    Args:
        voice: The voice.
        messages: What to score.
        author: Input value of who wrote them.
        before: What is read before each; nothing without it.
        heard: Is told logits (B, T, V), targets (B, T) and which targets count (B, T), call by call.
        read: Is told how many messages have been read, call by call.
    """
    contexts = [_context(voice, turns) for turns in before] if before is not None else [_context(voice, ())] * len(messages)
    ends = voice.card.kind == "messages"
    texts = [np.append(ids, END) if ends else ids for ids in map(voice.alphabet.encode, messages)]
    lengths = np.array([len(symbols) + len(text) for (symbols, _), text in zip(contexts, texts, strict=True)])
    order = np.argsort(-lengths, kind="stable")  # like lengths together, so that little is read in vain
    found: list[np.ndarray] = [np.zeros(0)] * len(messages)
    done = 0
    while done < len(order):
        longest = int(lengths[order[done]])
        rows = order[done : done + _MOST_TOGETHER]
        ids = np.zeros((len(rows), longest), np.int64)
        authors = np.full((len(rows), longest), author, np.int64)  # of each symbol
        counted = np.zeros((len(rows), longest), bool)
        for row, number in enumerate(rows.tolist()):
            (symbols, who), text = contexts[number], texts[number]
            ids[row, : len(symbols)] = symbols
            authors[row, : len(symbols)] = who
            ids[row, len(symbols) : lengths[number]] = text
            counted[row, len(symbols) : lengths[number]] = True
        targets, counted = ids[:, 1:], counted[:, 1:]
        cost = np.zeros(targets.shape)
        streams = voice.engine.streams(len(rows), author)
        piece = max(1, _LOGITS_AT_ONCE // (len(rows) * len(voice.alphabet)))
        for start in range(0, longest - 1, piece):
            cut = np.s_[:, start : start + piece]
            logits = streams.read(ids[:, :-1][cut], authors[:, 1:][cut])
            if heard is not None:
                heard(logits, targets[cut], counted[cut])
            cost[cut] = surprisal(logits, targets[cut])
        for row, number in enumerate(rows.tolist()):
            found[number] = cost[row, counted[row]]
        done += len(rows)
        read(done)
    return found


def by_character(voice: Voice, text: str, nats: np.ndarray) -> np.ndarray:
    """Return how likely the voice found each character of a text, after the ones before it; float64, (characters,).

    Args:
        voice: The voice.
        text: The text.
        nats: What each of its symbols costs, from ``costs``; the END, if there is one, is not asked for.
    """
    alphabet = voice.alphabet
    spans = [len(alphabet.encode(character)) for character in text]  # a character outside the alphabet is several bytes
    if not spans:
        return np.zeros(0)
    probabilities: np.ndarray = np.exp(-np.add.reduceat(nats[: sum(spans)], np.cumsum([0, *spans[:-1]])))
    return probabilities


def _context(voice: Voice, turns: Sequence[Turn]) -> tuple[np.ndarray, np.ndarray]:
    """Return the symbols of what is read before a message, (T,), and the author of each."""
    ends = voice.card.kind == "messages"
    texts = [np.append(ids, END) if ends else ids for ids in (voice.alphabet.encode(turn.text) for turn in turns)]
    authors = [np.full(len(text), turn.author) for text, turn in zip(texts, turns, strict=True)]
    return np.concatenate([[END], *texts]).astype(np.int64), np.concatenate([[0], *authors]).astype(np.int64)
