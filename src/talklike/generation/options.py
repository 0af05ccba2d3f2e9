"""What every sampling option is called here, by Hugging Face, by llama.cpp and by OpenAI: one entry each, any name will do.

Command line, server and reference are made from ``OPTIONS``; the default of an option is that of its field in ``Sampling``.
Sources: transformers' ``GenerationConfig``; llama.cpp's ``tools/completion`` and ``tools/server``; OpenAI's API reference.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from talklike.errors import OptionError
from talklike.generation.sampling import Sampling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Names = tuple[str, ...]


@dataclass(frozen=True)
class SamplerOption:
    """One sampling option.

    Attributes:
        name: Its field in ``Sampling``.
        effect: What it does, in one sentence.
        range: What values it takes, in words.
        kind: ``float``, ``int``, ``list`` (of strings) or ``dict`` (of numbers).
        huggingface: What ``GenerationConfig`` calls it; nothing where it has none.
        llama: What llama.cpp calls it.
        openai: What OpenAI calls it.
        ours: Other words for it here.
    """

    name: str
    effect: str
    range: str
    kind: type
    huggingface: Names = ()
    llama: Names = ()
    openai: Names = ()
    ours: Names = ()

    @property
    def default(self) -> Any:
        """The value unless asked for, or unless the voice's card asks for another."""
        return next(field.default for field in fields(Sampling) if field.name == self.name)

    @property
    def spellings(self) -> Names:
        """All names, ours first, each once."""
        return tuple(dict.fromkeys((self.name, *self.ours, *self.huggingface, *self.llama, *self.openai)))


def _same(name: str) -> dict[str, Names]:
    return {"huggingface": (name,), "llama": (name,), "openai": (name,)}


