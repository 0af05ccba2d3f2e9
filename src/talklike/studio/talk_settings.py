"""How a text is to be written: the controls of the Talk page, and what they ask of a voice."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from talklike.errors import OptionError
from talklike.generation.options import OPTIONS, SamplerOption, biases
from talklike.studio.talk_copies import LEAST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from talklike.generation.request import Request
    from talklike.generation.voice import Voice

LONGEST = 2000
"""Most characters of a text that the page asks for."""

LENGTH = 300
"""The same, unless asked otherwise."""

SHORTEST_COPY, LONGEST_COPY = 8, 100
"""From how many characters on a run may be asked to count as copied: shorter ones everybody shares."""

LARGEST_SEED = (1 << 32) - 1

FURTHER = 20
"""Fewest characters by which a message that has ended goes on: where it ended, the voice would end it again."""

_BY_NAME = {option.name: option for option in OPTIONS}


@dataclass(frozen=True)
class Control:
    """What stands on the page for a sampling option.

    Attributes:
        name: The option.
        low: Lower end of its slider; the field beside it takes what lies beyond.
        high: Upper end.
        step: Between two places.
    """

    name: str
    low: float = 0
    high: float = 1
    step: float = 0.01

    @property
    def option(self) -> SamplerOption:
        """The option, which says what it does."""
        return _BY_NAME[self.name]

    @property
    def label(self) -> str:
        """What it is called on the page."""
        return self.name.replace("_", " ").capitalize()

    @property
    def slides(self) -> bool:
        """Whether it is a number on a scale."""
        return self.option.kind in (float, int) and self.high > self.low

    def parsed(self, value: Any) -> Any:
        """Return what was typed or set as the option takes it; None where nothing was.

        Raises:
            OptionError: It is no such value.
        """
        if value is None or (isinstance(value, str) and not value.strip() and self.option.kind is not list):
            return None
        if self.option.kind is dict:
            return biases(re.findall(r"(?:^|\s)(.=\S+|\S+)", value))  # the character may be a space, or an equals sign
        if self.option.kind is list:
            return tuple(part.replace("\\n", "\n") for part in value.split(" ") if part)
        try:
            number = float(value)
            return _whole(number) if self.option.kind is int else number
        except (ValueError, OverflowError) as error:
            raise OptionError(f"{self.label} is {str(value)[:20]!r}, must be {self.option.range}") from error

    def shown(self, value: Any, voice: Voice) -> Any:
        """Return an option's value as its control shows it; the other way round than ``parsed``."""
        if self.option.kind is dict:
            return " ".join(f"{voice.alphabet.text_of[symbol] or symbol}={added:g}" for symbol, added in value)
        if self.option.kind is list:
            return " ".join(part.replace("\n", "\\n") for part in value)
        return value


@dataclass(frozen=True)
class Group:
    """Controls that belong together.

    Attributes:
        title: What they are for.
        controls: The controls.
    """

    title: str
    controls: tuple[Control, ...]


GROUPS = (
    Group(
        "How bold",
        (Control("temperature", 0, 2, 0.05), Control("min_p", 0, 0.5), Control("top_p", 0.05, 1)),
    ),
    Group(
        "Against going round in circles",
        (
            Control("dry_multiplier", 0, 5, 0.1), Control("dry_allowed_length", 1, 64, 1), Control("dry_base", 1, 4, 0.05),
            Control("dry_penalty_last_n", -1, 1000, 1), Control("dry_breakers"), Control("no_repeat_ngram_size", 0, 64, 1),
        ),
    ),
    Group("Against copying", (Control("novelty", 0, 100, 1),)),
    Group(
        "What to pick from",
        (
            Control("top_k", 0, 100, 1), Control("typical_p", 0.05, 1), Control("top_n_sigma", -1, 5, 0.1),
            Control("xtc_probability"), Control("xtc_threshold", 0, 0.5), Control("logit_bias"),
        ),
    ),
    Group(
        "Even surprise",
        (Control("mirostat", 0, 2, 2), Control("mirostat_tau", 0.1, 6, 0.1), Control("mirostat_eta", 0.01, 1)),
    ),
    Group(
        "A temperature that moves",
        (Control("temperature_end", 0, 2, 0.05), Control("temperature_span", 0, 500, 10)),
    ),
    Group(
        "Penalties of single characters",
        (
            Control("repetition_penalty", 1, 2, 0.05), Control("presence_penalty", -2, 2, 0.1),
            Control("frequency_penalty", -2, 2, 0.1), Control("penalty_last_n", -1, 500, 1),
        ),
    ),
)  # fmt: skip
"""All controls; those of the first group are always shown."""


