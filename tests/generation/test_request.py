"""What may be asked for."""

from __future__ import annotations

from typing import Any

import pytest

from talklike.corpus.alphabet import Alphabet
from talklike.errors import OptionError
from talklike.generation.request import Request


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"count": 0}, "count is 0, must be from 1 to 10,000"),
        ({"most": 0}, "number of characters is 0, must be 1 or more"),
        ({"seed": -1}, "seed is -1, must be 0 or more"),
        ({"stops": ("a", "")}, "a stop string is empty"),
        ({"best_of": 1, "count": 2}, "best-of is 1, must be from the count, 2, to 10,000"),
        ({"least": 9, "most": 8}, "the fewest characters are 9, must be from 0 to the most, 8"),
        ({"logprobs": 101}, "the number of alternatives is 101, must be from 0 to 100"),
    ],
)
def test_requests_that_make_no_sense_are_refused(values: dict[str, Any], message: str) -> None:
    """The error says what is wrong and what it must be."""
    with pytest.raises(OptionError, match=message):
        Request(**values)


def test_a_request_may_only_read() -> None:
    """No characters at all are enough where the prompt's probabilities are wanted."""
    assert Request("hi", most=0, prompt_logprobs=True).most == 0


def test_prompts_of_symbols_are_checked() -> None:
    """An id that the alphabet hasn't is an error, not another symbol."""
    assert Request((257, 0, 258)).prompt_symbols(Alphabet("ab")).tolist() == [257, 0, 258]
    for wrong in (-1, 259):
        with pytest.raises(OptionError, match="isn't from 0 to 258"):
            Request((wrong,)).prompt_symbols(Alphabet("ab"))