OPTIONS: tuple[SamplerOption, ...] = (
    SamplerOption(
        "logit_bias", "What to add to the logits of which characters: 100 forces, -100 bans.", "-100 to 100 each", dict,
        (), ("logit_bias",), ("logit_bias",),
    ),
    SamplerOption(
        "repetition_penalty", "Makes the last penalty-last-n characters less likely, by a factor; 1 is off. Harmful here.",
        "above 0, at most 100", float, ("repetition_penalty",), ("repeat_penalty",),
    ),
    SamplerOption(
        "presence_penalty", "Subtracted from the logits of the last penalty-last-n characters; 0 is off. Harmful here.",
        "-100 to 100", float, (), ("presence_penalty",), ("presence_penalty",),
    ),
    SamplerOption(
        "frequency_penalty", "The same, as often as a character is among them; 0 is off. Harmful here.", "-100 to 100", float,
        (), ("frequency_penalty",), ("frequency_penalty",),
    ),
    SamplerOption(
        "penalty_last_n", "How many characters back the three penalties look; 0 is off, -1 is all.", "-1 or more", int,
        (), ("repeat_last_n",),
    ),
    SamplerOption(
        "dry_multiplier", "How strongly what would repeat a run of characters is penalised; 0 is off.", "0 to 100", float,
        (), ("dry_multiplier",),
    ),
    SamplerOption("dry_base", "How fast that grows with each character more.", "1 to 100", float, (), ("dry_base",)),
    SamplerOption(
        "dry_allowed_length", "From how many characters on a run counts.", "1 or more", int, (), ("dry_allowed_length",)
    ),
    SamplerOption(
        "dry_penalty_last_n", "How many characters back runs are looked for; 0 is off, -1 is all.", "-1 or more", int,
        (), ("dry_penalty_last_n",),
    ),
    SamplerOption(
        "dry_breakers", "Strings that no run goes on through.", "strings", list,
        (), ("dry_sequence_breakers", "dry_sequence_breaker"),
    ),
    SamplerOption(
        "no_repeat_ngram_size", "No run of so many characters is written twice; 0 is off.", "0 or more", int,
        ("no_repeat_ngram_size",),
    ),
    SamplerOption(
        "novelty", "No more than so many characters in a row are copied from the training text; 0 is off. "
        "Takes a voice trained with --novelty-index.", "0, or 16 or more", int, ours=("max_copied",),
    ),
    SamplerOption(
        "top_n_sigma", "Pick only from symbols whose logit is within so many standard deviations of the largest; below 0 is off.",
        "any number", float, (), ("top_n_sigma", "top_nsigma"),
    ),
    SamplerOption("top_k", "Pick only from the k most likely symbols; 0 is off.", "0 or more", int, ("top_k",), ("top_k",)),
    SamplerOption(
        "typical_p", "Pick only from the symbols about as surprising as expected that together are this probable; 1 is off.",
        "above 0, at most 1", float, ("typical_p",), ("typical_p", "typ_p", "typical"),
    ),
    SamplerOption(
        "top_p", "Pick only from the most likely symbols that together are this probable; 1 is off.", "above 0, at most 1", float,
        **_same("top_p"),
    ),
    SamplerOption(
        "min_p", "Pick only from symbols at least this share as likely as the most likely; 0 is off.", "0 to 1", float,
        ("min_p",), ("min_p",),
    ),
    SamplerOption(
        "xtc_probability", "How often the top choices, above xtc-threshold, are left out but for the last; 0 is off.",
        "0 to 1", float, (), ("xtc_probability",),
    ),
    SamplerOption("xtc_threshold", "How likely a top choice is at least.", "0 to 1", float, (), ("xtc_threshold",)),
    SamplerOption(
        "mirostat", "2 keeps the surprise near mirostat-tau instead of top-k to XTC; 0 is off.", "0 or 2", int, (), ("mirostat",)
    ),
    SamplerOption(
        "mirostat_tau", "The surprise to keep, in bits a character; try the voice's own bits per character.",
        "above 0, at most 100", float, (), ("mirostat_tau", "mirostat_ent"),
    ),
    SamplerOption(
        "mirostat_eta", "How fast mirostat follows.", "above 0, at most 1", float, (), ("mirostat_eta", "mirostat_lr")
    ),
    SamplerOption(
        "temperature", "Below 1 safer, above 1 wilder, 0 always the most likely.", "0 to 100", float,
        ("temperature",), ("temperature", "temp"), ("temperature",), ("diversity",),
    ),
    SamplerOption(
        "temperature_end", "What the temperature becomes, bit by bit, over temperature-span characters.", "0 to 100", float
    ),
    SamplerOption("temperature_span", "Characters over which it becomes temperature-end; 0 is off.", "0 or more", int),
)  # fmt: skip
"""In the order in which they act, llama.cpp's."""

_BY_SPELLING = {spelling: option for option in OPTIONS for spelling in option.spellings}


def canonical(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options by our names, whatever the spelling; those that are None aren't asked for and are left out.

    Args:
        options: Values by any name; dashes and underscores are the same.

    Raises:
        OptionError: A name isn't known, or two names of one option have different values.
    """
    found: dict[str, Any] = {}
    for spelling, value in options.items():
        if value is None:
            continue
        option = _BY_SPELLING.get(spelling.replace("-", "_"))
        if option is None:
            near = difflib.get_close_matches(spelling, _BY_SPELLING, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise OptionError(f"no option is called {spelling[:40]!r}{hint}")
        if option.name in found and found[option.name] != value:
            raise OptionError(
                f"{option.name} is given twice, as {found[option.name]!r} and, by the name {spelling}, as {value!r}"
            )
        found[option.name] = value
    return found


def biases(given: Iterable[str]) -> dict[str, float]:
    """Return what to add to logits, by character or symbol, as people write it.

    Args:
        given: ``CHARACTER=NUMBER`` each; the last of several for the same one counts.

    Raises:
        OptionError: One isn't written so.

    >>> biases(["e=-5", "==2"])
    {'e': -5.0, '=': 2.0}
    """
    found = {}
    for one in given:
        key, equals, value = one.rpartition("=")
        try:
            found[key] = float(value)
        except ValueError:
            equals = ""
        if not key or not equals:
            raise OptionError(f"logit-bias is {one[:20]!r}, must be a character and a number, such as e=-5")
    return found
