"""Every sampling option on the command line, under every name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from talklike.generation.options import OPTIONS
from talklike.generation.voice import load_voice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]

VALUES: dict[str, Any] = {
    "temperature": 1.3, "temperature_end": 0.4, "temperature_span": 20, "top_n_sigma": 1.0, "top_k": 3, "typical_p": 0.5,
    "top_p": 0.6, "min_p": 0.2, "xtc_probability": 0.5, "xtc_threshold": 0.05, "mirostat": 2, "mirostat_tau": 1.5,
    "mirostat_eta": 0.3, "dry_multiplier": 2.0, "dry_base": 2.0, "dry_allowed_length": 2, "dry_penalty_last_n": 30,
    "no_repeat_ngram_size": 4, "repetition_penalty": 1.3, "presence_penalty": 0.5, "frequency_penalty": 0.2,
    "penalty_last_n": 10,
}  # fmt: skip


@pytest.mark.parametrize("option", [o for o in OPTIONS if o.name in VALUES], ids=lambda option: option.name)
def test_every_name_of_an_option_reaches_the_voice(talklike: Run, voice_file: Path, option: Any) -> None:
    """The text is that of the library with the same value, whichever name was used."""
    base: dict[str, Any] = {"seed": 4, "chars": 60, "temperature": 1.0, "mirostat": 2 if "mirostat_" in option.name else 0}
    if option.name in ("xtc_threshold", "dry_base", "dry_allowed_length", "dry_penalty_last_n", "penalty_last_n"):
        base |= {"xtc_probability": 0.5, "dry_multiplier": 1.0, "presence_penalty": 1.0}
    wanted = load_voice(voice_file).generate("e", **(base | {option.name: VALUES[option.name]}))
    others = [word for name, value in base.items() if name != option.name for word in (f"--{name.replace('_', '-')}", value)]
    for spelling in option.spellings:
        ran = talklike("generate", voice_file, "e", *others, f"--{spelling.replace('_', '-')}", VALUES[option.name])
        assert (ran.status, ran.out) == (0, wanted + "\n"), ran.err


def test_lists_and_biases(talklike: Run, voice_file: Path) -> None:
    """Breakers may be repeated; a bias names a character or a symbol's number."""
    ran = talklike("generate", voice_file, "--logit-bias", "e=-100", "--logit-bias", "a=3", "--seed", 1, "--chars", 80)
    assert ran.status == 0
    assert "e" not in ran.out
    assert ran.out == load_voice(voice_file).generate(seed=1, chars=80, logit_bias={"e": -100.0, "a": 3.0}) + "\n"
    breakers = ["--dry-multiplier", 1, "--dry-sequence-breaker", "a", "--dry-sequence-breaker", "e", "--seed", 1]
    assert talklike("generate", voice_file, *breakers).status == 0


@pytest.mark.parametrize("bias", ["e", "=3", "e=x", "日本=1", "99999=1"])
def test_biases_that_make_no_sense_are_refused(talklike: Run, voice_file: Path, bias: str) -> None:
    """One line, exit status 2."""
    ran = talklike("generate", voice_file, "--logit-bias", bias)
    assert (ran.status, ran.out) == (2, "")
    assert "logit-bias" in ran.err
