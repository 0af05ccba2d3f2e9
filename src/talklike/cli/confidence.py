"""Colours characters by how likely the voice found them."""

from __future__ import annotations

import math
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talklike.generation.scored import Scored

COLOURS = ((0.5, "32"), (0.2, "33"), (0.05, "35"), (0.0, "31"))
"""From which probability on a character is green, yellow, magenta or red, as a terminal numbers them."""


def shows_colours() -> bool:
    """Return whether standard output is a terminal that colours are welcome on (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def coloured(symbols: Iterable[Scored], *, colours: bool = True) -> str:
    r"""Return the text of symbols, each character in the colour of its probability.

    Args:
        symbols: What was written; of a character in several bytes, the product of their probabilities counts.
        colours: Without them it is the text alone.
    """
    text, data, logprob = [], b"", 0.0
    for one in symbols:
        data, logprob = data + one.data, logprob + one.logprob
        try:
            character = data.decode()
        except UnicodeDecodeError:  # the character goes on
            continue
        colour = next(colour for least, colour in COLOURS if math.exp(logprob) >= least)
        text.append(f"\x1b[{colour}m{character}\x1b[0m" if colours else character)
        data, logprob = b"", 0.0
    return "".join(text)
