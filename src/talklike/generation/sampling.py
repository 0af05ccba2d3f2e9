"""What a symbol is picked from, and how boldly: the values of all sampling options, checked together.

``talklike.generation.options`` says what each is called elsewhere; the modules that use them are ``filters`` (top-k to XTC and
the draw), ``penalties`` and ``repeats`` (what has been written before), ``mirostat``, ``novelty``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from talklike.errors import OptionError
from talklike.voice.novelty_index import LENGTH

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

MOST_BIAS = 100.0
"""Largest bias of a symbol, OpenAI's: e^100 bans or forces."""


@dataclass(frozen=True)
class Sampling:
    """What to pick from, and how boldly. All but ``temperature`` and ``min_p`` are off unless asked for.

    Attributes:
        temperature: Divides the logits: below 1 safer, above 1 wilder; 0 takes the most likely symbol.
        temperature_end: What the temperature becomes, in equal steps, over ``temperature_span`` characters.
        temperature_span: Characters over which it does [character]; 0 leaves it as it is.
        top_k: Pick only from the k most likely symbols; 0 from all (Fan et al. 2018).
        top_p: Pick only from the most likely symbols that together have this probability; 1 from all
            (Holtzman et al. 2020).
        min_p: Pick only from symbols at least this share as likely as the most likely one; 0 from all
            (Nguyen et al. 2024).
        typical_p: Pick only from the symbols whose surprise is nearest to what is expected here, until they together have this
            probability; 1 from all (Meister et al. 2023).
        top_n_sigma: Pick only from symbols whose logit is within so many standard deviations of the largest; below 0 from all
            (Tang et al. 2024).
        xtc_probability: How often the most likely symbols are left out, all but the least likely of those with a probability
            of ``xtc_threshold`` or more; 0 is never.
        xtc_threshold: From which probability on a symbol counts as a top choice; above 0.5 there can't be two.
        mirostat: 2 keeps the surprise near ``mirostat_tau`` instead of top-k … XTC; 0 is off (Basu et al. 2021).
        mirostat_tau: The surprise to keep [bit/character].
        mirostat_eta: How fast that is learnt.
        repetition_penalty: Divides the positive logits of symbols among the last ``penalty_last_n``, multiplies the negative
            ones; 1 is off (Keskar et al. 2019).
        presence_penalty: Subtracted from the logits of symbols among the last ``penalty_last_n``.
        frequency_penalty: Subtracted as often as the symbol is among them.
        penalty_last_n: How far back these three look [symbol]; 0 is off, −1 is everything.
        dry_multiplier: How strongly a symbol is penalised that would repeat a run of symbols: multiplier × base^(length of the
            run − allowed length); 0 is off.
        dry_base: How that grows with the length of the run.
        dry_allowed_length: From which length on a run counts [symbol].
        dry_penalty_last_n: How far back runs are looked for [symbol]; 0 is off, −1 is everything.
        dry_breakers: Strings that no run goes on through.
        no_repeat_ngram_size: No run of so many symbols is written twice; 0 is off.
        novelty: The longest run that may be copied from the training text [symbol], 16 or more; 0 is off. It takes a voice
            that carries an index of that text (``talklike.generation.novelty``).
        logit_bias: What to add to the logits of which symbols, −100 to 100.

    Raises:
        OptionError: Values make no sense; all of them are named.
    """

    temperature: float = 0.9
    temperature_end: float | None = None
    temperature_span: int = 0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.02
    typical_p: float = 1.0
    top_n_sigma: float = -1.0
    xtc_probability: float = 0.0
    xtc_threshold: float = 0.1
    mirostat: int = 0
    mirostat_tau: float = 2.0
    mirostat_eta: float = 0.1
    repetition_penalty: float = 1.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    penalty_last_n: int = 64
    dry_multiplier: float = 0.0
    dry_base: float = 1.75
    dry_allowed_length: int = 16
    dry_penalty_last_n: int = -1
    dry_breakers: tuple[str, ...] = ("\n",)
    no_repeat_ngram_size: int = 0
    novelty: int = 0
    logit_bias: tuple[tuple[int, float], ...] = ()

    def __post_init__(self) -> None:
        wrong = []
        for name, (fits, demand) in _DEMANDS.items():
            value = getattr(self, name)
            if not fits(value):
                wrong.append(f"{name.replace('_', '-')} is {_shown(value)}, must be {demand}")
        if wrong:
            raise OptionError("; ".join(wrong))

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Sampling:
        """Return the sampling that a voice's card asks for; names this version doesn't know are passed over."""
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})

    @property
    def looks_back(self) -> bool:
        """Whether what has been written before changes what may come next."""
        penalised = self.repetition_penalty != 1 or self.presence_penalty != 0 or self.frequency_penalty != 0
        return (penalised and self.penalty_last_n != 0) or self.counts_runs

    @property
    def counts_runs(self) -> bool:
        """Whether repeated runs of symbols are looked for."""
        return (self.dry_multiplier > 0 and self.dry_penalty_last_n != 0) or self.no_repeat_ngram_size > 0

    def temperature_at(self, written: int) -> float:
        """Return the temperature after so many characters."""
        if self.temperature_end is None or not self.temperature_span:
            return self.temperature
        share = min(written / self.temperature_span, 1.0)
        return self.temperature + (self.temperature_end - self.temperature) * share


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else text[:37] + "…"


