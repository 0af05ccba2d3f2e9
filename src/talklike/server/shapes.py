"""Texts in the shapes of OpenAI's answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talklike.generation.scored import Scored, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.corpus.alphabet import Alphabet

REASONS = {"end": "stop", "stop": "stop", "length": "length"}


def usage(read: int, written: int) -> dict[str, int]:
    """Return how many symbols were read and written."""
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def completion_logprobs(symbols: Sequence[Scored], alphabet: Alphabet, offset: int) -> dict[str, Any]:
    """Return log-probabilities as ``/v1/completions`` has them.

    Args:
        symbols: The symbols.
        alphabet: The voice's alphabet.
        offset: Where in the text they begin [character].
    """
    begun = bool(symbols) and _goes_on(symbols[0].data)  # with bytes that went before
    offsets, at = [], offset - 1 + begun
    for one in symbols:
        at += not _goes_on(one.data)
        offsets.append(at)
    return {
        "tokens": [one.text for one in symbols],
        "token_logprobs": [one.logprob for one in symbols],
        "top_logprobs": [{shown(alphabet.bytes_of[symbol]): logprob for symbol, logprob in one.top} for one in symbols],
        "text_offset": offsets,
    }


def _goes_on(data: bytes) -> bool:
    """Return whether bytes go on with a character, by UTF-8's mark of such bytes."""
    return data[0] & 0xC0 == 0x80


def chat_logprobs(symbols: Sequence[Scored], alphabet: Alphabet) -> dict[str, Any]:
    """Return log-probabilities as ``/v1/chat/completions`` has them."""
    return {
        "content": [
            {
                "token": one.text,
                "logprob": one.logprob,
                "bytes": list(one.data),
                "top_logprobs": [
                    {"token": shown(data), "logprob": logprob, "bytes": list(data)}
                    for symbol, logprob in one.top
                    for data in (alphabet.bytes_of[symbol],)
                ],
            }
            for one in symbols
        ],
        "refusal": None,
    }
