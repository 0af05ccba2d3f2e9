"""The sampling options in a running chat: set by any of their names, shown with what they are."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from talklike.cli.terminal import visible
from talklike.errors import OptionError
from talklike.generation.options import OPTIONS, SamplerOption, biases, canonical

if TYPE_CHECKING:
    from talklike.generation.voice import Voice

DEFAULT = "default"
"""The value that gives an option back to the voice."""


def option_called(name: str) -> SamplerOption:
    """Return the option of any of its names.

    Raises:
        OptionError: No option is called so.
    """
    (own,) = canonical({name: 0})
    return next(option for option in OPTIONS if option.name == own)


class LiveOptions:
    """The sampling options of a running chat.

    Args:
        voice: What isn't set is as its card says.
        values: What is set at first, by our names.

    Attributes:
        values: What is set, by our names.
    """

    def __init__(self, voice: Voice, values: dict[str, Any]) -> None:
        self._voice = voice
        self.values = dict(values)
        voice.sampling(self.values)  # what makes no sense is told now

    def set(self, name: str, text: str) -> str:
        """Set an option to what was typed, and return how it is now.

        Args:
            name: Any of its names.
            text: A value, several for a list, or ``default``.

        Raises:
            OptionError: No option is called so, or the value makes no sense; then all stays as it was.
        """
        option = option_called(name)
        values = {own: value for own, value in self.values.items() if own != option.name}
        if text != DEFAULT:
            values[option.name] = _value(option, text)
        self._voice.sampling(values)
        self.values = values
        return self.shown(option)

    def shown(self, option: SamplerOption) -> str:
        """Return an option with its value, as a terminal may be shown it."""
        value = getattr(self._voice.sampling(self.values), option.name)
        if option.name == "logit_bias":
            value = [f"{self._voice.alphabet.text_of[symbol] or symbol}={added:g}" for symbol, added in value]
        if isinstance(value, list | tuple):
            value = visible(shlex.join(text.replace("\n", "\\n") for text in value), " ")
        return f"{option.name} {value if value not in (None, '') else 'none'}"

    def table(self) -> str:
        """Return all options with their values and what values they take, those that are set marked with a star."""
        return "\n".join(f"{'*' if o.name in self.values else ' '} {self.shown(o):<26} {o.range}" for o in OPTIONS)


def _value(option: SamplerOption, text: str) -> Any:
    """Return the value that was typed.

    Raises:
        OptionError: It is no such value.
    """
    if option.kind in (list, dict):
        try:
            words = [word.replace("\\n", "\n") for word in shlex.split(text)]
        except ValueError as error:
            raise OptionError(f"{option.name}: a quotation mark is missing") from error
        return words if option.kind is list else biases(words)
    try:
        return option.kind(text)
    except ValueError as error:
        raise OptionError(f"{option.name} is {text[:40]!r}, must be {option.range}") from error