def _number(least: float, most: float, *, above: bool = False) -> Callable[[Any], bool]:
    """Return whether a value is a number in a range; not so NaN."""

    def fits(value: Any) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return (least < value if above else least <= value) and value <= most

    return fits


def _whole(least: int, most: int = 1 << 31) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_strings(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(item, str) and item for item in value)


def _is_bias(value: Any) -> bool:
    bias = _number(-MOST_BIAS, MOST_BIAS)
    return isinstance(value, tuple) and all(_whole(0)(symbol) and bias(added) for symbol, added in value)


_DEMANDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "temperature": (_number(0, 100), "from 0 to 100"),
    "temperature_end": (lambda value: value is None or _number(0, 100)(value), "from 0 to 100"),
    "temperature_span": (_whole(0), "a whole number, 0 (off) or more"),
    "top_k": (_whole(0), "a whole number, 0 (off) or more"),
    "top_p": (_number(0, 1, above=True), "above 0 and at most 1 (off)"),
    "min_p": (_number(0, 1), "from 0 (off) to 1"),
    "typical_p": (_number(0, 1, above=True), "above 0 and at most 1 (off)"),
    "top_n_sigma": (_number(-math.inf, 1000), "0 or more; below 0 is off"),
    "xtc_probability": (_number(0, 1), "from 0 (off) to 1"),
    "xtc_threshold": (_number(0, 1), "from 0 to 1"),
    "mirostat": (lambda value: value in (0, 2) and not isinstance(value, bool), "0 (off) or 2"),
    "mirostat_tau": (_number(0, 100, above=True), "above 0 and at most 100 bits a character"),
    "mirostat_eta": (_number(0, 1, above=True), "above 0 and at most 1"),
    "repetition_penalty": (_number(0, 100, above=True), "above 0 and at most 100; 1 is off"),
    "presence_penalty": (_number(-100, 100), "from -100 to 100; 0 is off"),
    "frequency_penalty": (_number(-100, 100), "from -100 to 100; 0 is off"),
    "penalty_last_n": (_whole(-1), "a whole number, 0 (off) or more, or -1 (everything)"),
    "dry_multiplier": (_number(0, 100), "from 0 (off) to 100"),
    "dry_base": (_number(1, 100), "from 1 to 100"),
    "dry_allowed_length": (_whole(1), "a whole number, 1 or more"),
    "dry_penalty_last_n": (_whole(-1), "a whole number, 0 (off) or more, or -1 (everything)"),
    "dry_breakers": (_is_strings, "strings, none of them empty"),
    "no_repeat_ngram_size": (_whole(0), "a whole number, 0 (off) or more"),
    "novelty": (lambda value: _whole(0, 0)(value) or _whole(LENGTH)(value), f"0 (off) or a whole number from {LENGTH} on"),
    "logit_bias": (_is_bias, "pairs of a symbol and a number from -100 to 100"),
}
