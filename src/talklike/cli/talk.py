"""A chat with a voice at the command line: the conversation, how the voice writes, and where its answers go."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from talklike.cli.live_options import LiveOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from talklike.generation.conversation import Conversation
    from talklike.generation.voice import Voice

    Write = Callable[[str, Generator[str]], None]


class Talk:
    """A chat with a voice; ``talklike.cli.talk_commands`` says what its lines do.

    Args:
        voice: Who answers.
        conversation: What was said so far.
        sampling: How the voice writes at first, by the names of the options.
        lengths: ``max_chars`` and ``min_chars`` of answers.
        seed: Of the first answer; each answer after it has the next. A random one without it.
        write: Writes an answer: the author's name and the pieces, which it closes if it takes no more of them.
        show: Shows what a command replies.

    Attributes:
        voice: Who answers.
        conversation: What was said so far.
        options: How the voice writes.
        seed: Of the next answer.
        last_seed: Of the last one.
        saved: Files that the conversation was written into.
        show: Shows what a command replies.

    Raises:
        OptionError: A value makes no sense.
    """

    def __init__(
        self,
        voice: Voice,
        conversation: Conversation,
        *,
        sampling: dict[str, Any],
        lengths: dict[str, Any],
        seed: int | None,
        write: Write,
        show: Callable[[str], None],
    ) -> None:
        self.voice = voice
        self.conversation = conversation
        self.options = LiveOptions(voice, sampling)
        self.seed = secrets.randbits(32) if seed is None else seed
        self.last_seed: int | None = None
        self.saved: set[Path] = set()
        self.show = show
        self._lengths = lengths
        self._write = write
        voice.request(seed=self.seed, **lengths)  # what makes no sense is told now, not at the first answer

    def say(self, text: str) -> None:
        """Say something, and let the voice answer."""
        self.conversation.say(text)
        self.answer()

    def answer(self) -> None:
        """Let the voice say something."""
        self.last_seed, self.seed = self.seed, self.seed + 1
        pieces = self.conversation.answer(seed=self.last_seed, **self._lengths, **self.options.values)
        self._write(self.conversation.name, pieces)
