"""Log-probabilities in OpenAI's shapes."""

from __future__ import annotations

from talklike.corpus.alphabet import Alphabet
from talklike.generation.scored import Scored
from talklike.server.shapes import chat_logprobs, completion_logprobs

ALPHABET = Alphabet("ab")
SYMBOLS = [
    Scored(257, "a", b"a", -1.0, ((257, -1.0), (258, -2.0))),
    Scored(0xC3 + 1, "\\xc3", b"\xc3", -3.0),
    Scored(0xA9 + 1, "\\xa9", b"\xa9", -0.5),
    Scored(258, "b", b"b", -2.0, ((257, -0.5),)),
]


def test_completions() -> None:
    """Offsets count characters: the bytes of one stand at the same place."""
    assert completion_logprobs(SYMBOLS, ALPHABET, 10) == {
        "tokens": ["a", "\\xc3", "\\xa9", "b"],
        "token_logprobs": [-1.0, -3.0, -0.5, -2.0],
        "top_logprobs": [{"a": -1.0, "b": -2.0}, {}, {}, {"a": -0.5}],
        "text_offset": [10, 11, 11, 12],
    }


def test_chats() -> None:
    """Each symbol with its bytes and alternatives."""
    first = chat_logprobs(SYMBOLS, ALPHABET)["content"][0]
    assert first == {
        "token": "a", "logprob": -1.0, "bytes": [97],
        "top_logprobs": [{"token": "a", "logprob": -1.0, "bytes": [97]}, {"token": "b", "logprob": -2.0, "bytes": [98]}],
    }  # fmt: skip