@dataclass(frozen=True)
class Generation:
    """All that decides a text.

    Attributes:
        prompt: What it begins with.
        author: Whose it is, by id; the voice's first author without it.
        turns: What was said before, oldest first: who, by id, and what.
        sampling: The sampling options that aren't as the voice has them.
        most: Most characters.
        least: Fewest before a message may end.
        stop: A string that ends it, if any.
        seed: Decides every draw.
    """

    prompt: str = ""
    author: str | None = None
    turns: tuple[tuple[str, str], ...] = ()
    sampling: Mapping[str, Any] = field(default_factory=dict)
    most: int = LENGTH
    least: int = 0
    stop: str | None = None
    seed: int = 0

    def options(self) -> dict[str, Any]:
        """Return it as the arguments of ``Voice.generate`` and its kin; what is as it would be without is left out."""
        asked = {"author": self.author, "conversation": list(self.turns), "min_chars": self.least, "stop": self.stop}
        return {
            **{name: value for name, value in asked.items() if value},
            "max_chars": self.most,
            "seed": self.seed,
            **self.sampling,
        }

    def request(self, voice: Voice) -> Request:
        """Return it as a request that tells how likely each character was.

        Raises:
            OptionError: A value makes no sense.
            AuthorNotFoundError: The voice doesn't know the author.
        """
        return voice.request(self.prompt, logprobs=0, **self.options())

    @property
    def described(self) -> str:
        """What decided the text, in one line."""
        sampling = ", ".join(f"{name} {value:g}" if _number(value) else name for name, value in self.sampling.items())
        return ", ".join(part for part in (sampling, f"seed {self.seed}") if part)


def changed(voice: Voice, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that aren't as the voice has them unless asked; checked all together.

    Args:
        voice: The voice.
        values: What the controls hold, by option.

    Raises:
        OptionError: A value makes no sense.
    """
    controls = {control.name: control for group in GROUPS for control in group.controls}
    asked = {name: parsed for name, value in values.items() if (parsed := controls[name].parsed(value)) is not None}
    wanted = voice.sampling(asked)
    return {name: value for name, value in asked.items() if getattr(wanted, name) != getattr(voice.default_sampling, name)}


def seed_of(typed: Any) -> int | None:
    """Return the seed that was typed; None where none was.

    Raises:
        OptionError: It is none.
    """
    return _within(typed, 0, LARGEST_SEED, "the seed", "empty draws a new one each time")


def length_of(typed: Any) -> int:
    """Return the length that was typed [character]; the usual one where none was.

    Raises:
        OptionError: It is none.
    """
    length = _within(typed, 1, LONGEST, "the length", f"empty is {LENGTH}")
    return LENGTH if length is None else length


def least_of(typed: Any) -> int:
    """Return from how many characters on a span counts as copied; the usual number where none was typed.

    Raises:
        OptionError: It is none.
    """
    least = _within(typed, SHORTEST_COPY, LONGEST_COPY, "the length of a copy", f"empty is {LEAST}")
    return LEAST if least is None else least


def _within(typed: Any, low: int, high: int, what: str, hint: str) -> int | None:
    """Return a whole number that was typed; None where none was.

    Raises:
        OptionError: It isn't one, or too small or too large.
    """
    if typed is None or not str(typed).strip():
        return None
    try:
        number = _whole(float(typed))
    except (ValueError, OverflowError):
        number = low - 1
    if not low <= number <= high:
        raise OptionError(f"{what} must be a whole number from {low:,} to {high:,}; {hint}")
    return number


def _whole(number: float) -> int:
    if number != int(number):
        raise ValueError(f"{number} isn't a whole number")
    return int(number)


def _number(value: Any) -> bool:
    return isinstance(value, int | float)
