"""A conversation with a voice: what was said, by whom, and what the voice answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from talklike.errors import OptionError
from talklike.generation.voice import SOMEONE

if TYPE_CHECKING:
    from collections.abc import Generator

    from talklike.corpus.alphabet import Alphabet
    from talklike.generation.voice import Voice

REACH = 1024
"""Symbols of a conversation that are read before each answer, unless asked otherwise: some twenty messages, read in 10 ms."""

BETWEEN = "\n\n"
"""What stands between the turns for a voice of running text: the line that ends a paragraph."""


@dataclass(frozen=True)
class Said:
    """A message of a conversation.

    Attributes:
        author: Who said it, by id or name.
        name: That as it is shown.
        text: What was said.
        written: Whether the voice wrote it.
    """

    author: str
    name: str
    text: str
    written: bool


class Conversation:
    """What was said between someone and a voice.

    Before each answer the voice reads the last ``reach`` symbols, so an answer takes as long after a thousand turns as after
    twenty. A voice of running text, which knows no messages, goes on from the turns as from paragraphs.

    Args:
        voice: Who answers.
        author: Which of its authors it answers as, by id or name; its first without it.
        me: Who says what it is told. A voice that doesn't know the name takes it as said by "someone", or, if it knows one
            author only, as said by that one.
        reach: Symbols of the conversation that it reads before an answer.

    Attributes:
        said: The messages, oldest first.
        me: Who says what it is told.
        author: Which author it answers as.
        name: That author's name.

    Raises:
        AuthorNotFoundError: The voice doesn't know the author.
        OptionError: ``reach`` is too short.
    """

    def __init__(self, voice: Voice, *, author: str | None = None, me: str = SOMEONE, reach: int = REACH) -> None:
        if reach < 1:
            raise OptionError(f"the context is {reach} symbols, must be 1 or more")
        self._voice = voice
        self._reach = reach
        self.said: list[Said] = []
        self.me = me
        self.author = self.name = ""
        self.write_as(voice.card.authors[0] if author is None else author)

    def write_as(self, author: str) -> None:
        """Let the voice answer as another of its authors, by id or name.

        Raises:
            AuthorNotFoundError: The voice doesn't know the author.
        """
        number = self._voice.author_number(author)
        self.author = self._voice.card.authors[number - 1] if number else SOMEONE
        self.name = self._voice.card.names[number - 1] if number else SOMEONE

    def say(self, text: str) -> None:
        """Say something to the voice."""
        self.said.append(Said(self.me, self.me, text, written=False))

    def answer(self, **options: Any) -> Generator[str]:
        """Yield the voice's answer, piece by piece; it becomes a part of the conversation, also as far as it came when closed.

        Args:
            **options: As for ``Voice.generate``.

        Raises:
            OptionError: A value makes no sense, or no option is called so.
        """
        author, name = self.author, self.name
        pieces = self._voice.stream(echo=False, **self.wanted(**options))

        def told() -> Generator[str]:
            written: list[str] = []
            try:
                for piece in pieces:
                    written.append(piece)
                    yield piece
            finally:
                if text := "".join(written):
                    self.said.append(Said(author, name, text, written=True))

        return told()  # a function of its own, so that a wrong option is reported at the call

    def wanted(self, **options: Any) -> dict[str, Any]:
        """Return what the next answer takes, as the arguments of ``Voice.generate`` and its kin.

        Args:
            **options: As for ``Voice.generate``.
        """
        texts = self.recent()
        if self._voice.card.kind == "messages":
            return {"author": self.author, "conversation": texts, **options}
        before = "".join(text + BETWEEN for _, text in texts)
        return {"prompt": before, "author": self.author, "stop": BETWEEN, **options}

    def take_back_answer(self) -> bool:
        """Forget what the voice said last; return whether it was the last to speak."""
        if not self.said or not self.said[-1].written:
            return False
        self.said.pop()
        return True

    def undo(self) -> bool:
        """Forget the last turn that the voice was told and all that it said since; return whether there was anything."""
        had = bool(self.said)
        while self.take_back_answer():
            pass
        if self.said:
            self.said.pop()
        return had

    def clear(self) -> None:
        """Forget everything."""
        self.said.clear()

    def recent(self) -> list[tuple[str, str]]:
        """Return author and text of the last messages that are together no longer than what is read, oldest first.

        A last message that is longer alone is cut at its beginning.
        """
        between = 1 if self._voice.card.kind == "messages" else len(BETWEEN)
        left = self._reach
        found: list[tuple[str, str]] = []
        for one in reversed(self.said):
            length = len(self._voice.alphabet.encode(one.text)) + between
            if length > left:
                if not found:
                    found.append((one.author, end_of(one.text, self._voice.alphabet, max(left - between, 1))))
                break
            found.append((one.author, one.text))
            left -= length
        return found[::-1]


def end_of(text: str, alphabet: Alphabet, most: int) -> str:
    """Return the end of a text, as much as fits into ``most`` symbols."""
    text = text[-most:]
    while (over := len(alphabet.encode(text)) - most) > 0:
        text = text[max(over // 4, 1) :]  # no character is spelt in more than four bytes, so this never cuts too much
    return text
