"""Says what the command line says in words that fit a page."""

from __future__ import annotations

import re

_IN_BRACKETS = re.compile(r" \(--[^)]*\)")
_OPTION = re.compile(r"--([a-z]+(?:-[a-z]+)*)")


def plain(sentence: str) -> str:
    """Return a sentence without options of the command line, beginning with a capital and ending with a full stop.

    >>> plain("more time will improve it (--budget).")
    'More time will improve it.'
    >>> plain("name them with --author-column and --text-column")
    'Name them with author column and text column.'
    """
    said = _OPTION.sub(lambda found: found[1].replace("-", " "), _IN_BRACKETS.sub("", sentence.strip()))
    return said[:1].upper() + said[1:] + ("" if said.endswith((".", "?", "!", "…")) else ".")
