"""Holds a text to a regular expression: which symbols may come next, so that the whole text will match.

The expression is compiled by llguidance (Rust's regular expressions, over bytes), which also knows what a symbol of several bytes
does to it; nothing is tried that can't be finished.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.corpus.alphabet import END, FIRST_BYTE
from talklike.errors import MissingExtraError, OptionError

if TYPE_CHECKING:
    from talklike.corpus.alphabet import Alphabet

LONGEST = 10_000
"""Characters of an expression; compiling takes time and memory that grow with it."""


class Vocabulary:
    """An alphabet as llguidance knows it; made once for each voice.

    Args:
        alphabet: The voice's alphabet.

    Raises:
        MissingExtraError: llguidance isn't installed.
    """

    def __init__(self, alphabet: Alphabet) -> None:
        try:
            import llguidance
        except ImportError as error:
            raise MissingExtraError("llguidance", "regex") from error
        self._matcher = llguidance.LLMatcher
        self.size = len(alphabet)
        self.tokenizer = llguidance.LLTokenizer(llguidance.TokenizerWrapper(_Tokens(alphabet)), n_vocab=self.size, slices=[])

    def pattern(self, regex: str) -> Pattern:
        """Return a fresh text's pattern.

        Raises:
            OptionError: It is no regular expression, or too large.
        """
        if len(regex) > LONGEST:
            raise OptionError(f"the regular expression has {len(regex):,} characters, {LONGEST:,} are allowed")
        pattern = Pattern(self._matcher(self.tokenizer, self._matcher.grammar_from_regex(regex), log_level=0), self.size)
        pattern.check()
        return pattern


class Pattern:
    """Where in an expression one text is.

    Args:
        matcher: llguidance's, at the start.
        symbols: V.
    """

    def __init__(self, matcher: Any, symbols: int) -> None:
        self._matcher = matcher
        self._symbols = symbols

    def apply(self, logits: np.ndarray) -> np.ndarray:
        """Return the logits, (V,), −inf for symbols after which nothing could match.

        Raises:
            OptionError: The expression is too complex.
        """
        self.check()
        if self._matcher.is_stopped():  # it matches, and nothing may follow
            result = np.full_like(logits, -np.inf)
            result[END] = logits[END]
            return result
        bits = np.frombuffer(self._matcher.compute_bitmask(), np.uint8)
        self.check()
        allowed = np.unpackbits(bits, bitorder="little")[: self._symbols].astype(bool)
        masked: np.ndarray = np.where(allowed, logits, np.float32(-np.inf))
        return masked

    def check(self) -> None:
        """Do nothing as long as the expression can be used.

        Raises:
            OptionError: It is none, or too complex.
        """
        if self._matcher.is_error():
            raise OptionError(f"the regular expression can't be used: {_reason(self._matcher.get_error())[:200]}")

    def add(self, symbol: int) -> None:
        """Take the next symbol of the text."""
        self._matcher.consume_token(symbol)


def _reason(told: str) -> str:
    """Return the line of llguidance's message that says what is wrong: of a syntax error the last, which doesn't repeat it."""
    lines = told.splitlines()
    return next((line.removeprefix("error: ") for line in lines if line.startswith("error: ")), lines[0])


class _Tokens:
    """What llguidance asks of a tokenizer; the names are its own.

    Bytes that are characters of the alphabet are left to these: the voice has only ever seen those spelt as characters.
    """

    eos_token_id = END
    bos_token_id = None
    special_token_ids = (END,)

    def __init__(self, alphabet: Alphabet) -> None:
        self._alphabet = alphabet
        self.tokens = [b"", *list(alphabet.bytes_of)[1:]]
        for character in alphabet.characters:
            if character < "\x80":
                self.tokens[FIRST_BYTE + ord(character)] = b""

    def __call__(self, text: bytes | str) -> list[int]:
        """Return the symbols of a text; bytes that are no characters one by one."""
        data = text.encode() if isinstance(text, str) else text
        try:
            return [int(symbol) for symbol in self._alphabet.encode(data.decode())]
        except UnicodeDecodeError:
            return [FIRST_BYTE + byte for byte in data]
