"""Slack's own markup → the text that people see, from the text of a message or from its blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from talklike.chat.json_values import identifier, listing, mapping, string

if TYPE_CHECKING:
    from collections.abc import Mapping

DEEPEST = 20
"""Blocks inside blocks that are still looked into."""

STAND_IN = frozenset({"This content can't be displayed.", "This message contains interactive elements."})
"""What Slack puts into the text of messages that consist of blocks."""

# What people type between < and > comes as &lt; and &gt;, so all that is left is markup, but in what careless programs post.
_MARKUP = re.compile(r"<([@#!]?)([^<>|\n]{1,4000})(?:\|([^<>]{0,4000}))?>")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}:")
_ID = re.compile(r"[A-Za-z0-9]+")
_MENTION = re.compile(r"here|channel|everyone|group")
_ENTITY = re.compile("&(?:lt|gt|amp);")
_CHARACTERS = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}


def plain(text: str, people: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """Return the text of a message as people see it; emoji stay as they are typed.

    Args:
        text: With Slack's markup and entities.
        people: Names by ids; ids that are not in it stay, unless the message itself says the name.
        channels: The same of channels.

    >>> plain("<@U7AB> see <https://quay.example|the quay> &amp; <#C1X|general> <!here>", {"U7AB": "wren"}, {})
    '@wren see the quay & #general @here'
    """

    def shown(match: re.Match[str]) -> str:
        sign, what, label = match.groups()
        if sign == "!":
            return _command(what, label) or match[0]
        if sign:
            name = (people if sign == "@" else channels).get(what) or label
            return f"{sign}{name or what}" if name or _ID.fullmatch(what) else match[0]
        return label or what.removeprefix("mailto:").removeprefix("tel:") if _ADDRESS.match(what) else match[0]

    if "<" in text:
        text = _MARKUP.sub(shown, text)
    return _ENTITY.sub(lambda match: _CHARACTERS[match[0]], text) if "&" in text else text


def _command(what: str, label: str | None) -> str | None:
    """Return how Slack shows ``<!…>``: mentions of everybody and of groups, dates."""
    if _MENTION.fullmatch(what):
        return f"@{what}"
    if what.startswith("subteam^"):
        return "@" + (label or what.removeprefix("subteam^")).removeprefix("@")
    return label


def blocks_text(blocks: Any, people: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """Return what the blocks of a message say that somebody typed (``rich_text``)."""
    found = (_rich(mapping(block), people, channels, 0) for block in listing(blocks) if mapping(block).get("type") == "rich_text")
    return "\n".join(filter(None, found))


def _rich(element: dict[str, Any], people: Mapping[str, str], channels: Mapping[str, str], depth: int) -> str:
    """Return the text of an element with others inside."""
    if depth > DEEPEST:
        return ""
    kind = element.get("type")
    parts = [mapping(one) for one in listing(element.get("elements"))]
    if kind in ("rich_text", "rich_text_list"):
        lines = [_rich(part, people, channels, depth + 1) for part in parts]
        if kind == "rich_text_list":
            marks = (f"{n}. " for n in range(1, len(lines) + 1)) if element.get("style") == "ordered" else ["• "] * len(lines)
            lines = [mark + line for mark, line in zip(marks, lines, strict=True)]
        return "\n".join(line.removesuffix("\n") for line in lines)
    text = "".join(_leaf(part, people, channels) for part in parts)
    if kind == "rich_text_quote":
        return "\n".join(f"> {line}" for line in text.split("\n"))
    return f"```{text}```" if kind == "rich_text_preformatted" else text


def _leaf(part: dict[str, Any], people: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """Return the text of an element without others inside."""
    kind = part.get("type")
    if kind == "user":
        key = identifier(part.get("user_id")) or ""
        return f"@{people.get(key, key)}"
    if kind == "channel":
        key = identifier(part.get("channel_id")) or ""
        return f"#{channels.get(key, key)}"
    if kind == "emoji":
        return f":{identifier(part.get('name')) or ''}:"
    for name, mark in (("text", ""), ("url", ""), ("fallback", ""), ("range", "@"), ("usergroup_id", "@"), ("value", "")):
        if found := string(part.get(name)):
            code = "`" if kind == "text" and mapping(part.get("style")).get("code") is True else ""
            return f"{code}{mark}{found}{code}"
    return ""
