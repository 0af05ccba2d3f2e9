"""Texts that are held to a regular expression."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

import numpy as np
import pytest

from talklike.corpus.alphabet import END
from talklike.errors import MissingExtraError, OptionError
from talklike.generation.pattern import Vocabulary
from talklike.generation.voice import Voice

MakeVoice = Callable[..., Voice]
pytest.importorskip("llguidance")


@pytest.mark.parametrize(
    "regex", ["[0-9]{3}-[0-9]{4}", "(yes|no), [a-z]{2,8}!", "(ha)+", "[äöü😀]{2}x?", "[^a-z]{4}", "[[:alpha:]]{3} ?"]
)
@pytest.mark.parametrize("alphabet", ["etaoin é", ""])
def test_texts_match(make_voice: MakeVoice, regex: str, alphabet: str) -> None:
    """Random weights at any temperature write only what matches, whole characters and bytes alike."""
    voice = make_voice(alphabet=alphabet)
    found = voice.generate_many(20, "tell me: ", regex=regex, echo=False, seed=1, temperature=3.0, min_p=0.0, max_chars=200)
    python = regex.replace("[[:alpha:]]", r"[^\W\d_]")
    assert [text for text in found if len(text) < 200 and re.fullmatch(python, text) is None] == []
    assert len(set(found)) > 1


def test_a_text_ends_where_nothing_may_follow(make_voice: MakeVoice) -> None:
    """Once the expression is fulfilled, the message ends, of a voice of running text too."""
    for kind in ("messages", "stream"):
        assert make_voice(kind=kind).generate(regex="tea", seed=1, max_chars=50) == "tea"


@pytest.mark.parametrize("regex", ["(", "[z-a]", "a{100000}{100000}", "(?=a)b", "x" * 10_001])
def test_what_is_no_expression_is_refused(make_voice: MakeVoice, regex: str) -> None:
    """The error says so, before anything is written."""
    with pytest.raises(OptionError, match="the regular expression"):
        make_voice().generate(regex=regex, seed=1)


@pytest.mark.parametrize(
    ("regex", "reason"), [("(?=a)", "look-around"), ("(", "unclosed group"), ("[z-a]", "invalid character class range")]
)
def test_it_is_told_what_is_wrong_with_it(make_voice: MakeVoice, regex: str, reason: str) -> None:
    """In one line."""
    with pytest.raises(OptionError, match=reason) as refused:
        make_voice(alphabet="ab").generate(regex=regex)
    assert "\n" not in str(refused.value)


def test_masks_follow_the_text(make_voice: MakeVoice) -> None:
    """After each symbol exactly those are allowed that can still end in a match; END only in a match."""
    alphabet = make_voice(alphabet="ab").alphabet
    pattern = Vocabulary(alphabet).pattern("ab?")
    zeros = np.zeros(len(alphabet), np.float32)
    a, b = 257, 258  # and not the bytes that spell the same, of which the voice has seen none
    assert np.flatnonzero(np.isfinite(pattern.apply(zeros))).tolist() == [a]
    pattern.add(a)
    assert np.flatnonzero(np.isfinite(pattern.apply(zeros))).tolist() == [END, b]
    pattern.add(b)
    assert np.flatnonzero(np.isfinite(pattern.apply(zeros))).tolist() == [END]


def test_forced_characters_are_the_alphabets(make_voice: MakeVoice) -> None:
    """Where only one character may come, it is the voice's symbol for it, of several bytes too."""
    voice = make_voice(alphabet="é😀a")
    request = voice.request(regex="aé😀ü", seed=1, logprobs=0)
    symbols = [one.symbol for _, _, scored in voice.write(request) for one in scored]
    assert symbols == voice.alphabet.encode("aé😀ü").tolist()


def test_without_the_package_it_is_named(make_voice: MakeVoice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who left the extra out is told what to install."""
    monkeypatch.setitem(sys.modules, "llguidance", None)
    with pytest.raises(MissingExtraError, match=r"talklike\[regex\]"):
        make_voice().generate(regex="a", seed=1)
