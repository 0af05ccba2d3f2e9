"""What to write: prompt, conversation, author, lengths, stops, seed, sampling."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from talklike.corpus.alphabet import END
from talklike.errors import OptionError
from talklike.generation.sampling import Sampling

if TYPE_CHECKING:
    from talklike.corpus.alphabet import Alphabet

MOST_TEXTS = 10_000
"""Most texts at once: each carries its state and a row of logits."""

MOST_ALTERNATIVES = 100
"""Most alternatives whose probabilities are given with a symbol."""


@dataclass(frozen=True)
class Turn:
    """A message of the conversation so far.

    Attributes:
        author: Input value of who said it; 0 is "someone".
        text: What was said.
    """

    author: int
    text: str


@dataclass(frozen=True)
class Request:
    """What to write.

    Attributes:
        prompt: What the text begins with, as text or as ids of symbols; it is read, not written.
        turns: The messages said before, oldest first.
        author: Input value of the author to write as.
        prompt_author: Who wrote the prompt, if it is someone else.
        count: How many texts.
        best_of: How many are written, of which the ``count`` best are given: those that are more like the author than like the
            room, where a voice knows a room, else the likeliest.
        most: Most characters of each, without the prompt; 0 only reads.
        least: Fewest characters before a message may end.
        through: Write on through the ends of messages, as newlines, until ``most`` characters.
        stops: Strings that finish a text.
        seed: Decides every draw. Text i draws the same, and is the same, whatever the count and whoever else writes.
        sampling: How symbols are picked.
        regex: What the whole text, without the prompt, must match (Rust's syntax).
        logprobs: Give with each symbol its log-probability and so many of the likeliest alternatives.
        prompt_logprobs: Give those of the prompt's symbols too.

    Raises:
        OptionError: Values make no sense; all of them are named.
    """

    prompt: str | tuple[int, ...] = ""
    turns: tuple[Turn, ...] = ()
    author: int = 1
    prompt_author: int | None = None
    count: int = 1
    best_of: int | None = None
    most: int = 500
    least: int = 0
    through: bool = False
    stops: tuple[str, ...] = ()
    seed: int = 0
    sampling: Sampling = field(default_factory=Sampling)
    regex: str | None = None
    logprobs: int | None = None
    prompt_logprobs: bool = False

    def __post_init__(self) -> None:
        wrong = []
        if not 1 <= self.count <= MOST_TEXTS:
            wrong.append(f"count is {self.count}, must be from 1 to {MOST_TEXTS:,}")
        if self.best_of is not None and not self.count <= self.best_of <= MOST_TEXTS:
            wrong.append(f"best-of is {self.best_of}, must be from the count, {self.count}, to {MOST_TEXTS:,}")
        if self.most < (0 if self.prompt_logprobs else 1):
            wrong.append(f"the number of characters is {self.most}, must be 1 or more")
        if not 0 <= self.least <= max(self.most, 0):
            wrong.append(f"the fewest characters are {self.least}, must be from 0 to the most, {self.most}")
        if self.seed < 0:
            wrong.append(f"seed is {self.seed}, must be 0 or more")
        if "" in self.stops:
            wrong.append("a stop string is empty; it would stop everything")
        if self.logprobs is not None and not 0 <= self.logprobs <= MOST_ALTERNATIVES:
            wrong.append(f"the number of alternatives is {self.logprobs}, must be from 0 to {MOST_ALTERNATIVES}")
        if wrong:
            raise OptionError("; ".join(wrong))

    @property
    def written(self) -> int:
        """How many texts are written; ``best_of``, or ``count``."""
        return self.best_of or self.count

    def prompt_symbols(self, alphabet: Alphabet) -> np.ndarray:
        """Return the symbols of the prompt, (T,).

        Raises:
            OptionError: An id is none of the alphabet's.
        """
        if isinstance(self.prompt, str):
            return alphabet.encode(self.prompt)
        if not all(0 <= symbol < len(alphabet) for symbol in self.prompt):
            raise OptionError(f"a symbol of the prompt isn't from 0 to {len(alphabet) - 1}")
        return np.array(self.prompt, np.uint16)

    def context(self, alphabet: Alphabet) -> tuple[np.ndarray, np.ndarray]:
        """Return the symbols to read before the first is written, (T,), and the author of each *next* symbol, (T,)."""
        messages = [np.append(alphabet.encode(turn.text), END) for turn in self.turns]
        prompt = self.prompt_symbols(alphabet)
        whose = self.author if self.prompt_author is None else self.prompt_author
        authors = [np.full(len(m), turn.author, np.int64) for m, turn in zip(messages, self.turns, strict=True)]
        symbols = np.concatenate([[END], *messages, prompt]).astype(np.int64)
        after = np.concatenate([*authors, np.full(len(prompt), whose, np.int64), [self.author]])
        return symbols, after
