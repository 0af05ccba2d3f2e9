"""One text being written: what may come, and when it may end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from talklike.corpus.alphabet import END
from talklike.generation.request import Request
from talklike.generation.sampling import Sampling
from talklike.generation.voice import Voice
from talklike.generation.writing import Writing

MakeVoice = Callable[..., Voice]


def writing(voice: Voice, request: Request) -> Writing:
    """Return the text of a request."""
    return Writing(voice.rules, request, 0, request.prompt_symbols(voice.alphabet))


def test_a_message_has_its_least_length(make_voice: MakeVoice) -> None:
    """Before so many characters END isn't picked, after them it is, where nothing else is likely."""
    voice = make_voice(alphabet="ab")
    logits = np.full(259, -50, np.float32)
    logits[[END, 257]] = [50, 0]
    text = writing(voice, Request(least=3, most=9))
    chosen = []
    while not text.text.finished:
        symbol = text.choose(logits)
        chosen.append(symbol)
        text.add(symbol, logits[None], 0)
    assert chosen == [257, 257, 257, END]
    assert text.text.finished == "end"


def test_what_only_lengthens_a_text_is_easy(make_voice: MakeVoice) -> None:
    """Up to where the message may end, then up to the last character; nothing is while a character is begun in bytes."""
    voice = make_voice(alphabet="ab")
    logits = np.zeros((1, 259), np.float32)
    text = writing(voice, Request(least=4, most=9))
    easy = [text.easy]
    for symbol in (257, 257, 258, 257, 257, 1 + 0xC3, 1 + 0xA9, 257):
        text.add(symbol, logits, 0)
        easy.append(text.easy)
    assert easy == [0, 2, 1, 0, 4, 3, 0, 2, 1]
    text.taken.append("b")
    assert text.add(257, logits, 0) == ("ba", ())
    assert (text.symbols, text.text.written, text.text.finished) == (10, 9, "length")


@pytest.mark.parametrize(
    "request_",
    [
        Request(stops=("x",)),
        Request(logprobs=1),
        Request(sampling=Sampling(frequency_penalty=1)),
        Request(sampling=Sampling(temperature_end=1.0, temperature_span=9)),
    ],
    ids=["stops", "logprobs", "penalties", "temperature"],
)
def test_what_must_be_looked_at_is_not(make_voice: MakeVoice, request_: Request) -> None:
    """Where each character may end the text or change what comes next, none is easy."""
    text = writing(make_voice(alphabet="ab"), request_)
    text.add(257, np.zeros((1, 259), np.float32), 0)
    assert text.easy == 0


@pytest.mark.parametrize("prompt", ["", (257, END)])
def test_no_message_is_empty(make_voice: MakeVoice, prompt: str | tuple[int, ...]) -> None:
    """Neither at the start, nor after a prompt that ends a message, is END picked first."""
    voice = make_voice(alphabet="ab")
    logits = np.zeros(259, np.float32)
    logits[END] = 90
    assert writing(voice, Request(prompt)).choose(logits) != END
    assert writing(voice, Request("a", sampling=Sampling(top_k=1))).choose(logits) == END


def test_a_bias_forces_and_bans(make_voice: MakeVoice) -> None:
    """100 makes a symbol certain against any likely one, −100 makes it impossible; of other alphabets it is passed over."""
    voice = make_voice(alphabet="ab")
    logits = np.zeros(259, np.float32)
    logits[258] = 30
    forced = writing(voice, Request(sampling=Sampling(logit_bias=((257, 100.0), (9999, 1.0)))))
    assert {forced.choose(logits) for _ in range(20)} == {257}
    banned = writing(voice, Request(sampling=Sampling(min_p=0, logit_bias=((258, -100.0),))))
    assert 258 not in {banned.choose(logits) for _ in range(50)}


def test_the_prompt_counts_as_written(make_voice: MakeVoice) -> None:
    """What the prompt says may not be said again, where repetition is forbidden."""
    voice = make_voice(alphabet="ab")
    logits = np.full(259, -50, np.float32)
    logits[[257, 258]] = [50, 0]
    sampling = Sampling(no_repeat_ngram_size=3)
    assert writing(voice, Request("aaa", sampling=sampling)).choose(logits) == 258
    assert writing(voice, Request("aa", sampling=sampling)).choose(logits) == 257
