"""Messages that someone and a voice write together: those that are done, and how the one in hand may go on."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from talklike.generation.conversation import REACH, Conversation, end_of
from talklike.generation.words import LONGEST, first_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.generation.continuations import Continuation
    from talklike.generation.voice import Voice


class Cowriting:
    """Messages that are written together with a voice.

    Args:
        voice: Who helps.
        author: Which of its authors the messages are by, by id or name; its first without it.
        said: What was said before, pairs of an author and a text.
        count: How many continuations are offered.
        sampling: How words are drawn, by the names of the options.
        seed: Of the first word that is drawn; each after it has the next. A random one without it.

    Attributes:
        name: The author's name.
        running: Whether the voice writes running text, in which nothing ends.
        done: The messages that are finished.

    Raises:
        AuthorNotFoundError: The voice doesn't know the author.
        OptionError: A value makes no sense.
    """

    def __init__(
        self,
        voice: Voice,
        *,
        author: str | None = None,
        said: Sequence[tuple[str | None, str]] = (),
        count: int = 5,
        sampling: dict[str, Any] | None = None,
        seed: int | None = None,
    ) -> None:
        self._voice = voice
        self._before = Conversation(voice, author=author)
        for who, text in said:
            self._before.me = voice.card.authors[0] if who is None else who
            self._before.say(text)
        self._before.me = self._before.author
        self.name = self._before.name
        self.running = voice.card.kind != "messages"
        self.done: list[str] = []
        self._count = count
        self._sampling = sampling or {}
        self._seed = secrets.randbits(32) if seed is None else seed
        self._known: tuple[str, int, list[Continuation]] | None = None
        voice.request(seed=self._seed, **self._sampling)  # what makes no sense is told now

    def candidates(self, text: str) -> list[Continuation]:
        """Return how the message in hand may go on after ``text``, the likeliest first."""
        if self._known is None or self._known[:2] != (text, len(self.done)):
            found = self._voice.continuations(**self._request(text), count=self._count)
            self._known = (text, len(self.done), found)
        return self._known[2]

    def draw_as(self, sampling: dict[str, Any], seed: int) -> None:
        """Draw words from now on by other sampling options, and from another seed on.

        Raises:
            OptionError: A value makes no sense.
        """
        self._voice.request(seed=seed, **sampling)
        self._sampling, self._seed = sampling, seed

    def drawn(self, text: str) -> str:
        """Return one more word, drawn as the sampling options say; nothing if the voice would end the message here."""
        seed, self._seed = self._seed, self._seed + 1
        request = self._request(text)
        prompt = request.pop("text")
        pieces = self._voice.stream(prompt, echo=False, seed=seed, max_chars=LONGEST, **request, **self._sampling)
        return first_word(pieces)

    def finish(self, text: str) -> None:
        """Take a message as finished; what comes next is the next one."""
        self.done.append(text)
        self._before.say(text)

    def reopen(self) -> str:
        """Take the last finished message in hand again, and return its text; nothing if there is none."""
        if not self.done:
            return ""
        self._before.undo()
        return self.done.pop()

    def _request(self, text: str) -> dict[str, Any]:
        text = end_of(text, self._voice.alphabet, REACH)  # a page takes no longer than a paragraph
        return {"text": text, "author": self._before.author, "conversation": self._before.recent()}
