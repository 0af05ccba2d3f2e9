"""Turns symbols into text as they come, and says when a text is finished."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Literal

from talklike.corpus.alphabet import END

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.corpus.alphabet import Alphabet

Reason = Literal["end", "stop", "length"]
"""Why a text is finished: its author ended the message, a stop string came, or it is as long as asked."""


class Text:
    """One text being written.

    Args:
        alphabet: What its symbols are.
        most: Characters after which it is finished.
        stops: Strings that finish it; the text ends before them.
        through: Write on after the end of a message, with a newline, until there are ``most`` characters.

    Attributes:
        most: Characters after which it is finished.
        finished: Why it is finished, or None while it isn't.
        written: Characters so far, those held back included.
    """

    def __init__(self, alphabet: Alphabet, most: int, *, stops: Sequence[str] = (), through: bool = False) -> None:
        self._text_of = alphabet.text_of
        self._bytes_of = alphabet.bytes_of
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._begun = False  # whether the decoder holds bytes of a character
        self.most = most
        self._stops = tuple(stops)
        self._through = through
        self._held = ""  # written, but perhaps the beginning of a stop string
        self.written = 0
        self.finished: Reason | None = None

    def add(self, symbol: int) -> str:
        """Take the next symbol and return the text that is now certain, often one character, sometimes none."""
        if symbol == END and not self._through:
            self.finished = "end"
            return self._release()
        characters = "" if self._begun else self._text_of[symbol]
        if not characters:
            characters = self._decoder.decode(self._bytes_of[symbol])
            self._begun = bool(self._decoder.getstate()[0])
            if not characters:  # a character begun in bytes
                return ""
        self.written += len(characters)
        if not self._stops:
            if self.written >= self.most:
                self.finished = "length"
            return characters
        self._held += characters
        if self._cut_at_stop():
            self.finished = "stop"
        elif self.written >= self.most:
            self.finished = "length"
        return self._release()

    def finish(self, reason: Reason) -> str:
        """Finish the text here, and return what was held back."""
        self.finished = reason
        return self._release() if self._stops else ""

    def _cut_at_stop(self) -> bool:
        """Cut the held text before the first stop string in it, and say whether there is one."""
        found = [at for stop in self._stops if (at := self._held.find(stop)) >= 0]
        if found:
            self._held = self._held[: min(found)]
        return bool(found)

    def _release(self) -> str:
        """Return the held text, less an end that a stop string may begin with (nothing less once finished)."""
        keep = 0
        if not self.finished:
            longest = min(len(self._held), max(map(len, self._stops)) - 1)
            keep = next((n for n in range(longest, 0, -1) if self._begins_stop(self._held[-n:])), 0)
        certain = self._held[: len(self._held) - keep]
        self._held = self._held[len(self._held) - keep :]
        return certain

    def _begins_stop(self, end: str) -> bool:
        return any(stop.startswith(end) for stop in self._stops)
