"""A voice in Python: load it, let it write."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from talklike.corpus.alphabet import Alphabet
from talklike.errors import AuthorNotFoundError, OptionError, VoiceFileError
from talklike.generation.engine import Engine
from talklike.generation.sampling import Sampling
from talklike.generation.utf8 import Utf8
from talklike.generation.write import Request, write
from talklike.voice.read import check_voice, read_voice

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

    from talklike.voice.card import Card

MESSAGE_LENGTH = 500
"""Most characters of a message, unless asked otherwise: longer than nearly all that people send."""

STREAM_LENGTH = 400
"""Characters of running text, unless asked otherwise: the length of the tutorial's samples."""


SOMEONE = "someone"
"""The author whom a room voice doesn't name."""


class Voice:
    """A trained model of how someone writes.

    Args:
        card: The voice's card.
        data: The voice's file, already checked.
        where: The file's name, for errors.
        threads: Threads a step may use; 2 without it.

    Attributes:
        card: What the voice says of itself: alphabet, authors, scores, provenance.
        alphabet: The symbols it reads and writes.
        engine: The loaded model.

    See ``load_voice`` for how to get one.
    """

    def __init__(self, card: Card, data: bytes, *, where: str = "voice", threads: int | None = None) -> None:
        self.card = card
        self.alphabet = Alphabet(card.alphabet)
        try:
            self._sampling = Sampling.from_dict(card.sampling)
        except OptionError as error:
            raise VoiceFileError(f"{where}: the voice's default sampling makes no sense: {error}") from error
        self.engine = Engine(card, data, where=where, threads=threads)
        self._utf8 = Utf8(len(self.alphabet))

    @classmethod
    def from_bytes(cls, data: bytes, *, where: str = "voice", threads: int | None = None) -> Voice:
        """Return the voice in ``data``, a whole voice file.

        Raises:
            VoiceFileError: It is damaged, foreign or hostile.
        """
        return cls(check_voice(data, where), data, where=where, threads=threads)

    def __repr__(self) -> str:
        sizes = self.card.sizes
        score = self.card.scores.get("test", {}).get("bits_per_character")
        quality = f", {score:.2f} bits per character" if score is not None else ""
        return (
            f"<Voice of {_listed(self.card.names)}: {sizes.layers}×{sizes.hidden} LSTM, {sizes.parameters:,} parameters, "
            f"{self.card.precision}{quality}>"
        )

    def generate(
        self,
        prompt: str = "",
        *,
        author: str | None = None,
        max_chars: int | None = None,
        chars: int | None = None,
        stop: str | Sequence[str] = (),
        seed: int | None = None,
        echo: bool = True,
        temperature: float | None = None,
        top_k: int | None = None,
        top_p: float | None = None,
        min_p: float | None = None,
    ) -> str:
        """Return a text: a whole message, or ``chars`` characters.

        Args:
            prompt: What it begins with; any text.
            author: Whose, by id or name; the voice's first author without it. "someone" is anyone whom a room voice doesn't name.
            max_chars: Most characters, the prompt not counted.
            chars: Write exactly this many characters, on through the ends of messages, which become newlines.
            stop: Strings (or one) that finish the text; it ends before them.
            seed: The same seed gives the same text; a random one without it.
            echo: Whether the text begins with the prompt.
            temperature: Below 1 safer, above 1 wilder, 0 always the most likely.
            top_k: Pick only from the k most likely symbols.
            top_p: Pick only from the most likely symbols that together are this probable.
            min_p: Pick only from symbols at least this share as likely as the most likely.

        Raises:
            OptionError: A value makes no sense.
            AuthorNotFoundError: The voice doesn't know the author.
        """
        return self.generate_many(
            1, prompt, author=author, max_chars=max_chars, chars=chars, stop=stop, seed=seed, echo=echo,
            temperature=temperature, top_k=top_k, top_p=top_p, min_p=min_p,
        )[0]  # fmt: skip

    def generate_many(
        self,
        count: int,
        prompt: str = "",
        *,
        author: str | None = None,
        max_chars: int | None = None,
        chars: int | None = None,
        stop: str | Sequence[str] = (),
        seed: int | None = None,
        echo: bool = True,
        temperature: float | None = None,
        top_k: int | None = None,
        top_p: float | None = None,
        min_p: float | None = None,
    ) -> list[str]:
        """Return ``count`` texts, written at once in one batch; see ``generate`` for the rest.

        With a float32 voice, text i is the same whatever the count. An int8 voice rounds all texts of a step on one scale, so
        it is the same only for the same count.
        """
        request = self._request(
            prompt, author, max_chars, chars, stop, seed, temperature=temperature, top_k=top_k, top_p=top_p, min_p=min_p
        )
        request = replace(request, count=count)
        pieces: list[list[str]] = [[prompt] if echo else [] for _ in range(count)]
        for number, piece in write(self.engine, self.alphabet, self._utf8, request):
            pieces[number].append(piece)
        return ["".join(piece) for piece in pieces]

    def stream(
        self,
        prompt: str = "",
        *,
        author: str | None = None,
        max_chars: int | None = None,
        chars: int | None = None,
        stop: str | Sequence[str] = (),
        seed: int | None = None,
        echo: bool = True,
        temperature: float | None = None,
        top_k: int | None = None,
        top_p: float | None = None,
        min_p: float | None = None,
    ) -> Iterator[str]:
        """Yield the text that ``generate`` would return, piece by piece as it is written."""
        request = self._request(
            prompt, author, max_chars, chars, stop, seed, temperature=temperature, top_k=top_k, top_p=top_p, min_p=min_p
        )

        def pieces() -> Iterator[str]:
            if echo and prompt:
                yield prompt
            for _, piece in write(self.engine, self.alphabet, self._utf8, request):
                yield piece

        return pieces()  # a function of its own, so that a wrong option is reported at the call

    def author_number(self, author: str | None) -> int:
        """Return the input value of an author, given by id or name; of the first without one.

        Raises:
            AuthorNotFoundError: The voice doesn't know the author.
        """
        if author is None:
            return 1
        for known in (self.card.authors, self.card.names):
            if author in known:
                return known.index(author) + 1
        if author == SOMEONE and len(self.card.authors) > 1:
            return 0
        raise AuthorNotFoundError(f"this voice is not {author!r}'s; it writes as {_listed(self.card.names)}")

    def _request(
        self,
        prompt: str,
        author: str | None,
        max_chars: int | None,
        chars: int | None,
        stop: str | Sequence[str],
        seed: int | None,
        **sampling: Any,
    ) -> Request:
        default = MESSAGE_LENGTH if self.card.kind == "messages" else STREAM_LENGTH
        lengths = [length for length in (chars, max_chars) if length is not None]
        return Request(
            prompt=prompt,
            author=self.author_number(author),
            most=min(lengths, default=default),
            through=chars is not None,
            stops=(stop,) if isinstance(stop, str) else tuple(stop),
            seed=secrets.randbits(32) if seed is None else seed,
            sampling=replace(self._sampling, **{name: value for name, value in sampling.items() if value is not None}),
        )


def _listed(names: Sequence[str]) -> str:
    """Return names in one line: a voice may come from anyone, and a terminal obeys what it is shown."""
    return ", ".join("".join(c if c.isprintable() else "\ufffd" for c in name) for name in names)


def load_voice(path: str | os.PathLike[str], *, threads: int | None = None) -> Voice:
    """Return the voice in a file, or in the folder of a training run.

    Args:
        path: A voice file or a run folder.
        threads: Threads a step may use; 2 without it.

    Raises:
        VoiceFileError: It is missing, damaged, foreign or hostile.
    """
    card, data = read_voice(path)
    return Voice(card, data, where=str(path), threads=threads)
