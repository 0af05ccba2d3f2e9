"""Text that pages send: half a surrogate pair, which JSON can spell and UTF-8 can't hold, becomes a question mark.

A browser sends such a half when somebody pastes one, or a program has cut an emoji in two. NiceGUI's parser refuses the whole
message then, so that nothing happens on the page; the command line replaces the half, and so does this.
"""

from __future__ import annotations

import json
import re
from typing import Any

import nicegui.json

_parse = nicegui.json.loads
_MAY_BE_HALF = re.compile(r"\\u[dD][89a-fA-F]")  # browsers spell whole characters out, so nearly nothing else has this


def whole(value: Any) -> Any:
    r"""Return what JSON holds with every text in it fit for UTF-8.

    >>> whole({"author": ["\ud83d!", 7]})
    {'author': ['?!', 7]}
    """
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [whole(one) for one in value]
    if isinstance(value, dict):
        return {whole(key): whole(one) for key, one in value.items()}
    return value


def parsed(value: str) -> Any:
    """Return what a page has sent.

    Raises:
        ValueError: It is no JSON.
    """
    return whole(json.loads(value)) if _MAY_BE_HALF.search(value) else _parse(value)


def listen() -> None:
    """Have everything that pages send parsed so; NiceGUI looks its parser up each time."""
    nicegui.json.loads = parsed
