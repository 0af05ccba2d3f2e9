"""Collects the messages of chats whose names may come after their messages, as in the exports of Messenger and Instagram."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talklike.chat.rows import CHARACTERS, ROWS, Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.format import Batch


class ChatRows:
    """Messages on their way into batches, held back until the name of their chat is known.

    Memory stays bounded: a chat with more messages than a batch has (``ROWS``, ``CHARACTERS``) before its name is called
    otherwise, all of it, so that one chat stays one.

    Attributes:
        otherwise: What to call the chat if it has no name.
    """

    def __init__(self, otherwise: str | None = None) -> None:
        """Begin the first chat.

        Args:
            otherwise: What to call chats without a name.
        """
        self._rows = Rows()
        self._default = otherwise
        self._begin()

    def add(
        self,
        line: int,
        author: str | None,
        text: str | None,
        *,
        time: str | None,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the column's name
    ) -> None:
        """Add a message of the chat; see ``Rows.add``."""
        if self._settled:
            self._rows.add(line, author, text, time=time, name=name, channel=self._name, id=id)
            return
        self._held.append((line, author, text, time, name, id))
        self._characters += len(text or "")
        if len(self._held) >= ROWS or self._characters >= CHARACTERS:
            self._settle(self.otherwise)

    def name_chat(self, name: str | None) -> None:
        """Say what the chat is called; the first word counts, and None says nothing."""
        if name is not None:
            self._settle(name)

    def end_chat(self) -> None:
        """Let the messages of the chat go, and begin another."""
        self._settle(self.otherwise)
        self._begin()

    def full(self) -> Iterator[Batch]:
        """Yield a batch if there are enough messages for one."""
        yield from self._rows.full()

    def rest(self) -> Iterator[Batch]:
        """Yield all that is left."""
        self._settle(self.otherwise)
        yield from self._rows.rest()

    def _begin(self) -> None:
        self.otherwise = self._default
        self._name: str | None = None
        self._settled = False
        self._characters = 0
        self._held: list[tuple[int, str | None, str | None, str | None, str | None, str | None]] = []

    def _settle(self, name: str | None) -> None:
        if self._settled:
            return
        self._settled, self._name = True, name
        for line, author, text, time, display, key in self._held:
            self._rows.add(line, author, text, time=time, name=display, channel=name, id=key)
        self._held = []
