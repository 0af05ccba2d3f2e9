"""A voice in Python: load it, let it write."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, partial
from html import escape
from typing import TYPE_CHECKING, Any

from talklike.corpus.alphabet import Alphabet
from talklike.errors import AuthorNotFoundError, OptionError, VoiceFileError
from talklike.generation.continuations import Continuation, continuations
from talklike.generation.engine import Engine
from talklike.generation.novelty import NO_INDEX, Novelty
from talklike.generation.options import canonical
from talklike.generation.pattern import Pattern, Vocabulary
from talklike.generation.request import Request, Turn
from talklike.generation.sampling import Sampling
from talklike.generation.utf8 import Utf8
from talklike.generation.words import LONGEST
from talklike.generation.write import Piece, write
from talklike.generation.writing import Rules
from talklike.voice.graph import INDEX, SIGNATURES
from talklike.voice.novelty_index import NoveltyIndex
from talklike.voice.read import arrays, check_voice, read_voice
from talklike.voice.signatures import Signatures

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Sequence

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
        shares: Whether others need the cores between steps, as in a server (``talklike.generation.engine.Engine``).
        device: ``cpu`` or ``cuda``.

    Attributes:
        card: What the voice says of itself: alphabet, authors, scores, provenance.
        alphabet: The symbols it reads and writes.
        engine: The loaded model.
        default_sampling: How it picks symbols unless asked otherwise.
        signatures: What tells its authors apart, if it carries that.

    See ``load_voice`` for how to get one.
    """

    def __init__(
        self,
        card: Card,
        data: bytes,
        *,
        where: str = "voice",
        threads: int | None = None,
        shares: bool = False,
        device: str = "cpu",
    ) -> None:
        self.card = card
        self.alphabet = Alphabet(card.alphabet)
        try:
            self.default_sampling = self._possible(Sampling.from_dict(card.sampling))
        except OptionError as error:
            raise VoiceFileError(f"{where}: the voice's default sampling makes no sense: {error}") from error
        carried = arrays(data) if card.novelty_index or card.signatures else {}
        self._index = NoveltyIndex(carried[INDEX]) if card.novelty_index else None
        self.signatures = Signatures(*(carried[name] for name in SIGNATURES)) if card.signatures else None
        self.engine = Engine(card, data, where=where, threads=threads, shares=shares, device=device)

    @classmethod
    def from_bytes(
        cls, data: bytes, *, where: str = "voice", threads: int | None = None, shares: bool = False, device: str = "cpu"
    ) -> Voice:
        """Return the voice in ``data``, a whole voice file.

        Args:
            data: The file.
            where: Its name, for errors.
            threads: Threads a step may use; 2 without it.
            shares: Whether others need the cores between steps, as in a server.
            device: ``cpu`` or ``cuda``.

        Raises:
            VoiceFileError: It is damaged, foreign or hostile.
        """
        return cls(check_voice(data, where), data, where=where, threads=threads, shares=shares, device=device)

    def __repr__(self) -> str:
        sizes = self.card.sizes
        score = self.card.scores.get("test", {}).get("bits_per_character")
        quality = f", {score:.2f} bits per character" if score is not None else ""
        return (
            f"<Voice of {_listed(self.card.names)}: {sizes.layers}×{sizes.hidden} LSTM, {sizes.parameters:,} parameters, "
            f"{self.card.precision}{quality}>"
        )

    def _repr_html_(self) -> str:
        """Return what the voice says of itself as a table, for notebooks."""
        card, sizes = self.card, self.card.sizes
        memory = " with an n-gram memory" if sizes.orders else ""
        facts = {"network": f"{sizes.layers}×{sizes.hidden} LSTM{memory}, {sizes.parameters:,} parameters, {card.precision}"}
        if isinstance(name := card.recipe.get("name"), str):
            facts["recipe"] = name
        if isinstance(learnt := card.provenance.get("training_characters"), int):
            facts["learnt from"] = f"{learnt:,} characters"
        facts["alphabet"] = f"{len(card.alphabet):,} characters"
        if self._behind:
            facts["behind it"] = f"the room, {len(card.names) - 1:,} others known by name"
        for part, score in card.scores.items():
            if "bits_per_character" in score:
                facts[f"{part} score"] = f"{score['bits_per_character']:.3f} bits per character"
        rows = "".join(
            f'<tr><th style="text-align:left">{escape(name)}</th><td style="text-align:left">{escape(fact)}</td></tr>'
            for name, fact in facts.items()
        )
        whose = _listed(card.names[:1] if self._behind else card.names)
        return f"<p>Voice of <b>{escape(whose)}</b></p><table>{rows}</table>"

    @property
    def _behind(self) -> bool:
        """Whether this is one author's voice with the room behind it: its first author is the one it was made for."""
        return len(self.card.authors) > 1 and self.card.provenance.get("author") == self.card.authors[0]

    def generate(
        self,
        prompt: str = "",
        *,
        author: str | None = None,
        prompt_author: str | None = None,
        conversation: Sequence[tuple[str | None, str]] = (),
        max_chars: int | None = None,
        min_chars: int = 0,
        chars: int | None = None,
        stop: str | Sequence[str] = (),
        regex: str | None = None,
        best_of: int | None = None,
        seed: int | None = None,
        echo: bool = True,
        **sampling: Any,
    ) -> str:
        """Return a text: a whole message, or ``chars`` characters.

        Args:
            prompt: What it begins with; any text.
            author: Whose, by id or name; the voice's first author without it. "someone" is anyone whom a room voice doesn't name.
            prompt_author: Whose the prompt is, if it is someone else's sentence that is to be completed.
            conversation: What was said before, oldest first: pairs of an author, as above, and a message. Whoever the voice
                doesn't know is "someone"; a voice of one author takes everything as said by him.
            max_chars: Most characters, the prompt not counted.
            min_chars: Fewest characters before the message may end.
            chars: Write exactly this many characters, on through the ends of messages, which become newlines.
            stop: Strings (or one) that finish the text; it ends before them.
            regex: What the text, without the prompt, must match; needs the extra ``regex``.
            best_of: Write so many texts and return the one that is more like the author than like the room.
            seed: The same seed gives the same text, alone and among any others; a random one without it.
            echo: Whether the text begins with the prompt.
            **sampling: How symbols are picked: the fields of ``talklike.generation.sampling.Sampling``, by the names of Hugging
                Face, llama.cpp or OpenAI too (``talklike.generation.options``); what isn't given is as the voice's card says.

        Raises:
            OptionError: A value makes no sense, or no option is called so.
            AuthorNotFoundError: The voice doesn't know the author.
        """
        return self.generate_many(
            1, prompt, author=author, prompt_author=prompt_author, conversation=conversation, max_chars=max_chars,
            min_chars=min_chars, chars=chars, stop=stop, regex=regex, best_of=best_of, seed=seed, echo=echo, **sampling,
        )[0]  # fmt: skip

    def generate_many(self, count: int, prompt: str = "", *, echo: bool = True, **options: Any) -> list[str]:
        """Return ``count`` texts, written at once in one batch; text i is the same whatever the count.

        Args:
            count: How many.
            prompt: What each begins with.
            echo: Whether the texts begin with it.
            **options: As for ``generate``; of ``best_of`` texts the ``count`` best are returned, the best first.
        """
        request = self.request(prompt, count=count, **options)
        pieces: list[list[str]] = [[prompt] if echo else [] for _ in range(count)]
        for number, piece, _ in self.write(request):
            pieces[number].append(piece)
        return ["".join(piece) for piece in pieces]

    def stream(self, prompt: str = "", *, echo: bool = True, **options: Any) -> Iterator[str]:
        """Yield the text that ``generate`` would return, piece by piece as it is written; the options are the same."""
        request = self.request(prompt, **options)

        def pieces() -> Iterator[str]:
            if echo and prompt:
                yield prompt
            for _, piece, _ in self.write(request):
                yield piece

        return pieces()  # a function of its own, so that a wrong option is reported at the call

    def continuations(self, text: str = "", count: int = 5, *, longest: int = LONGEST, **options: Any) -> list[Continuation]:
        """Return how a text is likeliest to go on, the likeliest first, each with its probability.

        See ``talklike.generation.continuations.continuations`` for what those are.

        Args:
            text: The text so far.
            count: How many.
            longest: Most characters of one.
            **options: ``author``, ``prompt_author`` and ``conversation``, as for ``generate``.
        """
        return continuations(self.engine, self.rules, self.request(text, **options), count, longest=longest)

    def write(self, request: Request) -> Iterator[Piece]:
        """Yield the number of a text, its next piece and, if asked for, its symbols; see ``talklike.generation.write.write``."""
        return write(self.engine, self.rules, request, self.pattern_maker(request))

    def pattern_maker(self, request: Request) -> Callable[[], Pattern] | None:
        """Return what makes the regular expression of each text of a request, if it has one.

        Raises:
            OptionError: It is no regular expression.
        """
        if request.regex is None:
            return None
        self._vocabulary.pattern(request.regex)  # now, rather than when it is first needed
        return partial(self._vocabulary.pattern, request.regex)

    @cached_property
    def rules(self) -> Rules:
        """What holds for all its texts."""
        utf8 = Utf8(len(self.alphabet))
        novelty = None if self._index is None else Novelty(self._index, self.alphabet, utf8)
        return Rules.of(self.alphabet, utf8, ends=self.card.kind == "messages", novelty=novelty)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self.alphabet)

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

    def speaker(self, author: str | None) -> int:
        """Return the input value of whoever said something: 0 for whom a room voice doesn't know; a solo voice knows only one."""
        if len(self.card.authors) == 1:
            return 1
        try:
            return self.author_number(author)
        except AuthorNotFoundError:
            return 0

    def request(
        self,
        prompt: str = "",
        *,
        author: str | None = None,
        prompt_author: str | None = None,
        conversation: Sequence[tuple[str | None, str]] = (),
        count: int = 1,
        max_chars: int | None = None,
        min_chars: int = 0,
        chars: int | None = None,
        stop: str | Sequence[str] = (),
        regex: str | None = None,
        best_of: int | None = None,
        seed: int | None = None,
        logprobs: int | None = None,
        **sampling: Any,
    ) -> Request:
        """Return what ``generate`` would write, as a request; the options are the same.

        Raises:
            OptionError: A value makes no sense, or no option is called so.
            AuthorNotFoundError: The voice doesn't know the author.
        """
        default = MESSAGE_LENGTH if self.card.kind == "messages" else STREAM_LENGTH
        lengths = [length for length in (chars, max_chars) if length is not None]
        return Request(
            prompt=prompt,
            turns=tuple(Turn(self.speaker(who), text) for who, text in conversation),
            author=self.author_number(author),
            prompt_author=None if prompt_author is None else self.author_number(prompt_author),
            count=count,
            best_of=best_of,
            most=min(lengths, default=max(default, min_chars)),
            least=min_chars,
            through=chars is not None,
            stops=(stop,) if isinstance(stop, str) else tuple(stop),
            seed=secrets.randbits(32) if seed is None else seed,
            sampling=self.sampling(sampling),
            regex=regex,
            logprobs=logprobs,
        )

    def sampling(self, options: Mapping[str, Any]) -> Sampling:
        """Return the voice's default sampling with what is asked for instead.

        Args:
            options: Values by any name of ``talklike.generation.options``. Biases may be given by character too.

        Raises:
            OptionError: A name isn't known, a value makes no sense, or the voice lacks what it takes.
        """
        wanted = canonical(options)
        if isinstance(breakers := wanted.get("dry_breakers"), str | list):
            wanted["dry_breakers"] = (breakers,) if isinstance(breakers, str) else tuple(breakers)
        if isinstance(bias := wanted.get("logit_bias"), Mapping):
            wanted["logit_bias"] = tuple(sorted((self._symbol(key), value) for key, value in bias.items()))
        return self._possible(replace(self.default_sampling, **wanted))

    def _possible(self, sampling: Sampling) -> Sampling:
        """Return the sampling, if the voice has what it takes."""
        if sampling.novelty and self.card.novelty_index is None:
            raise OptionError(NO_INDEX)
        return sampling

    def _symbol(self, key: object) -> int:
        """Return the symbol that a key of a bias means: its id, as a number or its digits, or a character of the alphabet."""
        if isinstance(key, int) or (isinstance(key, str) and len(key) > 1 and key.isdecimal()):
            if 0 <= int(key) < len(self.alphabet):
                return int(key)
        elif isinstance(key, str) and len(key) == 1 and len(ids := self.alphabet.encode(key)) == 1:
            return int(ids[0])
        raise OptionError(f"logit-bias: {str(key)[:20]!r} is neither a character of the voice's alphabet nor the id of a symbol")


def _listed(names: Sequence[str]) -> str:
    """Return names in one line: a voice may come from anyone, and a terminal obeys what it is shown."""
    return ", ".join("".join(c if c.isprintable() else "\ufffd" for c in name) for name in names)


def load_voice(path: str | os.PathLike[str], *, threads: int | None = None, device: str = "cpu") -> Voice:
    """Return the voice in a file, or in the folder of a training run.

    Args:
        path: A voice file or a run folder.
        threads: Threads a step may use; 2 without it.
        device: ``cpu``, or ``cuda`` where ONNX Runtime has it. Voices with float32 weights are at home there: an int8
            voice's products have no kernel for it. What is written beside a text may change its last bits there, so its seed's.

    Raises:
        VoiceFileError: It is missing, damaged, foreign or hostile.
        OptionError: ONNX Runtime can't use the device.
    """
    card, data = read_voice(path)
    return Voice(card, data, where=str(path), threads=threads, device=device)
