"""Copying: what of a text stands word for word in the text that a voice learnt from, and who wrote it there.

People repeat themselves too. Every figure here means something only beside the same figure for real messages of the author that
were held out, about as many and as long.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.evaluation.suffix_array import SuffixArray
from talklike.evaluation.word_index import WordIndex

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST = 25
"""Fewest characters of a span that counts as copied: 7 to 10 % of the characters of real held-out messages lie in such spans."""

CHARACTERS = (8, 16, 32)
WORDS = (2, 3, 4, 5)
"""Lengths of the n-grams whose share of new ones is told."""

LENGTHS = (8, 16, 25, 32, 64)
"""Lengths for which it is told how many texts hold a span at least so long."""


@dataclass(frozen=True)
class Span:
    """A run of characters that also stands in a training message, as long as it goes in both directions.

    Attributes:
        start: Its first character in the text.
        end: The one after its last.
        author: Who wrote the training message: the author asked about, if they are one of those who did, else whoever did first.
        message: Number of that training message.
    """

    start: int
    end: int
    author: str
    message: int


@dataclass(frozen=True)
class Copied:
    """What of one text is copied.

    Attributes:
        longest: Characters of the longest span that also stands in a training message, however short.
        verbatim: Whether the text is a training message, from beginning to end.
        spans: Spans of at least ``LEAST`` characters, and a verbatim text as a whole; by their start. Two may overlap, none lies
            within another.
    """

    longest: int
    verbatim: bool
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Copying:
    """What of some texts is copied; shares are from 0 to 1, and None where there is nothing to share.

    Attributes:
        texts: Each text, in order.
        characters: Characters of all of them.
        copied: Share of the characters that lie in a span.
        verbatim: Share of the texts that are a training message.
        verbatim_long: The same of the texts of at least ``LEAST`` characters: everybody has said "ok" before.
        sources: Share of the copied characters by the author of the training message, the largest first.
        new_characters: Share of the n-grams of so many characters that stand in no training message.
        new_words: The same of so many words, whatever their case and what stands between them.
    """

    texts: tuple[Copied, ...]
    characters: int
    copied: float | None
    verbatim: float | None
    verbatim_long: float | None
    sources: dict[str, float]
    new_characters: dict[int, float | None]
    new_words: dict[int, float | None]

    @property
    def longest(self) -> dict[str, int]:
        """Characters of the longest span of a text: of half the texts at most so many, of nine in ten, of all."""
        lengths = [text.longest for text in self.texts] or [0]
        return {name: int(np.quantile(lengths, q, method="lower")) for name, q in (("median", 0.5), ("p90", 0.9), ("most", 1))}

    @property
    def holding(self) -> dict[int, float | None]:
        """Share of the texts that hold a span of at least so many characters."""
        return {least: _share(sum(text.longest >= least for text in self.texts), len(self.texts)) for least in LENGTHS}

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain JSON-ready values, without the single texts."""
        return {
            "texts": len(self.texts),
            "characters": self.characters,
            "copied": self.copied,
            "verbatim": self.verbatim,
            "verbatim_long": self.verbatim_long,
            "longest": self.longest,
            "holding": {str(length): share for length, share in self.holding.items()},
            "sources": self.sources,
            "new_characters": {str(length): share for length, share in self.new_characters.items()},
            "new_words": {str(length): share for length, share in self.new_words.items()},
        }


class TrainingText:
    """What a voice learnt from, ready to be searched: about eight bytes for each byte, words included.

    Args:
        messages: Author and text of each training message; a running text is one message.
        author: Whose voice it is: a span that several wrote counts as theirs. Without it, as the first one's.

    Raises:
        MissingExtraError: The package that sorts suffixes isn't installed.
    """

    def __init__(self, messages: Sequence[tuple[str, str]], *, author: str | None = None) -> None:
        self._authors = [who for who, _ in messages]
        self._texts = [text for _, text in messages]
        self._author = author
        self._index = SuffixArray(self._texts)

    def copied(self, texts: Sequence[str], *, least: int = LEAST) -> Copying:
        """Return what of ``texts`` stands in the training messages.

        Args:
            texts: Generated texts, or real ones to compare them with.
            least: Fewest characters of a span.
        """
        matches = self._index.longest(texts)
        verbatim = {number for number, text in enumerate(texts) if text and text in self._known}
        ranges = [
            [(0, len(text))] if number in verbatim else _maximal(matches[number], least) for number, text in enumerate(texts)
        ]
        parts = dict.fromkeys(
            text[start:end]
            for number, text in enumerate(texts)
            if number not in verbatim  # "ok" stands within thousands of messages; whose it is says the message that it is
            for start, end in ranges[number]
        )
        holders = dict(zip(parts, self._index.holders(list(parts)), strict=True))
        found = []
        for number, spans in enumerate(ranges):
            if number in verbatim:
                message = self._known[texts[number]]
                sourced = [Span(0, len(texts[number]), self._authors[message], message)]
            else:
                sourced = [self._span(start, end, holders[texts[number][start:end]]) for start, end in spans]
            found.append(Copied(int(matches[number].max(initial=0)), number in verbatim, tuple(sourced)))
        characters = sum(map(len, texts))
        by_author = Counter[str]()
        for one in found:
            by_author.update(_covered(one.spans))
        hits = by_author.total()
        long = [number for number, text in enumerate(texts) if len(text) >= least]
        words = self._words.longest(texts)
        return Copying(
            texts=tuple(found),
            characters=characters,
            copied=_share(hits, characters),
            verbatim=_share(len(verbatim), len(texts)),
            verbatim_long=_share(len(verbatim.intersection(long)), len(long)),
            sources={author: count / hits for author, count in by_author.most_common()},
            new_characters={n: _new(matches, n) for n in CHARACTERS},
            new_words={n: _new(words, n) for n in WORDS},
        )

    def _span(self, start: int, end: int, holders: np.ndarray) -> Span:
        own = [number for number in holders.tolist() if self._authors[number] == self._author]
        message = own[0] if own else int(holders[0])
        return Span(start, end, self._authors[message], message)

    @cached_property
    def _known(self) -> dict[str, int]:
        """The number of each text's first message, of the author asked about if there is one."""
        numbers = range(len(self._texts) - 1, -1, -1)
        known = {self._texts[number]: number for number in numbers}
        return known | {self._texts[number]: number for number in numbers if self._authors[number] == self._author}

    @cached_property
    def _words(self) -> WordIndex:
        return WordIndex(self._texts)


def _maximal(lengths: np.ndarray, least: int) -> list[tuple[int, int]]:
    """Return start and end of the matches of at least ``least`` that lie within no other.

    Args:
        lengths: Length of the longest match from each character on.
        least: Fewest characters.
    """
    ends = np.arange(len(lengths)) + lengths
    longer = np.concatenate([[True], ends[1:] > ends[:-1]])[: len(ends)]  # else it lies within the one before
    starts = np.flatnonzero(longer & (lengths >= least))
    return list(zip(starts.tolist(), ends[starts].tolist(), strict=True))


def _covered(spans: Sequence[Span]) -> Counter[str]:
    """Return how many characters the spans of a text cover, by author; one that two cover is the first one's."""
    covered = Counter[str]()
    position = 0
    for span in spans:
        covered[span.author] += span.end - max(span.start, position)
        position = span.end
    return covered


def _new(matches: Sequence[np.ndarray], n: int) -> float | None:
    """Return the share of the n-grams that no training message holds."""
    fits = [lengths[: max(0, len(lengths) - n + 1)] for lengths in matches]
    return _share(sum(int((lengths < n).sum()) for lengths in fits), sum(map(len, fits)))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
